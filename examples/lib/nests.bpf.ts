// Two sets of cores: the primary nest of those in use, and the reserve nest of those on probation. What nest.ts and
// nest-energy.ts have in common; nest.ts says how it works.
import {
  config,
  counter,
  array,
  taskStorage,
  timer,
  range,
  kptrXchg,
  atomicAdd,
  atomicSub,
  scx_bpf_dsq_insert,
  scx_bpf_error,
  scx_bpf_get_idle_cpumask,
  scx_bpf_nr_cpu_ids,
  scx_bpf_pick_idle_cpu,
  scx_bpf_task_set_slice,
  scx_bpf_test_and_clear_cpu_idle,
  bpf_cpumask_and,
  bpf_cpumask_clear_cpu,
  bpf_cpumask_create,
  bpf_cpumask_first,
  bpf_cpumask_set_cpu,
  bpf_cpumask_test_and_clear_cpu,
  bpf_cpumask_test_and_set_cpu,
  bpf_cpumask_test_cpu,
  bpf_rcu_read_lock,
  u32,
  u64,
  zeroed,
  ENOENT,
  ENOMEM,
  NR_CPUS,
  NSEC_PER_MSEC,
  NSEC_PER_SEC,
  SCX_DSQ_LOCAL,
  SCX_PICK_IDLE_CORE,
  SCX_TASK_QUEUED,
  TASK_DEAD,
  type FixedArray,
  type Kptr,
  type Timer,
  type bool,
  type s32,
} from 'scxts';
import type { bpf_cpumask, task_struct } from 'scxts/vmlinux';

/** Words of 64 CPUs in the masks that userspace shows. */
const MASK_WORDS = 16;

export const p_remove_ns = config(
  2 * NSEC_PER_MSEC,
  'ns that an idle core stays in the primary nest',
);
export const r_max = config<u32>(5, 'most cores in the reserve nest');
export const r_impatient = config<u32>(
  2,
  'failed placements in a row until a core goes straight to the primary nest; 0: never',
);
export const slice_ns = config(20 * NSEC_PER_MSEC, 'time slice in ns');
export const find_fully_idle = config(
  false,
  'look for a core whose hyperthreads are all idle first',
);
export const sampling_cadence_ns = config(2 * NSEC_PER_SEC, 'ns between two samples of the masks');

export const wakeup_attached = counter('the core the task is attached to was idle and primary');
export const wakeup_prev_primary = counter('the previous core was idle and primary');
export const wakeup_fully_idle_primary = counter('a fully idle primary core');
export const wakeup_any_idle_primary = counter('an idle primary core');
export const wakeup_fully_idle_reserve = counter('a fully idle reserve core');
export const wakeup_any_idle_reserve = counter('an idle reserve core');
export const wakeup_idle_other = counter('any idle core that the task may use');
export const task_impatient = counter('tasks that became impatient');
export const promoted_to_primary = counter('cores taken into the primary nest');
export const promoted_to_reserved = counter('cores taken into the reserve nest');
export const demoted_to_reserved = counter('primary cores moved to the reserve nest');
export const reserved_at_capacity = counter('cores that the full reserve nest did not take');
export const scheduled_compaction = counter('compactions scheduled for an idle primary core');
export const cancelled_compaction = counter('compactions cancelled by a task that woke up');
export const eagerly_compacted = counter('cores that left at once, their task having died');
export const callback_compacted = counter('cores that left when their timer ran out');

export const not_consumed = counter('times the shared queue was empty');

interface TaskCtx {
  /** The cores of a nest that the task may use. */
  usable: Kptr<bpf_cpumask> | null;
  /** Wake-ups in a row without an idle primary core. */
  misses: u32;
  /** The last core that the task ran on twice in a row, or -1. */
  attached: s32;
}
interface Core {
  compact: Timer;
  scheduled: bool;
}
/** Bits of CPUs, as userspace shows them. */
type Mask = FixedArray<u64, 16>;

const tasks = taskStorage<TaskCtx>();
const cores = array<Core>(NR_CPUS);
let primary: Kptr<bpf_cpumask> | null = null;
let reserve: Kptr<bpf_cpumask> | null = null;
let nr_reserved: u32 = 0;

// As of the last sample; userspace shows them.
let primary_mask: Mask = zeroed();
let reserved_mask: Mask = zeroed();
let other_mask: Mask = zeroed();
let idle_mask: Mask = zeroed();

