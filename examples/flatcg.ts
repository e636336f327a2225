// flatcg: weighted CPU shares for cgroups, without walking their tree.
//
// A cgroup's share of the machine is its share among its siblings, times its parent's share among theirs,
// and so on up to the root. With weights in parentheses, and runnable tasks in B, C and D:
//
//   root -+- A (100) -+- B (100)        B: 1/2 of A's 1/3 = 1/6
//         |           '- C (100)        C: the same
//         '- D (200)                    D: 2/3
//
// So instead of choosing level by level, all cgroups compete in one tree ordered by virtual time, each with
// its compounded share, its hweight. Shares count active cgroups only: they are computed anew, when needed,
// after a cgroup became active or idle or its weight changed. A CPU works for one cgroup for a slice, then
// takes the one that is furthest behind. Within a cgroup, tasks are ordered by virtual time weighted by
// nice (or first in, first out: fifo_sched).
//
// Behaviour, flags and statistics are those of scx_flatcg, with five differences. Four are for exact shares: what a cgroup
// does not use of its slice is given back to it, tasks that bypass their cgroup's queue are charged by its share as all
// others are, a change of weight counts at once, and the task that runs stands for its cgroup's queue. And how long a
// task of little weight waits is bounded. examples/flatcg-run.ts is the userspace half; docs/schedulers/flatcg.md says more.
import {
  scheduler,
  config,
  counter,
  alloc,
  cgroupStorage,
  hash,
  kptrXchg,
  percpu,
  range,
  rbTree,
  spinLock,
  taskStorage,
  atomicAdd,
  atomicCas,
  atomicSub,
  atomicXchg,
  zeroed,
  scx_bpf_create_dsq,
  scx_bpf_destroy_dsq,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_insert_vtime,
  scx_bpf_dsq_move_to_local,
  scx_bpf_dsq_nr_queued,
  scx_bpf_error,
  scx_bpf_now,
  scx_bpf_select_cpu_dfl,
  scx_bpf_task_cgroup,
  bpf_cgroup_ancestor,
  bpf_cgroup_from_id,
  bpf_rcu_read_lock,
  time_before,
  time_delta,
  s32,
  s64,
  u32,
  u64,
  BPF_NOEXIST,
  EEXIST,
  ENOENT,
  ENOMEM,
  NSEC_PER_MSEC,
  PF_KTHREAD,
  SCX_DSQ_LOCAL,
  SCX_OPS_ENQ_EXITING,
  SCX_SLICE_DFL,
  SCX_TASK_QUEUED,
  type Kptr,
} from 'scxts';
import type { cgroup, task_struct } from 'scxts/vmlinux';
import { boundedVtime } from './lib/vtime.bpf.js';

const FALLBACK_DSQ = 0;
/** The whole machine as a share. */
const HWEIGHT_ONE = 1 << 16;
const MAX_RETRIES = 1024;
const MAX_DEPTH = 64;

export const nr_cpus = config<u32>(32, 'CPUs; tasks that may use fewer bypass their cgroup');
export const cgrp_slice_ns = config(20 * NSEC_PER_MSEC, 'ns that a CPU works for one cgroup');
export const fifo_sched = config(false, 'first in, first out within a cgroup');

export const act = counter('cgroups that became active');
export const deact = counter('cgroups that became idle');
export const local = counter('tasks put on a CPU directly, charged afterwards');
export const global = counter('tasks of restricted affinity put into the fallback queue');
export const hwt_updates = counter('hweights computed');
export const hwt_cache = counter('hweights that were still right');
export const hwt_skip = counter('hweights of idle cgroups, left as they were');
export const hwt_race = counter('hweights given up: the cgroup became idle meanwhile');
export const enq_skip = counter('cgroups that were in the tree already');
export const enq_race = counter('cgroups on their way into the tree already');
export const cns_keep = counter('tasks taken from the cgroup that the CPU works for');
export const cns_expire = counter('cgroups whose slice was over');
export const cns_empty = counter('cgroups without a task left');
export const cns_gone = counter('cgroups that were removed while a CPU worked for them');
export const pnc_no_cgrp = counter('times that no cgroup was in the tree');
export const pnc_next = counter('cgroups that a CPU started to work for');
export const pnc_empty = counter('cgroups in the tree without a task');
export const pnc_gone = counter('cgroups in the tree that were removed');
export const pnc_race = counter('empty cgroups that got a task meanwhile');
export const pnc_fail = counter('times that no cgroup was found within 1024 tries');

