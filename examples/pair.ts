// pair: two CPUs never run tasks of different cgroups at the same time.
//
// The CPUs of a machine are paired, by default each of the first half with one of the second. A pair
// works for one cgroup at a time, for pair_batch_dur_ns; then both CPUs stop, and the pair goes on to
// the next cgroup that has something to run. So hyperthreads of one core, if they are paired, never run
// tasks that do not trust each other: a minimal core scheduler. Behaviour, flags and statistics are
// those of scx_pair, with these differences, each of which closes a way around the pairs:
//
// - The tasks of a cgroup wait in a dispatch queue of the cgroup's own, not in a BPF queue from which
//   they pass through the global one, where CPUs of other pairs could pick them up.
// - A task that wakes up is never put on an idle CPU directly, and the last runnable task of a CPU has to
//   queue again (SCX_OPS_ENQ_LAST), as have tasks that exit or may not migrate.
// - When a real-time task takes a CPU, the task that ran there goes back to its cgroup's queue.
//
// examples/pair-run.ts is the userspace half; docs/schedulers/pair.md says more.
import {
  scheduler,
  config,
  configArray,
  counter,
  array,
  cgroupStorage,
  queue,
  range,
  atomicAdd,
  atomicSub,
  atomicXchg,
  scx_bpf_create_dsq,
  scx_bpf_destroy_dsq,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_move_to_local,
  scx_bpf_dsq_nr_queued,
  scx_bpf_error,
  scx_bpf_kick_cpu,
  scx_bpf_now,
  scx_bpf_pick_idle_cpu,
  scx_bpf_reenqueue_local,
  scx_bpf_select_cpu_dfl,
  scx_bpf_task_cgroup,
  scx_bpf_task_cpu,
  bpf_cgroup_from_id,
  time_before,
  s32,
  u32,
  ENOMEM,
  NR_CPUS,
  NSEC_PER_MSEC,
  SCX_ENQ_LAST,
  SCX_KICK_IDLE,
  SCX_KICK_PREEMPT,
  SCX_OPS_ENQ_EXITING,
  SCX_OPS_ENQ_LAST,
  SCX_OPS_KEEP_BUILTIN_IDLE,
  SCX_SLICE_DFL,
  type SpinLock,
  type bool,
  type u64,
} from 'scxts';
import type { cgroup } from 'scxts/vmlinux';

/** Cgroups that a CPU looks at before it goes idle. */
const MAX_TRIES = 256;

export const pair_batch_dur_ns = config<u64>(
  20 * NSEC_PER_MSEC,
  'ns that a pair stays with a cgroup',
);
/** The partner of each CPU, -1 for none; the pair's number; whether it is the first or the second. */
export const pair_cpu = configArray<s32>(NR_CPUS);
export const pair_id = configArray<u32>(NR_CPUS);
export const in_pair_idx = configArray<u32>(NR_CPUS);

export const nr_total = counter('tasks queued');
export const nr_dispatched = counter('tasks dispatched');
export const nr_kicks = counter('partners kicked');
export const nr_preemptions = counter('CPUs taken by a higher scheduling class');
export const nr_exps = counter('times that a cgroup gave way');
export const nr_exp_waits = counter('times that a CPU waited for its partner');
export const nr_exp_empty = counter('times that no cgroup had anything to run');
export const nr_cgrp_next = counter('cgroups started');
export const nr_cgrp_coll = counter('times that the partner had started one meanwhile');
export const nr_cgrp_empty = counter('times that the current cgroup had nothing to run');

interface Pair {
  lock: SpinLock;
  /** The CPUs that work for the cgroup, as bits. */
  active: u32;
  /** The CPUs that a higher class has taken. */
  preempted: u32;
  /** No new tasks of this cgroup: the pair moves on when both CPUs have stopped. */
  draining: bool;
  cgid: u64;
  started_at: u64;
}
interface Group {
  /** Tasks that are runnable. */
  runnable: u32;
  /** 1 while the cgroup is in the queue of cgroups. */
  listed: u32;
}

const pairs = array<Pair>(NR_CPUS);
const groups = cgroupStorage<Group>();
/** Cgroups that have runnable tasks, each once. */
const turns = queue<u64>(16_384);

function list(cgrp: cgroup, g: Group): void {
  if (atomicXchg(g.listed, 1)) return;
  if (turns.push(cgrp.kn.id)) scx_bpf_error('more cgroups than the queue holds');
}

/** The next cgroup with a task in its queue, or 0. */
function nextGroup(): u64 {
  for (const i of range(MAX_TRIES)) {
    const id = turns.pop();
    if (!id) return 0;
    using cgrp = bpf_cgroup_from_id(id.value);
    if (!cgrp) continue;
    const g = groups.get(cgrp);
    if (!g) continue;
    // In this order: runnable() counts the task before it looks whether the cgroup is listed.
    atomicXchg(g.listed, 0);
    if (g.runnable === 0) continue;
    list(cgrp, g);
    if (scx_bpf_dsq_nr_queued(id.value) > 0) return id.value;
  }
  return 0;
}

function kickPartner(cpu: s32): void {
  const partner = pair_cpu[cpu];
  if (partner < 0) return;
  nr_kicks.inc();
  scx_bpf_kick_cpu(partner, SCX_KICK_PREEMPT);
}

/**
 * One attempt to find a task for the CPU. True: try again.
 * @noinline
 */