/**
 * A race can take the nest past r_max for a moment; it levels out with the next wake-ups.
 * @noinline
 */
function toReserve(cpu: u32, mask: bpf_cpumask, promoted: bool): void {
  if (nr_reserved >= r_max) {
    if (bpf_cpumask_test_and_clear_cpu(cpu, mask)) atomicSub(nr_reserved, 1);
    reserved_at_capacity.inc();
    return;
  }
  if (!bpf_cpumask_test_and_set_cpu(cpu, mask)) atomicAdd(nr_reserved, 1);
  if (promoted) promoted_to_reserved.inc();
  else demoted_to_reserved.inc();
}

function leavePrimary(cpu: u32, from: bpf_cpumask, to: bpf_cpumask): void {
  bpf_cpumask_clear_cpu(cpu, from);
  toReserve(cpu, to, false);
}

function pickPrimary(c: TaskCtx, usable: bpf_cpumask, prev_cpu: s32): s32 {
  const { attached } = c;
  if (bpf_cpumask_test_cpu(u32(attached), usable) && scx_bpf_test_and_clear_cpu_idle(attached)) {
    wakeup_attached.inc();
    return attached;
  }
  if (
    prev_cpu !== attached &&
    bpf_cpumask_test_cpu(u32(prev_cpu), usable) &&
    scx_bpf_test_and_clear_cpu_idle(prev_cpu)
  ) {
    wakeup_prev_primary.inc();
    return prev_cpu;
  }
  if (find_fully_idle) {
    const cpu = scx_bpf_pick_idle_cpu(usable, SCX_PICK_IDLE_CORE);
    if (cpu >= 0) {
      wakeup_fully_idle_primary.inc();
      return cpu;
    }
  }
  const cpu = scx_bpf_pick_idle_cpu(usable, 0);
  if (cpu >= 0) wakeup_any_idle_primary.inc();
  return cpu;
}

function pickReserve(usable: bpf_cpumask): s32 {
  if (find_fully_idle) {
    const cpu = scx_bpf_pick_idle_cpu(usable, SCX_PICK_IDLE_CORE);
    if (cpu >= 0) {
      wakeup_fully_idle_reserve.inc();
      return cpu;
    }
  }
  const cpu = scx_bpf_pick_idle_cpu(usable, 0);
  if (cpu >= 0) wakeup_any_idle_reserve.inc();
  return cpu;
}

/** Puts the task on a core that is, or now becomes, primary. */
function runOnPrimary(
  p: task_struct,
  c: TaskCtx,
  cpu: s32,
  prev_cpu: s32,
  pm: bpf_cpumask,
  rm: bpf_cpumask,
): void {
  const core = cores.get(cpu);
  if (!core) {
    scx_bpf_error(`no state of CPU ${cpu}`);
    return;
  }
  if (core.scheduled) {
    core.scheduled = false;
    core.compact.cancel();
    cancelled_compaction.inc();
  }
  bpf_cpumask_set_cpu(u32(cpu), pm);
  // No other waking task can be here: this one has taken the core's idle bit.
  if (bpf_cpumask_test_and_clear_cpu(u32(cpu), rm)) atomicSub(nr_reserved, 1);
  if (cpu === prev_cpu) c.attached = cpu;
  scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, slice_ns, 0);
}

const sample = timer(() => {
  using rcu = bpf_rcu_read_lock();
  const pm = primary;
  const rm = reserve;
  if (!pm || !rm) return;
  using idle = scx_bpf_get_idle_cpumask();
  const nr_cpus = scx_bpf_nr_cpu_ids();
  for (const word of range(MASK_WORDS)) {
    let inPrimary: u64 = 0;
    let inReserve: u64 = 0;
    let inNone: u64 = 0;
    let isIdle: u64 = 0;
    for (const bit of range(64)) {
      const cpu = u32(word * 64 + bit);
      if (cpu >= nr_cpus) break;
      const it = u64(1) << bit;
      if (bpf_cpumask_test_cpu(cpu, pm)) inPrimary |= it;
      else if (bpf_cpumask_test_cpu(cpu, rm)) inReserve |= it;
      else inNone |= it;
      if (bpf_cpumask_test_cpu(cpu, idle)) isIdle |= it;
    }
    primary_mask[word] = inPrimary;
    reserved_mask[word] = inReserve;
    other_mask[word] = inNone;
    idle_mask[word] = isIdle;
  }
  sample.start(sampling_cadence_ns);
});