interface Group {
  /** Active children, and 1 if the cgroup itself has runnable tasks. */
  nr_active: u32;
  nr_runnable: u32;
  /** 1 while the cgroup is in the tree, or on its way there. */
  queued: u32;
  weight: u32;
  hweight: u32;
  child_weight_sum: u64;
  /** Generation of the weights that hweight was computed from. */
  hweight_gen: u64;
  /** Virtual time to charge at the next opportunity. */
  cvtime_delta: s64;
  /** Virtual time of its tasks. */
  tvtime_now: u64;
}
/** A cgroup in the tree. */
interface Node {
  cvtime: u64;
  cgid: u64;
}
/** Keeps the node of a cgroup that is not in the tree. */
interface Stash {
  node: Kptr<Node> | null;
}
interface Cpu {
  /** The cgroup that the CPU works for, 0 for none, and since when. */
  cgid: u64;
  at: u64;
  /** The cgroup of the task that runs. */
  running: u64;
}
interface TaskCtx {
  /** What the task had run when it was put on a CPU past its cgroup, 0 if it was not. */
  bypassed_at: u64;
}

const groups = cgroupStorage<Group>();
const stashes = hash<u64, Stash>(16_384);
const tasks = taskStorage<TaskCtx>();
const cpus = percpu<Cpu>();
const tree_lock = spinLock();
const tree = rbTree<Node>((a, b) => a.cvtime < b.cvtime, tree_lock);
let cvtime_now: u64 = 0;
/** Counts changes of the tree of weights. */
let hweight_gen: u64 = 1;

function find(cgrp: cgroup): Group | null {
  const g = groups.get(cgrp);
  if (!g) scx_bpf_error(`no state of cgroup ${cgrp.kn.id}`);
  return g;
}

/** @noinline */
function findAncestor(cgrp: cgroup, level: s32): Group | null {
  using ancestor = bpf_cgroup_ancestor(cgrp, level);
  if (!ancestor) {
    scx_bpf_error(`no ancestor of cgroup ${cgrp.kn.id} at level ${level}`);
    return null;
  }
  return find(ancestor);
}

/**
 * Computes the cgroup's share of the machine, from the root down.
 * @noinline
 */
function refreshHweight(cgrp: cgroup, g: Group): void {
  if (!g.nr_active) {
    hwt_skip.inc();
    return;
  }
  if (g.hweight_gen === hweight_gen) {
    hwt_cache.inc();
    return;
  }
  hwt_updates.inc();
  const depth = cgrp.level;
  for (const level of range(MAX_DEPTH)) {
    if (level > depth) break;
    const at = findAncestor(cgrp, level);
    if (!at) break;
    if (level === 0) {
      at.hweight = HWEIGHT_ONE;
      at.hweight_gen = hweight_gen;
      continue;
    }
    const parent = findAncestor(cgrp, level - 1);
    if (!parent) break;
    let active = false;
    {
      using held = tree_lock.hold();
      active = at.nr_active > 0;
      if (active) {
        at.hweight_gen = parent.hweight_gen;
        const sum = parent.child_weight_sum;
        at.hweight = u32((u64(parent.hweight) * at.weight + sum - 1) / sum);
      }
    }
    if (!active) {
      hwt_race.inc();
      break;
    }
  }
}

/** Applies what was charged meanwhile, and bounds what a cgroup that was idle may claim. */
function cappedCvtime(cvtime: u64, g: Group): u64 {
  const charged = cvtime + u64(atomicXchg(g.cvtime_delta, 0));
  // A cgroup that owns the machine can take half of the CPUs at once while it stays at the front.
  const budget = (cgrp_slice_ns * nr_cpus * g.hweight) / (2 * HWEIGHT_ONE);
  return time_before(charged, cvtime_now - budget) ? cvtime_now - budget : charged;
}

