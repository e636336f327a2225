// What `scxts trace` records: which task each CPU switches to and from, and who wakes whom. It listens to the
// kernel's own tracepoints (include/trace/events/sched.h), so that it shows any scheduler, sched_ext or not.
import {
  ringbuf,
  scheduler,
  tp_btf,
  bpf_get_current_pid_tgid,
  bpf_get_smp_processor_id,
  bpf_ktime_get_ns,
  s32,
  u32,
  type CString,
  type u64,
} from 'scxts';
import type { task_struct } from 'scxts/vmlinux';

const SWITCH = 0;
const WAKEUP = 1;
const WAKEUP_NEW = 2;

export interface Event {
  /** CLOCK_MONOTONIC, in ns. */
  time: u64;
  kind: u32;
  /** Where it happened. */
  cpu: u32;
  /** SWITCH: who runs from now on. Otherwise: who is ready to run. */
  pid: s32;
  /** SWITCH: who ran until now. Otherwise: who ran on this CPU when it was woken. */
  other: s32;
  /** SWITCH: task_struct.__state of `other`, 0 if it could go on. Otherwise: the CPU that `pid` was put on. */
  state: u32;
  /** SWITCH: 1 if `other` was preempted. */
  preempted: u32;
  /** Name of `pid`. */
  comm: CString<16>;
}

export const events = ringbuf<Event>(4 * 1024 * 1024);

function woken(p: task_struct, kind: u32): void {
  using e = events.reserve();
  if (!e) return;
  e.time = bpf_ktime_get_ns();
  e.kind = kind;
  e.cpu = bpf_get_smp_processor_id();
  e.pid = p.pid;
  e.other = s32(bpf_get_current_pid_tgid() & 0xffff_ffff);
  e.state = p.thread_info.cpu;
  e.preempted = 0;
  e.comm = p.comm;
  e.submit();
}

export const on_wakeup = tp_btf('sched_wakeup', (p) => {
  woken(p, WAKEUP);
});
export const on_wakeup_new = tp_btf('sched_wakeup_new', (p) => {
  woken(p, WAKEUP_NEW);
});

export const on_switch = tp_btf('sched_switch', (preempt, prev, next) => {
  using e = events.reserve();
  if (!e) return;
  e.time = bpf_ktime_get_ns();
  e.kind = SWITCH;
  e.cpu = bpf_get_smp_processor_id();
  e.pid = next.pid;
  e.other = prev.pid;
  e.state = prev.__state;
  e.preempted = preempt ? u32(1) : u32(0);
  e.comm = next.comm;
  e.submit();
});

// Never attached: a program of scxts is built around a scheduler.
export default scheduler({ name: 'tracer' });
