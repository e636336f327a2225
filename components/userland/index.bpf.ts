// Decisions in user space: tasks that become ready are reported through a ring, wait in a queue of the
// kernel's, and are released from it in the order that user space says. Nothing depends on user space
// for good: once a task has waited for it too long, the kernel serves all tasks first come, first
// served, until user space is heard of again. index.ts is the other half.
import {
  component,
  each,
  range,
  syscall,
  timer,
  bpf_cpumask_test_cpu,
  bpf_ktime_get_ns,
  bpf_rcu_read_lock,
  bpf_task_from_pid,
  scx_bpf_create_dsq,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_move_set_slice,
  scx_bpf_dsq_move_set_vtime,
  scx_bpf_dsq_move_to_local,
  scx_bpf_dsq_move_vtime,
  scx_bpf_dsq_nr_queued,
  scx_bpf_get_idle_cpumask,
  scx_bpf_kick_cpu,
  scx_bpf_nr_cpu_ids,
  scx_bpf_pick_idle_cpu,
  ENOMEM,
  NSEC_PER_MSEC,
  PF_KTHREAD,
  SCX_DSQ_LOCAL,
  SCX_ENQ_PREEMPT,
  SCX_ENQ_WAKEUP,
  SCX_KICK_IDLE,
  SCX_SLICE_DFL,
  s32,
  u32,
  u64,
} from 'scxts';
import type { task_struct } from 'scxts/vmlinux';
import { noteDecided, noteRunning } from './latency.bpf.js';
import {
  decisions,
  nr_decided,
  nr_fallback,
  nr_kernel,
  nr_late,
  nr_reported,
  nr_stalls,
  ready,
  stall_ms,
  tgid,
  turns,
  waiting,
  type Decision,
} from './state.bpf.js';

/** Reported tasks that wait for a decision; those released, in order; and those that never leave the kernel. */
const HELD = 0x554c_0000;
const RELEASED = 0x554c_0001;
const KERNEL = 0x554c_0002;

/** User space does not keep up: tasks are not held for it until it is heard of again. */
let stalled = false;

/** Wakes an idle CPU that may run the task, if there is one. */
function wakeFor(p: task_struct): void {
  using rcu = bpf_rcu_read_lock();
  const cpu = scx_bpf_pick_idle_cpu(p.cpus_ptr, 0);
  if (cpu >= 0) scx_bpf_kick_cpu(cpu, SCX_KICK_IDLE);
}

/** A task is in the queue a moment after it was reported: user space may be as fast as that. */
const TRIES = 16;

function moved(p: task_struct, order: u64, slice: u64): boolean {
  let done = false;
  using rcu = bpf_rcu_read_lock();
  const it = each.scx_dsq(HELD);
  // Not the first task but any that was there when the loop began may be moved.
  for (const first of it) {
    scx_bpf_dsq_move_set_slice(it, slice);
    scx_bpf_dsq_move_set_vtime(it, order);
    done = scx_bpf_dsq_move_vtime(it, p, RELEASED, 0);
    break;
  }
  return done;
}

/** Moves one task from the queue of those that wait to that from which CPUs take. */
function release(d: Decision): void {
  using p = bpf_task_from_pid(d.tid);
  if (!p) {
    nr_late.inc();
    return;
  }
  const w = waiting.get(p);
  const since = w ? w.since : 0;
  for (let tries = 0; tries < TRIES; tries++) {
    if (moved(p, d.order, d.slice ? d.slice : SCX_SLICE_DFL)) {
      nr_decided.inc();
      if (since) noteDecided(since);
      wakeFor(p);
      return;
    }
    if (since === 0) break;
  }
  nr_late.inc();
}

/** Whether the task that has waited longest for user space has waited too long. */
function isStale(): boolean {
  const now = bpf_ktime_get_ns();
  let stale = false;
  using rcu = bpf_rcu_read_lock();
  for (const p of each.scx_dsq(HELD)) {
    const w = waiting.get(p);
    if (w) stale = now - w.since > u64(stall_ms) * NSEC_PER_MSEC;
    break;
  }
  return stale;
}

/** User space has written decisions, or says that it is there: follows them. */
export const decide = syscall((args: { n: u64 }) => {
  decisions.drain((d) => {
    release(d);
  });
  // A task that it forgot is still the kernel's to run.
  if (!isStale()) stalled = false;
  return 0;
});

