// Where tasks of each class go and in what order they run.
import {
  bpf_cpumask_test_cpu,
  bpf_get_smp_processor_id,
  range,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_insert_vtime,
  scx_bpf_dsq_move_to_local,
  scx_bpf_dsq_nr_queued,
  scx_bpf_kick_cpu,
  scx_bpf_now,
  scx_bpf_nr_cpu_ids,
  scx_bpf_pick_idle_cpu,
  scx_bpf_task_cpu,
  scx_bpf_test_and_clear_cpu_idle,
  time_before,
  u32,
  u64,
  NSEC_PER_MSEC,
  PF_KTHREAD,
  SCX_DSQ_LOCAL,
  SCX_DSQ_LOCAL_ON,
  SCX_ENQ_LAST,
  SCX_ENQ_PREEMPT,
  SCX_ENQ_WAKEUP,
  SCX_KICK_IDLE,
  SCX_PICK_IDLE_CORE,
  s32,
} from 'scxts';
import type { task_struct } from 'scxts/vmlinux';
import {
  HIGH,
  LOW,
  LOW_ANYWHERE,
  NORMAL,
  QUEUES,
  class_clocks,
  cpu_classes,
  nr_idle,
  nr_preempting,
  nr_starved,
  pack_cpus,
} from './state.bpf.js';

/** By userspace, at any time. */
let slice_high_ns: u64 = 4 * NSEC_PER_MSEC;
// The normal class has what sched_ext gives everybody (SCX_SLICE_DFL): the high one does not wait for its end.
let slice_normal_ns: u64 = 20 * NSEC_PER_MSEC;
let slice_low_ns: u64 = 40 * NSEC_PER_MSEC;
/** A class that waited for so long is served before better ones, once. */
let starve_ns: u64 = 200 * NSEC_PER_MSEC;
/** How many CPUs are in pack_cpus; 0: the low class runs anywhere. */
let nr_pack_cpus: u32 = 0;

export function sliceOf(cls: u32): u64 {
  if (cls === HIGH) return slice_high_ns;
  return cls === LOW ? slice_low_ns : slice_normal_ns;
}

/** Whether the low class may use a CPU. */
function isPacked(cpu: s32): boolean {
  if (nr_pack_cpus === 0) return true;
  const pack = pack_cpus.get(cpu);
  return pack !== null && pack.value;
}

/** Reserves an idle CPU for a task of a class; -1 if there is none. */
function idleCpu(p: task_struct, cls: u32, prev_cpu: s32): s32 {
  const allowed = p.cpus_ptr;
  if (cls === LOW && nr_pack_cpus > 0) {
    for (const cpu of range(scx_bpf_nr_cpu_ids())) {
      if (!isPacked(cpu) || !bpf_cpumask_test_cpu(u32(cpu), allowed)) continue;
      if (scx_bpf_test_and_clear_cpu_idle(cpu)) return cpu;
    }
    return -1;
  }
  if (cls === HIGH) {
    // Alone on its core it runs faster.
    const whole = scx_bpf_pick_idle_cpu(allowed, SCX_PICK_IDLE_CORE);
    if (whole >= 0) return whole;
  }
  if (bpf_cpumask_test_cpu(u32(prev_cpu), allowed) && scx_bpf_test_and_clear_cpu_idle(prev_cpu))
    return prev_cpu;
  const cpu = scx_bpf_pick_idle_cpu(allowed, 0);
  return cpu >= 0 ? cpu : -1;
}

/** This CPU if it runs a lower class than `cls`, otherwise the one that runs the lowest; -1 if none is lower. */
function victim(p: task_struct, cls: u32, prev_cpu: s32): s32 {
  let chosen: s32 = -1;
  let lowest: u32 = cls + 1;
  // The CPU that the wake-up happens on switches at once; any other one has to be interrupted first.
  const here = s32(bpf_get_smp_processor_id());
  const local = cpu_classes.get(here);
  if (local && local.value > lowest && bpf_cpumask_test_cpu(u32(here), p.cpus_ptr)) {
    local.value = cls + 1;
    return here;
  }
  for (const cpu of range(scx_bpf_nr_cpu_ids())) {
    const running = cpu_classes.get(cpu);
    if (!running || !bpf_cpumask_test_cpu(u32(cpu), p.cpus_ptr)) continue;
    if (running.value > lowest || (running.value === lowest && cpu === prev_cpu && chosen >= 0)) {
      chosen = cpu;
      lowest = running.value;
    }
  }
  const taken = chosen >= 0 ? cpu_classes.get(chosen) : null;
  // Nobody else takes the same CPU meanwhile; running() says what is true again.
  if (taken) taken.value = cls + 1;
  return chosen;
}

