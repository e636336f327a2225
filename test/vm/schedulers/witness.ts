// Watches a scheduler from outside: tracepoint programs that know nothing of it. Never attached as a
// scheduler itself; test/vm/examples/guest.mjs reads what it saw.
import {
  scheduler,
  config,
  configArray,
  array,
  lruHash,
  tp_btf,
  atomicAdd,
  bpf_get_smp_processor_id,
  bpf_ktime_get_ns,
  s32,
  u32,
  MAX_RT_PRIO,
  NR_CPUS,
  TASK_RUNNING,
  zeroed,
  type CString,
  type u64,
} from 'scxts';
import type { task_struct } from 'scxts/vmlinux';

/** The CPU that each one shares a core with; -1 for none. */
export const partner = configArray<s32>(NR_CPUS);
export const nr_cpus = config<u32>(1, 'CPUs');

interface Cpu {
  /** The task that runs, 0 if none does, or none of a class that sched_ext schedules. */
  pid: s32;
  pad: u32;
  cgroup: u64;
  since: u64;
  busy_ns: u64;
  /** Since when this CPU and its partner run tasks of different cgroups, 0 if they do not. */
  mixed_since: u64;
  /** Time with both CPUs busy in one cgroup, and in two. */
  same_ns: u64;
  mixed_ns: u64;
  same_since: u64;
}
/** Of nice 0: include/linux/sched/prio.h. */
const DEFAULT_PRIO = 120;
const on = array<Cpu>(NR_CPUS);
const waiting = lruHash<s32, u64>(8192);
let max_wait_ns: u64 = 0;
let max_wait_pid: s32 = 0;
/** Told by BPF: the task may be gone when the number is read. */
let max_wait_comm: CString<16> = zeroed();
let nr_switches: u64 = 0;

function scheduled(p: task_struct): boolean {
  return p.pid !== 0 && p.prio >= MAX_RT_PRIO;
}

function queued(p: task_struct, now: u64): void {
  if (scheduled(p)) waiting.set(p.pid, now);
}

function started(p: task_struct, now: u64): void {
  const since = waiting.get(p.pid);
  if (!since) return;
  const waited = now - since.value;
  waiting.delete(p.pid);
  // One of low weight, khugepaged for one, waits for long under a scheduler that honours weights.
  if (waited <= max_wait_ns || p.static_prio > DEFAULT_PRIO) return;
  max_wait_ns = waited;
  max_wait_pid = p.pid;
  max_wait_comm = p.comm;
}

/** Ends and begins the time for which this CPU and its partner share, or do not share, a cgroup. */
function account(cpu: Cpu, other: Cpu, now: u64): void {
  // The pair's state is kept with one of the two.
  if (cpu.mixed_since) cpu.mixed_ns += now - cpu.mixed_since;
  if (cpu.same_since) cpu.same_ns += now - cpu.same_since;
  cpu.mixed_since = 0;
  cpu.same_since = 0;
  if (!cpu.pid || !other.pid) return;
  if (cpu.cgroup === other.cgroup) cpu.same_since = now;
  else cpu.mixed_since = now;
}

export const on_wakeup = tp_btf('sched_wakeup', (p) => {
  queued(p, bpf_ktime_get_ns());
});
export const on_wakeup_new = tp_btf('sched_wakeup_new', (p) => {
  queued(p, bpf_ktime_get_ns());
});

export const on_switch = tp_btf('sched_switch', (preempt, prev, next) => {
  const now = bpf_ktime_get_ns();
  atomicAdd(nr_switches, 1);
  if (preempt || prev.__state === TASK_RUNNING) queued(prev, now);
  started(next, now);
  const index = bpf_get_smp_processor_id();
  const cpu = on.get(index);
  if (!cpu) return;
  if (cpu.pid) cpu.busy_ns += now - cpu.since;
  cpu.pid = scheduled(next) ? next.pid : 0;
  cpu.cgroup = next.sched_task_group.css.cgroup.kn.id;
  cpu.since = now;
  const pair = partner[index];
  if (pair < 0) return;
  const other = on.get(pair);
  if (!other) return;
  if (pair > s32(index)) account(cpu, other, now);
  else account(other, cpu, now);
});

export default scheduler({ name: 'witness' });
