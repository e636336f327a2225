// cpu.max of cgroups: a group that has used its quota waits for its next period, and so does all that is below it.
import {
  ENOMEM,
  SCX_SLICE_DFL,
  SCX_TASK_QUEUED,
  atomicAdd,
  atomicCas,
  atomicSub,
  bpf_cgroup_ancestor,
  bpf_cgroup_from_id,
  bpf_ktime_get_ns,
  cgroupStorage,
  each,
  exists,
  scx_bpf_create_dsq,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_move,
  scx_bpf_kick_cpu,
  scx_bpf_pick_idle_cpu,
  scx_bpf_task_cgroup,
  taskStorage,
  timer,
  u32,
  u64,
  s64,
  type bool,
  type s32,
} from 'scxts';
import type { cgroup, scx_cgroup_init_args, task_struct } from 'scxts/vmlinux';

/** Times in ns. */
interface Budget {
  /** For each period; 0 where there is no limit. */
  quota: u64;
  period: u64;
  /** What may be saved up of earlier periods. */
  burst: u64;
  /** Start of the current period. */
  since: u64;
  /** What is left in it; below 0 where more was used. */
  left: s64;
}

/** Where tasks wait whose group has nothing left. */
const BANDWIDTH_QUEUE = 0x6277_0000;
/** How often those that wait are looked at. */
const ROUND_NS = 1_000_000;
/** cpu.max says at most so; the kernel writes all ones for "max". */
const NO_LIMIT = u64(0xffff_ffff_ffff_ffffn);
const NSEC_PER_USEC = 1000;
/** Levels of cgroups that are looked at. */
const DEEPEST = 16;

/** Of a task: its run time when it began to run, and its group, for where the kernel does not tell. */
interface Share {
  from: u64;
  group: u64;
}

const budgets = cgroupStorage<Budget>();
const shares = taskStorage<Share>();
let bandwidth_target: u64 = 0;

/** Gives a group what its periods since have brought. */
function refill(budget: Budget, now: u64): void {
  const since = budget.since;
  if (budget.period === 0 || now - since < budget.period) return;
  const periods = (now - since) / budget.period;
  // One CPU does it.
  if (atomicCas(budget.since, since, since + periods * budget.period) !== since) return;
  const most = s64(budget.quota + budget.burst);
  const gained = periods > 1000 ? most : s64(periods * budget.quota);
  const left = budget.left;
  const filled = left + gained;
  atomicAdd(budget.left, filled > most ? most - left : gained);
}

/** Whether a group, or one above it, has nothing left. */
function exhausted(cgrp: cgroup): bool {
  const now = bpf_ktime_get_ns();
  const levels = u32(cgrp.level);
  for (let level: u32 = 1; level <= levels && level < DEEPEST; level++) {
    using above = bpf_cgroup_ancestor(cgrp, s32Of(level));
    if (!above) continue;
    const budget = budgets.get(above);
    if (!budget || budget.quota === 0) continue;
    refill(budget, now);
    if (budget.left <= 0) return true;
  }
  return false;
}

function s32Of(level: u32): s32 {
  return level & 0xff;
}

/** Takes from a group and all above it. */
function charge(cgrp: cgroup, ns: u64): void {
  const levels = u32(cgrp.level);
  for (let level: u32 = 1; level <= levels && level < DEEPEST; level++) {
    using above = bpf_cgroup_ancestor(cgrp, s32Of(level));
    const budget = above && budgets.get(above);
    if (budget && budget.quota !== 0) atomicSub(budget.left, s64(ns));
  }
}

/** Whether the group that a task was last seen in has nothing left. */
function heldBack(p: task_struct): bool {
  const share = shares.get(p);
  if (!share) return false;
  using cgrp = bpf_cgroup_from_id(share.group);
  return cgrp ? exhausted(cgrp) : false;
}

