// What `scxts trace` records: which task each CPU switches to and from, and who wakes whom, from the kernel's own
// tracepoints (include/trace/events/sched.h), so that it shows any scheduler; and of sched_ext, into which dispatch
// queue a scheduler puts a task, from the functions that it has to call for that.
import {
  fentry,
  ringbuf,
  scheduler,
  tp_btf,
  bpf_get_current_pid_tgid,
  bpf_get_smp_processor_id,
  bpf_ktime_get_ns,
  s32,
  u32,
  u64,
  type CString,
} from 'scxts';
import type { task_struct } from 'scxts/vmlinux';

const SWITCH = 0;
const WAKEUP = 1;
const WAKEUP_NEW = 2;
const INSERT = 3;

export interface Event {
  /** CLOCK_MONOTONIC, in ns. */
  time: u64;
  kind: u32;
  /** Where it happened. */
  cpu: u32;
  /** SWITCH: who runs from now on. WAKEUP: who is ready to run. INSERT: who was put into a queue. */
  pid: s32;
  /** SWITCH: who ran until now. Otherwise: who ran on this CPU when it happened. */
  other: s32;
  /** SWITCH: task_struct.__state of `other`, 0 if it could go on. Otherwise: the CPU that `pid` is on. */
  state: u32;
  /** SWITCH: 1 if `other` was preempted. */
  preempted: u32;
  /** Name of `pid`. */
  comm: CString<16>;
  /** INSERT: the dispatch queue. */
  dsq: u64;
  /** Thread group of `pid`. */
  tgid: s32;
  /** Of 8 bytes. */
  unused: u32;
}

export const events = ringbuf<Event>(4 * 1024 * 1024);

function about(p: task_struct, kind: u32, state: u32, dsq: u64): void {
  using e = events.reserve();
  if (!e) return;
  e.time = bpf_ktime_get_ns();
  e.kind = kind;
  e.cpu = bpf_get_smp_processor_id();
  e.pid = p.pid;
  e.other = s32(bpf_get_current_pid_tgid() & 0xffff_ffff);
  e.state = state;
  e.preempted = 0;
  e.comm = p.comm;
  e.dsq = dsq;
  e.tgid = p.tgid;
  e.unused = 0;
  e.submit();
}

export const on_wakeup = tp_btf('sched_wakeup', (p) => {
  about(p, WAKEUP, p.thread_info.cpu, 0);
});
export const on_wakeup_new = tp_btf('sched_wakeup_new', (p) => {
  about(p, WAKEUP_NEW, p.thread_info.cpu, 0);
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
  e.dsq = 0;
  e.tgid = next.tgid;
  e.unused = 0;
  e.submit();
});

// The functions of all kernels: cli/trace/record.ts leaves out those that the running one lacks. Where an old name
// calls a new one, the same insertion is told twice, which does no harm: the last one before a task runs counts.
function inserted(p: task_struct, dsq: u64): void {
  about(p, INSERT, p.thread_info.cpu, dsq);
}

/** The first member of struct scx_bpf_dsq_insert_vtime_args, kernel/sched/ext.c. */
interface InsertVtimeArgs {
  readonly dsq_id: u64;
}

export const insert_6_12 = fentry('scx_bpf_dispatch', (p: task_struct, dsq: u64) => {
  inserted(p, dsq);
});
export const insert_vtime_6_12 = fentry('scx_bpf_dispatch_vtime', (p: task_struct, dsq: u64) => {
  inserted(p, dsq);
});
export const insert_6_13 = fentry('scx_bpf_dsq_insert', (p: task_struct, dsq: u64) => {
  inserted(p, dsq);
});
export const insert_vtime_6_13 = fentry('scx_bpf_dsq_insert_vtime', (p: task_struct, dsq: u64) => {
  inserted(p, dsq);
});
export const insert_6_19 = fentry('scx_bpf_dsq_insert___v2', (p: task_struct, dsq: u64) => {
  inserted(p, dsq);
});
export const insert_vtime_6_19 = fentry(
  '__scx_bpf_dsq_insert_vtime',
  (p: task_struct, args: InsertVtimeArgs) => {
    inserted(p, args.dsq_id);
  },
);
export const move_6_12 = fentry(
  'scx_bpf_dispatch_from_dsq',
  (_it: u64, p: task_struct, dsq: u64) => {
    inserted(p, dsq);
  },
);
export const move_vtime_6_12 = fentry(
  'scx_bpf_dispatch_vtime_from_dsq',
  (_it: u64, p: task_struct, dsq: u64) => {
    inserted(p, dsq);
  },
);
export const move_6_13 = fentry('scx_bpf_dsq_move', (_it: u64, p: task_struct, dsq: u64) => {
  inserted(p, dsq);
});
export const move_vtime_6_13 = fentry(
  'scx_bpf_dsq_move_vtime',
  (_it: u64, p: task_struct, dsq: u64) => {
    inserted(p, dsq);
  },
);

// Never attached: a program of scxts is built around a scheduler.
export default scheduler({ name: 'tracer' });