/** The cgroup has a task in its queue: makes sure that it is in the tree. */
function cgroupQueued(cgrp: cgroup, g: Group): void {
  // Paired with the exchange in pickNext().
  if (atomicCas(g.queued, 0, 1)) {
    enq_skip.inc();
    return;
  }
  const stash = stashes.get(cgrp.kn.id);
  if (!stash) {
    scx_bpf_error(`no node of cgroup ${cgrp.kn.id}`);
    return;
  }
  using node = kptrXchg(stash.node, null);
  if (!node) {
    enq_race.inc();
    return;
  }
  node.cvtime = cappedCvtime(node.cvtime, g);
  using held = tree_lock.hold();
  tree.add(node);
}

/** The task runs past its cgroup's queue: stopping() charges the cgroup for it. */
function bypass(p: task_struct, c: TaskCtx): void {
  const ran = p.se.sum_exec_runtime;
  c.bypassed_at = ran ? ran : 1;
}

/** A task of the cgroup became runnable, or stopped being so: updates the sums of active weights. */
function updateActive(cgrp: cgroup, runnable: boolean): void {
  const g = find(cgrp);
  if (!g) return;
  // A cgroup that stays active does not get further than this.
  if (runnable) {
    if (atomicAdd(g.nr_runnable, 1)) return;
    act.inc();
  } else {
    if (atomicSub(g.nr_runnable, 1) !== 1) return;
    deact.inc();
    // What it is charged for its last run counts with the share that it had.
    refreshHweight(cgrp, g);
  }
  let updated = false;
  const depth = cgrp.level;
  for (const up of range(MAX_DEPTH)) {
    const level = depth - s32(up);
    if (level <= 0) break;
    const at = findAncestor(cgrp, level);
    if (!at) break;
    const parent = findAncestor(cgrp, level - 1);
    if (!parent) break;
    let changed = false;
    {
      using held = tree_lock.hold();
      if (runnable) {
        at.nr_active += 1;
        changed = at.nr_active === 1;
        if (changed) parent.child_weight_sum += at.weight;
      } else {
        at.nr_active -= 1;
        changed = at.nr_active === 0;
        if (changed) parent.child_weight_sum -= at.weight;
      }
    }
    if (!changed) break;
    updated = true;
  }
  if (updated) atomicAdd(hweight_gen, 1);
  if (runnable) refreshHweight(cgrp, g);
}

/** Time that a cgroup ran as virtual time of its node. */
function scaled(ns: s64, g: Group): s64 {
  const share = g.hweight ? g.hweight : 1;
  return (ns * HWEIGHT_ONE) / s64(share);
}

/** The virtual time of a cgroup's tasks has come to that of the one that runs. */
function advanceTvtime(p: task_struct, g: Group): void {
  if (time_before(g.tvtime_now, p.scx.dsq_vtime)) g.tvtime_now = p.scx.dsq_vtime;
}

/** The cgroup is charged for what the task ran past its queue. */
function chargeBypass(p: task_struct, c: TaskCtx, g: Group): void {
  const ran = p.se.sum_exec_runtime - c.bypassed_at;
  atomicAdd(g.cvtime_delta, scaled(s64(ran), g));
  c.bypassed_at = 0;
}

/**
 * The running task stands for the queue of its cgroup, in which it is not while dispatch() looks. True: it
 * goes on, which it does where dispatch() moves nothing.
 */
function keepRunning(prev: task_struct | null, cpu: Cpu, cgid: u64, g: Group): boolean {
  if (!prev || cpu.running !== cgid) return false;
  if (!(prev.scx.flags & SCX_TASK_QUEUED) || prev.nr_cpus_allowed < s32(nr_cpus)) return false;
  const c = tasks.get(prev);
  if (c && c.bypassed_at) chargeBypass(prev, c, g);
  // The kernel gives it another slice, and does not call stopping() and running().
  if (!fifo_sched) {
    prev.scx.dsq_vtime += (SCX_SLICE_DFL * 100) / prev.scx.weight;
    advanceTvtime(prev, g);
  }
  return true;
}

/**
 * Takes the first cgroup of the tree. True: that is settled, and cpu.cgid says which one it is (0: none).
 * @noinline
 */