const round = timer(() => {
  const it = each.scx_dsq(BANDWIDTH_QUEUE);
  for (const p of it) {
    if (heldBack(p)) continue;
    // Asked before the move: after it the task may be gone.
    const cpu = scx_bpf_pick_idle_cpu(p.cpus_ptr, 0);
    if (scx_bpf_dsq_move(it, p, bandwidth_target, 0) && cpu >= 0) scx_bpf_kick_cpu(u32(cpu), 0);
  }
  round.start(ROUND_NS);
});

/** In init(): makes the queue of those that wait, from which they go to `target`, a queue of the scheduler. 0 or -errno. */
export function bandwidthStart(target: u64): s32 {
  bandwidth_target = target;
  const error = scx_bpf_create_dsq(BANDWIDTH_QUEUE, -1);
  if (error) return error;
  return round.start(ROUND_NS);
}

/** In cgroup_set_bandwidth(). */
export function bandwidthSet(cgrp: cgroup, period_us: u64, quota_us: u64, burst_us: u64): void {
  const budget = budgets.create(cgrp);
  if (!budget) return;
  const limited = quota_us !== NO_LIMIT && period_us !== 0;
  const quota: u64 = limited ? quota_us * NSEC_PER_USEC : 0;
  budget.period = period_us * NSEC_PER_USEC;
  budget.burst = limited ? burst_us * NSEC_PER_USEC : 0;
  budget.since = bpf_ktime_get_ns();
  budget.left = s64(quota);
  budget.quota = quota;
}

/** In cgroup_init(): takes over what the group has. 0 or -errno. */
export function bandwidthInit(cgrp: cgroup, args: scx_cgroup_init_args): s32 {
  if (!budgets.create(cgrp)) return -ENOMEM;
  if (exists(args.bw_quota_us))
    bandwidthSet(cgrp, args.bw_period_us, args.bw_quota_us, args.bw_burst_us);
  return 0;
}

/** Whether the group of a task has nothing left: in select_cpu(), before a task is put on a CPU directly. */
export function bandwidthThrottled(p: task_struct): bool {
  using cgrp = scx_bpf_task_cgroup(p);
  return exhausted(cgrp);
}

/** In enqueue(): true if the task was put aside until its group may run again. */
export function bandwidthHold(p: task_struct, enq_flags: u64): bool {
  using cgrp = scx_bpf_task_cgroup(p);
  if (!exhausted(cgrp)) return false;
  const share = shares.create(p);
  if (!share) return false;
  share.group = cgrp.kn.id;
  scx_bpf_dsq_insert(p, BANDWIDTH_QUEUE, SCX_SLICE_DFL, enq_flags);
  return true;
}

/** In running(). */
export function bandwidthRunning(p: task_struct): void {
  const share = shares.create(p);
  if (!share) return;
  using cgrp = scx_bpf_task_cgroup(p);
  share.from = p.se.sum_exec_runtime;
  share.group = cgrp.kn.id;
}

/** In stopping(), and from bandwidthTick(): takes what the task has used since. */
export function bandwidthUsed(p: task_struct): void {
  const share = shares.get(p);
  if (!share) return;
  const used = p.se.sum_exec_runtime - share.from;
  share.from = p.se.sum_exec_runtime;
  using cgrp = scx_bpf_task_cgroup(p);
  charge(cgrp, used);
}

/**
 * In dispatch(), where no other task was found: lets the one that ran go on. The scheduler has SCX_OPS_ENQ_LAST, without which the
 * kernel would let it go on whatever its group has left.
 */
export function bandwidthKeep(prev: task_struct | null): void {
  if (prev && prev.scx.flags & SCX_TASK_QUEUED && !heldBack(prev)) prev.scx.slice = SCX_SLICE_DFL;
}

/** In tick(): ends the slice of a task whose group has nothing left. */
export function bandwidthTick(p: task_struct): void {
  bandwidthUsed(p);
  if (bandwidthThrottled(p)) p.scx.slice = 0;
}