function tryDispatch(cpu: s32): boolean {
  const now = scx_bpf_now();
  const pair = pairs.get(pair_id[cpu]);
  if (!pair) return false;
  const me = u32(1) << in_pair_idx[cpu];
  let kick = false;
  let cgid: u64 = 0;
  let wait = false;
  let expired = false;
  let moveOn = false;
  {
    using held = pair.lock.hold();
    pair.active &= ~me;
    expired = time_before(pair.started_at + pair_batch_dur_ns, now);
    if (expired || pair.draining) {
      pair.draining = true;
      // Until the partner has stopped as well, or has been given back.
      wait = (pair.active | pair.preempted) !== 0;
      kick = wait && expired && pair.preempted === 0;
      moveOn = !wait;
    } else {
      cgid = pair.cgid;
      pair.active |= me;
    }
  }
  if (wait || moveOn) nr_exps.inc();
  if (wait) {
    nr_exp_waits.inc();
    if (kick) kickPartner(cpu);
    return false;
  }
  if (moveOn) {
    const next = nextGroup();
    if (!next) {
      nr_exp_empty.inc();
      return false;
    }
    let collision = false;
    {
      using held = pair.lock.hold();
      if (pair.draining && pair.active === 0 && pair.preempted === 0) {
        pair.cgid = next;
        pair.started_at = now;
        pair.draining = false;
        kick = true;
      } else {
        collision = true;
      }
      cgid = pair.cgid;
      if (!pair.draining) pair.active |= me;
      else cgid = 0;
    }
    if (collision) nr_cgrp_coll.inc();
    else nr_cgrp_next.inc();
    if (!cgid) return false;
  }
  if (scx_bpf_dsq_move_to_local(cgid, 0)) {
    nr_dispatched.inc();
    if (kick) kickPartner(cpu);
    return false;
  }
  nr_cgrp_empty.inc();
  // What a cgroup just started with has to offer may be for the partner only.
  const leave = kick && pair_cpu[cpu] >= 0;
  {
    using held = pair.lock.hold();
    pair.active &= ~me;
    if (!leave) pair.draining = true;
  }
  if (leave) kickPartner(cpu);
  return !leave;
}

export default scheduler({
  name: 'pair',
  // The userspace half adds SCX_OPS_ENQ_MIGRATION_DISABLED, which Linux has since 6.16.
  flags: SCX_OPS_ENQ_LAST | SCX_OPS_ENQ_EXITING | SCX_OPS_KEEP_BUILTIN_IDLE,

  select_cpu(p, prev_cpu, wake_flags) {
    // Only which CPU to wake: what it runs is decided in dispatch().
    const { cpu } = scx_bpf_select_cpu_dfl(p, prev_cpu, wake_flags);
    return cpu;
  },

  enqueue(p, enq_flags) {
    nr_total.inc();
    using cgrp = scx_bpf_task_cgroup(p);
    scx_bpf_dsq_insert(p, cgrp.kn.id, SCX_SLICE_DFL, enq_flags);
    if (enq_flags & SCX_ENQ_LAST) {
      // Its CPU would go idle without having seen it.
      scx_bpf_kick_cpu(scx_bpf_task_cpu(p), SCX_KICK_PREEMPT);
      return;
    }
    const cpu = scx_bpf_pick_idle_cpu(p.cpus_ptr, 0);
    if (cpu >= 0) scx_bpf_kick_cpu(cpu, SCX_KICK_IDLE);
  },

  dispatch(cpu, prev) {
    for (const i of range(MAX_TRIES)) if (!tryDispatch(cpu)) break;
  },

  runnable(p, enq_flags) {
    using cgrp = scx_bpf_task_cgroup(p);
    const g = groups.get(cgrp);
    if (!g) return;
    atomicAdd(g.runnable, 1);
    list(cgrp, g);
  },

  quiescent(p, deq_flags) {
    using cgrp = scx_bpf_task_cgroup(p);
    const g = groups.get(cgrp);
    if (g) atomicSub(g.runnable, 1);
  },

  cpu_acquire(cpu, args) {
    const pair = pairs.get(pair_id[cpu]);
    if (!pair) return;
    let kick = false;
    {
      using held = pair.lock.hold();
      pair.preempted &= ~(u32(1) << in_pair_idx[cpu]);
      kick = pair.preempted === 0;
    }
    if (kick) kickPartner(cpu);
  },

  cpu_release(cpu, args) {
    const pair = pairs.get(pair_id[cpu]);
    if (!pair) return;
    const me = u32(1) << in_pair_idx[cpu];
    let kick = false;
    {
      using held = pair.lock.hold();
      pair.preempted |= me;
      pair.active &= ~me;
      pair.draining = true;
      kick = pair.active !== 0;
    }
    // The task of the higher class should not run beside one of the cgroup either. Without SCX_KICK_WAIT, which waits in an
    // interrupt for a switch that a partner with a task of a higher class of its own does not make: a soft lockup.
    if (kick) kickPartner(cpu);
    scx_bpf_reenqueue_local();
    nr_preemptions.inc();
  },

  update_idle(cpu, idle) {
    if (!idle) return;
    const pair = pairs.get(pair_id[cpu]);
    if (!pair) return;
    const me = u32(1) << in_pair_idx[cpu];
    // A CPU that is about to be taken away goes idle without dispatch(): its partner would wait for ever.
    if (!(pair.active & me)) return;
    let kick = false;
    {
      using held = pair.lock.hold();
      pair.active &= ~me;
      kick = pair.draining;
    }
    if (kick) kickPartner(cpu);
  },

  cgroup_init(cgrp, args) {
    if (!groups.create(cgrp)) return -ENOMEM;
    return scx_bpf_create_dsq(cgrp.kn.id, -1);
  },

  cgroup_exit(cgrp) {
    scx_bpf_destroy_dsq(cgrp.kn.id);
  },
});