/** Wakes idle CPUs, as many as there are tasks for. */
function wakeIdle(most: u32): void {
  let left: u32 = most;
  using idle = scx_bpf_get_idle_cpumask();
  for (const cpu of range(scx_bpf_nr_cpu_ids())) {
    if (left === 0) break;
    if (!bpf_cpumask_test_cpu(u32(cpu), idle)) continue;
    scx_bpf_kick_cpu(cpu, SCX_KICK_IDLE);
    left -= 1;
  }
}

/**
 * An idle CPU looks at no queue: someone has to see that tasks wait in vain. That also finds the CPU that went idle
 * just after a task was released.
 */
const watchdog = timer(() => {
  if (isStale()) {
    if (!stalled) nr_stalls.inc();
    stalled = true;
  }
  let queued = scx_bpf_dsq_nr_queued(RELEASED) + scx_bpf_dsq_nr_queued(KERNEL);
  if (stalled) queued += scx_bpf_dsq_nr_queued(HELD);
  if (queued > 0) wakeIdle(u32(queued));
  watchdog.start(u64(stall_ms) * (NSEC_PER_MSEC / 2));
});

/** Into the queue that user space has no part in. */
function keep(p: task_struct, enq_flags: u64): void {
  nr_kernel.inc();
  scx_bpf_dsq_insert(p, KERNEL, SCX_SLICE_DFL, enq_flags);
  wakeFor(p);
}

export const userland = component({
  name: 'userland',
  userspace: 'scxts/components/userland/userspace',

  ops: {
    init() {
      for (const i of range(3)) {
        const failed = scx_bpf_create_dsq(u64(HELD) + u64(i), -1);
        if (failed) return failed;
      }
      return watchdog.start(u64(stall_ms) * (NSEC_PER_MSEC / 2));
    },
    init_task(p) {
      return waiting.create(p) ? 0 : -ENOMEM;
    },
    running(p) {
      const w = waiting.get(p);
      if (!w || w.since === 0) return;
      noteRunning(w.since);
      w.since = 0;
    },
  },

  api: {
    /**
     * Queues a task that is ready. Kernel threads and the threads of the process that decides are not
     * reported: it could come to wait for them.
     */
    enqueue(p, enq_flags: u64): void {
      const w = waiting.get(p);
      if (w) w.since = 0;
      const decides = p.tgid === tgid;
      if (decides || p.flags & PF_KTHREAD) {
        // At once when it wakes up. One that has used up its slice waits for its turn, or its CPU would
        // never do anything else.
        if (enq_flags & SCX_ENQ_WAKEUP) {
          nr_kernel.inc();
          const preempt: u64 = decides ? SCX_ENQ_PREEMPT : 0;
          scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, SCX_SLICE_DFL, enq_flags | preempt);
        } else keep(p, enq_flags);
        return;
      }
      if (stalled || !w) {
        keep(p, enq_flags);
        return;
      }
      const now = bpf_ktime_get_ns();
      w.since = now;
      const failed = ready.output({
        tid: p.pid,
        tgid: p.tgid,
        weight: p.scx.weight,
        cpu: s32(p.wake_cpu),
        ran: p.se.sum_exec_runtime,
        at: now,
      });
      if (failed) {
        w.since = 0;
        keep(p, enq_flags);
        return;
      }
      nr_reported.inc();
      scx_bpf_dsq_insert(p, HELD, SCX_SLICE_DFL, enq_flags);
    },

    /**
     * Gives a CPU the next task: as user space said, or in the kernel's own order while it stalls. Tasks of
     * the kernel's and those of user space take turns, so that neither starves the other.
     */
    dispatch(prev: task_struct | null, cpu: s32): boolean {
      const turn = turns.this();
      turn.kernel_first = !turn.kernel_first;
      if (turn.kernel_first && scx_bpf_dsq_move_to_local(KERNEL, 0)) return true;
      if (scx_bpf_dsq_move_to_local(RELEASED, 0)) return true;
      if (stalled && scx_bpf_dsq_move_to_local(HELD, 0)) {
        nr_fallback.inc();
        return true;
      }
      return !turn.kernel_first && scx_bpf_dsq_move_to_local(KERNEL, 0);
    },
  },
});