function pickNext(cpu: Cpu, prev: task_struct | null): boolean {
  using node = takeFirst();
  if (!node) {
    pnc_no_cgrp.inc();
    cpu.cgid = 0;
    return true;
  }
  const cgid = node.cgid;
  if (time_before(cvtime_now, node.cvtime)) cvtime_now = node.cvtime;

  using cgrp = bpf_cgroup_from_id(cgid);
  const g = cgrp ? groups.get(cgrp) : null;
  if (!cgrp || !g) {
    // The cgroup was removed while it was in the tree; cgroup_exit() could not take it out.
    pnc_gone.inc();
    return false;
  }
  if (scx_bpf_dsq_move_to_local(cgid, 0) || keepRunning(prev, cpu, cgid, g)) {
    refreshHweight(cgrp, g);
    // A whole slice is charged at once, so that many CPUs do not take the same cgroup; what it does
    // not use is given back in dispatch().
    const share = g.hweight ? g.hweight : 1;
    node.cvtime = cappedCvtime(node.cvtime + (cgrp_slice_ns * HWEIGHT_ONE) / share, g);
    cpu.cgid = cgid;
    pnc_next.inc();
    using held = tree_lock.hold();
    tree.add(node);
    return true;
  }

  pnc_empty.inc();
  const stash = stashes.get(cgid);
  if (!stash) {
    pnc_gone.inc();
    return false;
  }
  // Who queues a task from here on puts the cgroup into the tree; who did before is seen below.
  atomicXchg(g.queued, 0);
  if (scx_bpf_dsq_nr_queued(cgid) > 0) {
    pnc_race.inc();
    atomicXchg(g.queued, 1);
    using held = tree_lock.hold();
    tree.add(node);
    return false;
  }
  using old = kptrXchg(stash.node, node);
  if (old) scx_bpf_error(`two nodes of cgroup ${cgid}`);
  return false;
}

function takeFirst() {
  using held = tree_lock.hold();
  const first = tree.first();
  if (!first) return null;
  return tree.remove(first);
}

/** The CPU's cgroup gives way: it was charged a whole slice, so what is left is given back. */
function settle(cpu: Cpu, now: u64): void {
  using cgrp = bpf_cgroup_from_id(cpu.cgid);
  const g = cgrp ? groups.get(cgrp) : null;
  if (!g) {
    cns_gone.inc();
    return;
  }
  const left = time_delta(cpu.at + cgrp_slice_ns, now);
  atomicSub(g.cvtime_delta, scaled(left, g));
}