/** Puts a task that wakes up on an idle core of the nests, or of others; the core it is to wait for if none is idle. */
export function placeInNests(p: task_struct, prev_cpu: s32): s32 {
  const c = tasks.get(p);
  if (!c) return -ENOENT;
  using rcu = bpf_rcu_read_lock();
  const usable = c.usable;
  const pm = primary;
  const rm = reserve;
  if (!usable || !pm || !rm) return -ENOENT;

  bpf_cpumask_and(usable, p.cpus_ptr, pm);
  let cpu = pickPrimary(c, usable, prev_cpu);
  if (cpu >= 0) {
    c.misses = 0;
    runOnPrimary(p, c, cpu, prev_cpu, pm, rm);
    return cpu;
  }

  let impatient = false;
  if (r_impatient > 0 && ++c.misses >= r_impatient) {
    impatient = true;
    c.misses = 0;
    task_impatient.inc();
  }

  bpf_cpumask_and(usable, p.cpus_ptr, rm);
  cpu = pickReserve(usable);
  if (cpu < 0) {
    cpu = scx_bpf_pick_idle_cpu(p.cpus_ptr, 0);
    if (cpu < 0) return prev_cpu;
    wakeup_idle_other.inc();
    // The core may have joined a nest since the masks were combined.
    if (bpf_cpumask_test_cpu(u32(cpu), pm)) {
      runOnPrimary(p, c, cpu, prev_cpu, pm, rm);
      return cpu;
    }
    if (!bpf_cpumask_test_cpu(u32(cpu), rm) && !impatient) {
      // On probation. enqueue() queues the task, and this core is the one to take it.
      toReserve(u32(cpu), rm, true);
      return cpu;
    }
  }
  promoted_to_primary.inc();
  runOnPrimary(p, c, cpu, prev_cpu, pm, rm);
  return cpu;
}

/** A core found nothing to do: it goes on with its task, or leaves the primary nest soon, or now. */
export function leaveNestsWhenIdle(cpu: s32, prev: task_struct | null): void {
  using rcu = bpf_rcu_read_lock();
  const pm = primary;
  const rm = reserve;
  if (!pm || !rm) {
    scx_bpf_error('the nests are gone');
    return;
  }
  const inPrimary = bpf_cpumask_test_cpu(u32(cpu), pm);
  if (prev && prev.scx.flags & SCX_TASK_QUEUED) {
    // Nobody else wants to run: the kernel lets it go on.
    scx_bpf_task_set_slice(prev, slice_ns);
    if (inPrimary) return;
  }
  not_consumed.inc();
  if (!inPrimary) return;
  // The first core stays, so that the nest is not empty.
  if (prev && prev.__state === TASK_DEAD && u32(cpu) !== bpf_cpumask_first(pm)) {
    eagerly_compacted.inc();
    leavePrimary(u32(cpu), pm, rm);
    return;
  }
  const core = cores.get(cpu);
  if (!core) {
    scx_bpf_error(`no state of CPU ${cpu}`);
    return;
  }
  core.scheduled = true;
  core.compact.start(p_remove_ns, { pin_cpu: true });
  scheduled_compaction.inc();
}

export function initTaskOfNests(p: task_struct): s32 {
  const c = tasks.create(p);
  if (!c) return -ENOMEM;
  using mask = bpf_cpumask_create();
  if (!mask) return -ENOMEM;
  using old = kptrXchg(c.usable, mask);
  c.attached = -1;
  return 0;
}

export function initNests(): s32 {
  using pm = bpf_cpumask_create();
  if (!pm) return -ENOMEM;
  using rm = bpf_cpumask_create();
  if (!rm) return -ENOMEM;
  using oldPrimary = kptrXchg(primary, pm);
  using oldReserve = kptrXchg(reserve, rm);
  for (const cpu of range(scx_bpf_nr_cpu_ids())) {
    const core = cores.get(cpu);
    if (!core) return -ENOENT;
    const failed = core.compact.init(cores, (index, value) => {
      callback_compacted.inc();
      using rcu = bpf_rcu_read_lock();
      const from = primary;
      const to = reserve;
      if (from && to) leavePrimary(index, from, to);
      value.scheduled = false;
    });
    if (failed) return failed;
  }
  return sample.start(sampling_cadence_ns);
}