/** A CPU for a task that wakes up, which is put on it if it is idle or can be taken from a lower class. */
export function choose(p: task_struct, cls: u32, prev_cpu: s32): s32 {
  const cpu = idleCpu(p, cls, prev_cpu);
  if (cpu >= 0) {
    nr_idle.inc();
    scx_bpf_dsq_insert(p, u64(SCX_DSQ_LOCAL_ON | u64(cpu)), sliceOf(cls), 0);
    return cpu;
  }
  if (cls !== HIGH) return prev_cpu;
  const from = victim(p, cls, prev_cpu);
  if (from < 0) return prev_cpu;
  nr_preempting.inc();
  scx_bpf_dsq_insert(p, u64(SCX_DSQ_LOCAL_ON | u64(from)), sliceOf(cls), SCX_ENQ_PREEMPT);
  return from;
}

/** Whether a task of the low class may run on one of the CPUs where they are packed. */
function reachesPack(p: task_struct): boolean {
  if (nr_pack_cpus === 0) return true;
  for (const cpu of range(scx_bpf_nr_cpu_ids())) {
    const pack = pack_cpus.get(cpu);
    if (pack && pack.value && bpf_cpumask_test_cpu(u32(cpu), p.cpus_ptr)) return true;
  }
  return false;
}

/** Queues a task that found no CPU when it woke up, or whose slice is over. */
export function queue(p: task_struct, cls: u32, enq_flags: u64): void {
  const slice = sliceOf(cls);
  const cpu = scx_bpf_task_cpu(p);
  const mayStay = cls !== LOW || isPacked(cpu);
  // Of kernel threads that belong to one CPU the others wait for; a task alone on its CPU stays there.
  if ((p.flags & PF_KTHREAD && p.nr_cpus_allowed === 1) || (enq_flags & SCX_ENQ_LAST && mayStay)) {
    scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, slice, enq_flags);
    return;
  }
  if (cls === HIGH && enq_flags & SCX_ENQ_WAKEUP) {
    const from = victim(p, cls, cpu);
    if (from >= 0) {
      nr_preempting.inc();
      const flags = u64(enq_flags | SCX_ENQ_PREEMPT);
      scx_bpf_dsq_insert(p, u64(SCX_DSQ_LOCAL_ON | u64(from)), slice, flags);
      return;
    }
  }
  const clock = class_clocks.get(cls);
  const now = clock ? clock.vtime : 0;
  let vtime = p.scx.dsq_vtime;
  if (time_before(vtime, now - slice)) vtime = now - slice;
  let dsq = u64(QUEUES + cls);
  if (cls === LOW && !reachesPack(p)) dsq = LOW_ANYWHERE;
  // From now on the class waits.
  if (clock && scx_bpf_dsq_nr_queued(dsq) === 0) clock.served_at = scx_bpf_now();
  scx_bpf_dsq_insert_vtime(p, dsq, slice, vtime, enq_flags);
  const idle = idleCpu(p, dsq === LOW_ANYWHERE ? NORMAL : cls, cpu);
  if (idle >= 0) scx_bpf_kick_cpu(idle, SCX_KICK_IDLE);
}

function serve(cls: u32, dsq: u64): boolean {
  if (!scx_bpf_dsq_move_to_local(dsq, 0)) return false;
  const clock = class_clocks.get(cls);
  if (clock) clock.served_at = scx_bpf_now();
  return true;
}

function starved(cls: u32, dsq: u64): boolean {
  const clock = class_clocks.get(cls);
  return (
    clock !== null &&
    time_before(clock.served_at + starve_ns, scx_bpf_now()) &&
    scx_bpf_dsq_nr_queued(dsq) > 0
  );
}

/** Gives a CPU its next task: the best class that waits, unless a lower one has waited for long. */
export function next(cpu: s32): boolean {
  const packed = isPacked(cpu);
  if (packed && starved(LOW, QUEUES + LOW) && serve(LOW, QUEUES + LOW)) {
    nr_starved.inc();
    return true;
  }
  if (starved(LOW, LOW_ANYWHERE) && serve(LOW, LOW_ANYWHERE)) {
    nr_starved.inc();
    return true;
  }
  if (starved(NORMAL, QUEUES + NORMAL) && serve(NORMAL, QUEUES + NORMAL)) {
    nr_starved.inc();
    return true;
  }
  if (serve(HIGH, QUEUES + HIGH) || serve(NORMAL, QUEUES + NORMAL)) return true;
  if (packed && serve(LOW, QUEUES + LOW)) return true;
  return serve(LOW, LOW_ANYWHERE);
}
