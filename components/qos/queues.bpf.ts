// Where tasks of each class go and in what order they run.
import {
  atomicCas,
  bpf_cpumask_test_cpu,
  bpf_get_smp_processor_id,
  each,
  range,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_insert_vtime,
  scx_bpf_dsq_move_to_local,
  scx_bpf_dsq_move_vtime,
  scx_bpf_dsq_nr_queued,
  scx_bpf_get_online_cpumask,
  scx_bpf_kick_cpu,
  scx_bpf_now,
  scx_bpf_nr_cpu_ids,
  scx_bpf_pick_idle_cpu,
  scx_bpf_task_cpu,
  scx_bpf_task_set_slice,
  scx_bpf_test_and_clear_cpu_idle,
  time_before,
  u32,
  u64,
  NSEC_PER_MSEC,
  NSEC_PER_SEC,
  PF_KTHREAD,
  SCX_DSQ_LOCAL,
  SCX_DSQ_LOCAL_ON,
  SCX_ENQ_LAST,
  SCX_ENQ_PREEMPT,
  SCX_ENQ_WAKEUP,
  SCX_KICK_IDLE,
  SCX_PICK_IDLE_CORE,
  SCX_TASK_QUEUED,
  type bool,
  s32,
} from 'scxts';
import type { task_struct } from 'scxts/vmlinux';
import { scheduledAs } from './classify.bpf.js';
import {
  HIGH,
  LOW,
  LOW_ANYWHERE,
  NORMAL,
  NR_CLASSES,
  QUEUES,
  class_clocks,
  cpu_classes,
  nr_idle,
  nr_preempting,
  nr_starved,
  pack_cpus,
  qos_tasks,
  served,
  waiting_since,
} from './state.bpf.js';

/** By userspace, at any time. */
let slice_high_ns: u64 = 4 * NSEC_PER_MSEC;
// The normal class has what sched_ext gives everybody (SCX_SLICE_DFL): the high one does not wait for its end.
let slice_normal_ns: u64 = 20 * NSEC_PER_MSEC;
let slice_low_ns: u64 = 40 * NSEC_PER_MSEC;
/** A queue that a CPU took nothing from for so long, though tasks wait there, comes before better ones, once. */
let starve_ns: u64 = 200 * NSEC_PER_MSEC;
/** Each of the tasks that wait runs within so long, or little more, however many they are: the kernel waits for 30 s. */
const TURNOVER = 10 * NSEC_PER_SEC;
/** How many CPUs are in pack_cpus; 0: the low class runs anywhere. */
let nr_pack_cpus: u32 = 0;
/** By userspace: counts changes of pack_cpus. */
let pack_changes: u32 = 0;
let pack_changes_seen: u32 = 0;

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

/** Whether a task of the low class may run on one of the CPUs where they are packed, and that is there. */
function reachesPack(p: task_struct): boolean {
  if (nr_pack_cpus === 0) return true;
  using online = scx_bpf_get_online_cpumask();
  for (const cpu of range(scx_bpf_nr_cpu_ids())) {
    const pack = pack_cpus.get(cpu);
    if (!pack || !pack.value || !bpf_cpumask_test_cpu(u32(cpu), online)) continue;
    if (bpf_cpumask_test_cpu(u32(cpu), p.cpus_ptr)) return true;
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
  let into = cls;
  if (cls === LOW && !reachesPack(p)) into = LOW_ANYWHERE;
  const dsq = u64(QUEUES + into);
  // From now on somebody waits.
  const since = waiting_since.get(into);
  if (since && scx_bpf_dsq_nr_queued(dsq) === 0) since.value = scx_bpf_now();
  scx_bpf_dsq_insert_vtime(p, dsq, slice, vtime, enq_flags);
  const idle = idleCpu(p, into === LOW_ANYWHERE ? NORMAL : cls, cpu);
  if (idle >= 0) scx_bpf_kick_cpu(idle, SCX_KICK_IDLE);
}

function serve(cpu: s32, from: u32): boolean {
  if (!scx_bpf_dsq_move_to_local(u64(QUEUES + from), 0)) return false;
  const mine = served.get(cpu);
  if (mine) mine.at[from] = scx_bpf_now();
  return true;
}

function starved(cpu: s32, from: u32): boolean {
  const nr = scx_bpf_dsq_nr_queued(u64(QUEUES + from));
  const mine = served.get(cpu);
  const since = waiting_since.get(from);
  if (nr <= 0 || !mine || !since) return false;
  const patience = Math.min(starve_ns, TURNOVER / u64(nr));
  return time_before(Math.max(mine.at[from], since.value) + patience, scx_bpf_now());
}

/** Tasks of the low class that wait where they are packed, and may not run there any more, may run elsewhere. */
function repack(): void {
  const now = pack_changes;
  const was = pack_changes_seen;
  if (now === was || atomicCas(pack_changes_seen, was, now) !== was) return;
  const waiting = each.scx_dsq(QUEUES + LOW);
  for (const p of waiting) {
    if (reachesPack(p)) continue;
    const since = waiting_since.get(LOW_ANYWHERE);
    if (since && scx_bpf_dsq_nr_queued(QUEUES + LOW_ANYWHERE) === 0) since.value = scx_bpf_now();
    scx_bpf_dsq_move_vtime(waiting, p, QUEUES + LOW_ANYWHERE, 0);
  }
}

/** What is low waits for CPUs where it is packed, one of them sleeps, and nobody told it: they are others since. */
function wakePack(): void {
  if (scx_bpf_dsq_nr_queued(QUEUES + LOW) <= 0) return;
  for (const cpu of range(scx_bpf_nr_cpu_ids())) {
    if (!isPacked(cpu) || !scx_bpf_test_and_clear_cpu_idle(cpu)) continue;
    scx_bpf_kick_cpu(cpu, SCX_KICK_IDLE);
    return;
  }
}

/** The class of a task that may go on where it ran; one below all classes if it may not. */
function classToKeep(prev: task_struct | null, packed: bool): u32 {
  if (!prev || !(prev.scx.flags & SCX_TASK_QUEUED)) return NR_CLASSES;
  const t = qos_tasks.get(prev);
  const cls = t ? scheduledAs(prev, t) : u32(NORMAL);
  return cls === LOW && !packed ? u32(NR_CLASSES) : cls;
}

/**
 * Gives a CPU its next task: the best class that waits, unless a lower one has waited for long. The task that ran until
 * now is in no queue yet: it goes on if only worse ones wait.
 */
export function next(cpu: s32, prev: task_struct | null): boolean {
  const packed = isPacked(cpu);
  repack();
  if (
    (packed && starved(cpu, LOW) && serve(cpu, LOW)) ||
    (starved(cpu, LOW_ANYWHERE) && serve(cpu, LOW_ANYWHERE)) ||
    (starved(cpu, NORMAL) && serve(cpu, NORMAL))
  ) {
    nr_starved.inc();
    return true;
  }
  if (!packed) wakePack();
  const keep = classToKeep(prev, packed);
  for (const cls of range(NR_CLASSES)) {
    if ((cls < LOW || packed) && serve(cpu, u32(cls))) return true;
    if (prev && keep === cls) {
      scx_bpf_task_set_slice(prev, sliceOf(keep));
      return true;
    }
  }
  return serve(cpu, LOW_ANYWHERE);
}