export default scheduler({
  name: 'flatcg',
  flags: SCX_OPS_ENQ_EXITING,

  select_cpu(p, prev_cpu, wake_flags) {
    const { cpu, is_idle } = scx_bpf_select_cpu_dfl(p, prev_cpu, wake_flags);
    const c = tasks.get(p);
    if (c && is_idle) {
      bypass(p, c);
      local.inc();
      scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, SCX_SLICE_DFL, 0);
    }
    return cpu;
  },

  enqueue(p, enq_flags) {
    const c = tasks.get(p);
    if (!c) {
      scx_bpf_error(`no state of task ${p.pid}`);
      return;
    }
    // The queue of a cgroup holds only tasks that every CPU can take. The fallback queue comes first in
    // dispatch(), and its tasks are charged to their cgroup.
    if (p.nr_cpus_allowed < s32(nr_cpus)) {
      bypass(p, c);
      if (p.nr_cpus_allowed === 1 && p.flags & PF_KTHREAD) {
        local.inc();
        scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, SCX_SLICE_DFL, enq_flags);
      } else {
        global.inc();
        scx_bpf_dsq_insert(p, FALLBACK_DSQ, SCX_SLICE_DFL, enq_flags);
      }
      return;
    }
    using cgrp = scx_bpf_task_cgroup(p);
    const g = find(cgrp);
    if (!g) return;
    if (fifo_sched) {
      scx_bpf_dsq_insert(p, cgrp.kn.id, SCX_SLICE_DFL, enq_flags);
    } else {
      const vtime = boundedVtime(p.scx.dsq_vtime, g.tvtime_now, SCX_SLICE_DFL);
      scx_bpf_dsq_insert_vtime(p, cgrp.kn.id, SCX_SLICE_DFL, vtime, enq_flags);
    }
    cgroupQueued(cgrp, g);
  },

  dispatch(cpu, prev) {
    const mine = cpus.this();
    const now = scx_bpf_now();
    if (mine.cgid) {
      if (time_before(now, mine.at + cgrp_slice_ns)) {
        if (scx_bpf_dsq_move_to_local(mine.cgid, 0)) {
          cns_keep.inc();
          return;
        }
        cns_empty.inc();
      } else {
        cns_expire.inc();
      }
      settle(mine, now);
    }
    mine.at = now;
    if (scx_bpf_dsq_move_to_local(FALLBACK_DSQ, 0)) {
      mine.cgid = 0;
      return;
    }
    for (const i of range(MAX_RETRIES)) if (pickNext(mine, prev)) return;
    // It lost against enqueue() each time, which is all but impossible.
    mine.cgid = 0;
    pnc_fail.inc();
  },

  runnable(p, enq_flags) {
    using cgrp = scx_bpf_task_cgroup(p);
    updateActive(cgrp, true);
  },

  quiescent(p, deq_flags) {
    using cgrp = scx_bpf_task_cgroup(p);
    updateActive(cgrp, false);
  },

  running(p) {
    using cgrp = scx_bpf_task_cgroup(p);
    cpus.this().running = cgrp.kn.id;
    if (fifo_sched) return;
    const g = find(cgrp);
    // Racy between CPUs; an error is small and passes.
    if (g) advanceTvtime(p, g);
  },

  stopping(p, runnable) {
    if (!fifo_sched) p.scx.dsq_vtime += ((SCX_SLICE_DFL - p.scx.slice) * 100) / p.scx.weight;
    const c = tasks.get(p);
    if (!c || !c.bypassed_at) return;
    using cgrp = scx_bpf_task_cgroup(p);
    const g = find(cgrp);
    if (g) chargeBypass(p, c, g);
  },

  cgroup_set_weight(cgrp, weight) {
    const g = find(cgrp);
    if (!g) return;
    const level = cgrp.level;
    const parent = level > 0 ? findAncestor(cgrp, level - 1) : null;
    {
      using held = tree_lock.hold();
      if (parent && g.nr_active) parent.child_weight_sum += u64(weight) - g.weight;
      g.weight = weight;
    }
    atomicAdd(hweight_gen, 1);
  },

  init_task(p, args) {
    if (!tasks.create(p)) return -ENOMEM;
    using rcu = bpf_rcu_read_lock();
    const g = find(args.cgroup);
    if (!g) return -ENOENT;
    p.scx.dsq_vtime = g.tvtime_now;
    return 0;
  },

  cgroup_init(cgrp, args) {
    const cgid = cgrp.kn.id;
    const g = groups.create(cgrp);
    if (!g) return -ENOMEM;
    g.weight = args.weight;
    g.hweight = HWEIGHT_ONE;
    const failed = stashes.set(cgid, zeroed(), BPF_NOEXIST);
    if (failed) return failed;
    const stash = stashes.get(cgid);
    if (!stash) return -ENOENT;
    using node = alloc<Node>();
    if (!node) {
      stashes.delete(cgid);
      return -ENOMEM;
    }
    node.cgid = cgid;
    node.cvtime = cvtime_now;
    using old = kptrXchg(stash.node, node);
    if (old) return -EEXIST;
    const err = scx_bpf_create_dsq(cgid, -1);
    if (err) stashes.delete(cgid);
    return err;
  },

  cgroup_exit(cgrp) {
    // A node that is in the tree cannot be found from here: dispatch() drops it when its turn comes.
    stashes.delete(cgrp.kn.id);
    scx_bpf_destroy_dsq(cgrp.kn.id);
  },

  cgroup_move(p, from, to) {
    const a = find(from);
    const b = find(to);
    if (!a || !b) return;
    p.scx.dsq_vtime = b.tvtime_now + u64(time_delta(p.scx.dsq_vtime, a.tvtime_now));
  },

  init() {
    return scx_bpf_create_dsq(FALLBACK_DSQ, -1);
  },
});
