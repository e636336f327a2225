// The half of the load balancer that runs in the kernel. It keeps the load of tasks and of scheduling
// domains (CPUs that share a last-level cache), a queue and a virtual clock for each domain, and moves
// tasks where the half in user space (index.ts) orders.
import {
  atomicAdd,
  component,
  time_before,
  ENOMEM,
  PF_KTHREAD,
  type s32,
  u32,
  type u64,
} from 'scxts';
import type { task_struct } from 'scxts/vmlinux';
import { chooseCpu, dispatchTo, makeSpare, wakeFor, type Chosen } from './cpus.bpf.js';
import {
  followOrder,
  makeDomains,
  mayRunIn,
  moveTo,
  noteAffinity,
  queueOf,
} from './domains.bpf.js';
import { forget, reclassify, setRunnable } from './load.bpf.js';
import {
  IN_USE,
  KERNEL_THREAD,
  NO_SLOT,
  clocks,
  free_slots,
  nr_untracked,
  state,
  tasks,
} from './state.bpf.js';

/** Records that were never used begin here; user space reads up to it. */
let slots_used: u64 = 0;

function takeSlot(): u32 {
  const freed = free_slots.pop();
  if (freed) return freed.value;
  if (!tasks.get(u32(slots_used))) return NO_SLOT;
  const slot = u32(atomicAdd(slots_used, 1));
  return tasks.get(slot) ? slot : NO_SLOT;
}

export const loadBalancer = component({
  name: 'load_balancer',
  userspace: 'scxts/components/load_balancer/userspace',

  ops: {
    init() {
      const failed = makeDomains();
      return failed ? failed : makeSpare();
    },

    init_task(p) {
      const s = state.create(p);
      if (!s) return -ENOMEM;
      s.slot = takeSlot();
      s.weight = 100;
      s.domain = noteAffinity(p, s.slot);
      const r = tasks.get(s.slot);
      if (!r) {
        nr_untracked.inc();
        return 0;
      }
      r.generation += 1;
      r.order = 0;
      r.at = 0;
      r.duty = 0;
      r.runnable = 0;
      r.weight = s.weight;
      r.domain = s.domain;
      r.tid = u32(p.pid);
      r.flags |= IN_USE | (p.flags & PF_KTHREAD ? KERNEL_THREAD : 0);
      return 0;
    },

    exit_task(p) {
      const s = state.get(p);
      if (!s) return;
      forget(s);
      if (s.slot !== NO_SLOT) free_slots.push(s.slot);
    },

    runnable(p) {
      const s = state.get(p);
      if (s) setRunnable(s, true);
    },

    quiescent(p) {
      const s = state.get(p);
      if (s) setRunnable(s, false);
    },

    running(p) {
      const s = state.get(p);
      const c = s ? clocks.get(s.domain) : null;
      if (c && time_before(c.vtime, p.scx.dsq_vtime)) c.vtime = p.scx.dsq_vtime;
    },

    /** A task that comes to the scheduler starts at its domain's clock. */
    enable(p) {
      const s = state.get(p);
      const c = s ? clocks.get(s.domain) : null;
      if (c) p.scx.dsq_vtime = c.vtime;
    },

    set_weight(p, weight) {
      const s = state.get(p);
      if (s && s.weight !== weight) reclassify(s, s.domain, weight);
    },

    set_cpumask(p) {
      const s = state.get(p);
      if (!s) return;
      const other = noteAffinity(p, s.slot);
      if (!mayRunIn(p, s.domain)) moveTo(p, s, other);
    },
  },

  api: {
    /** The domain that a task is in. */
    domain(p): u32 {
      const s = state.get(p);
      return s ? s.domain : 0;
    },

    /** The domain in which to queue a task now: an order of the balancer takes effect here. */
    pick_domain(p): u32 {
      const s = state.get(p);
      if (!s) return 0;
      followOrder(p, s);
      return s.domain;
    },

    /** The queue into which to insert a task now; an idle CPU that can take it from there is woken. */
    queue(p): u64 {
      const s = state.get(p);
      if (!s) return queueOf(0);
      followOrder(p, s);
      wakeFor(p, s.domain);
      return queueOf(s.domain);
    },

    /** Virtual time of the task's domain, the furthest that a task which ran there has come. */
    vtime(p): u64 {
      const s = state.get(p);
      const c = s ? clocks.get(s.domain) : null;
      return c ? c.vtime : 0;
    },

    /** A CPU for a task that wakes up: idle, if there is one in its domain. */
    select_cpu(p, prev_cpu: s32, wake_flags: u64): Chosen {
      const s = state.get(p);
      if (!s) return { cpu: prev_cpu, is_idle: false };
      followOrder(p, s);
      return chooseCpu(p, s.domain, prev_cpu);
    },

    /** Gives `cpu` a task of its domain's queue, or of another's if stealing is on. */
    dispatch(prev: task_struct | null, cpu: s32): boolean {
      return dispatchTo(cpu);
    },
  },
});
