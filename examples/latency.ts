// latency: who is waited for runs first. Tasks that use up their slices share the queue of their last-level cache, in the order
// of deadlines: virtual time, which keeps shares by weight, and what a task usually runs, shortened by how many wait for
// it. A task that is woken and finds no idle CPU takes the place of one with a later deadline; short ones stay on their CPU.
//
// examples/latency-run.ts is the userspace half; docs/schedulers/latency.md says more.
import {
  scheduler,
  array,
  bpf_cpumask_create,
  bpf_cpumask_set_cpu,
  bpf_cpumask_test_cpu,
  bpf_get_current_task_btf,
  bpf_rcu_read_lock,
  config,
  configArray,
  counter,
  each,
  is_migration_disabled,
  kptrXchg,
  range,
  scx_bpf_cpuperf_set,
  scx_bpf_create_dsq,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_insert_vtime,
  scx_bpf_dsq_move_to_local,
  scx_bpf_dsq_nr_queued,
  scx_bpf_kick_cpu,
  scx_bpf_now,
  scx_bpf_nr_cpu_ids,
  scx_bpf_pick_idle_cpu,
  scx_bpf_select_cpu_and,
  scx_bpf_select_cpu_dfl,
  scx_bpf_task_cpu,
  syscall,
  taskStorage,
  time_before,
  ENOMEM,
  NR_CPUS,
  NSEC_PER_MSEC,
  NSEC_PER_USEC,
  PF_EXITING,
  SCX_CPUPERF_ONE,
  SCX_DSQ_LOCAL,
  SCX_ENQ_WAKEUP,
  SCX_KICK_IDLE,
  SCX_KICK_PREEMPT,
  SCX_TASK_QUEUED,
  type FixedArray,
  type Kptr,
  s32,
  s64,
  u32,
  u64,
} from 'scxts';
import { laterOf, vtimeAtLeast, vtimeUsed } from 'scxts/lib/vtime';
import type { bpf_cpumask, task_struct } from 'scxts/vmlinux';
import { noteRan, noteWaking, noteWoken, type Habits } from './lib/criticality.bpf.js';

export const slice_ns = config(
  8 * NSEC_PER_MSEC,
  'longest time slice of a task of weight 100, in ns',
);
export const short_ns = config(NSEC_PER_MSEC, 'who runs less than that stays on its CPU, in ns');
export const credit_ns = config(
  20 * NSEC_PER_MSEC,
  'how far behind the others a task is at most when it wakes up, in ns',
);
export const margin_ns = config(
  200 * NSEC_PER_USEC,
  'how much earlier a deadline has to be to take the place of who runs, in ns',
);
export const compact = config(false, 'use only as many CPUs as userspace finds are needed');
export const perf = config(true, 'ask for more performance where it is waited for');
/** The number of each CPU's last-level cache; all 0: one. */
export const cpu_llc = configArray<u32>(NR_CPUS);

export const nr_idle = counter('woken on an idle CPU');
export const nr_preempted = counter('woken in the place of another task');
export const nr_stayed = counter('woken, and queued on the CPU where it ran');
export const nr_shared = counter('queued with those that share its cache');
export const nr_kept = counter('went on after its slice: nobody was due');
export const nr_stolen = counter('taken by a CPU that had nothing to do');

/** CPUs that a task which was woken looks at beside the one where it ran. */
const TRIES = 8;
/** The queue of a CPU has its number, that of a cache its number above this. */
const LLC_DSQ = 1 << 16;

interface TaskCtx {
  habits: Habits;
  /** CPU time that it had when it was last charged for it, ns. */
  charged: u64;
  vtime: u64;
  deadline: u64;
  /** Cache whose virtual time its own is of. */
  llc: u32;
}
const tctx = taskStorage<TaskCtx>();

/** The CPUs to use while `compact`; all until userspace says which. */
let active: Kptr<bpf_cpumask> | null = null;

interface CpuCtx {
  /** Deadline of what runs here; 0: nothing of ours, or what will be done soon. */
  deadline: u64;
  perf: u32;
  /** Time that tasks of ours ran here, ns. */
  busy: u64;
}
const cctx = array<CpuCtx>(NR_CPUS);
/** Virtual time of each cache: that of the latest task which ran there. */
const clocks = array<u64>(NR_CPUS);

function llcOf(cpu: s32): u32 {
  return cpu_llc[cpu];
}

function clockOf(llc: u32): u64 {
  const clock = clocks.get(llc);
  return clock ? clock.value : 0;
}

/** Adds to its virtual time what it ran since it was asked last; gives that, in ns. */
function charge(p: task_struct, t: TaskCtx): u64 {
  const now = p.se.sum_exec_runtime;
  const used = now - t.charged;
  t.charged = now;
  t.vtime += vtimeUsed(p, used);
  return used;
}

/** Virtual time that it asks for: less the less it usually runs, and the more others wait for it. */
function requestOf(p: task_struct, t: TaskCtx): u64 {
  const ns = Math.min(t.habits.run, slice_ns) >> (t.habits.criticality >> 1);
  return vtimeUsed(p, ns);
}

/** How much later the deadline of what runs on `cpu` is than one with `deadline`; below 0: it is not. */
function gain(cpu: s32, deadline: u64): s64 {
  const c = cctx.get(u32(cpu));
  return c && c.deadline !== 0 ? s64(c.deadline - deadline) : -1;
}

/** What runs on the CPU will be done soon, and not much is queued there. */
function waitsShortly(cpu: s32): boolean {
  const c = cctx.get(u32(cpu));
  return !!c && c.deadline === 0 && scx_bpf_dsq_nr_queued(u64(cpu)) < TRIES;
}

/** A CPU of the same cache whose task can best wait for one with `deadline`; -1 if there is none. */
function victim(p: task_struct, prev_cpu: s32, deadline: u64): s32 {
  if (gain(prev_cpu, deadline) > s64(margin_ns)) return prev_cpu;
  if (waitsShortly(prev_cpu)) return -1;
  let best: s32 = -1;
  let most: s64 = s64(margin_ns * 4);
  const nr = scx_bpf_nr_cpu_ids();
  for (const i of range(1, TRIES + 1)) {
    const cpu = s32((u32(prev_cpu) + u32(i)) % nr);
    if (llcOf(cpu) !== llcOf(prev_cpu) || !bpf_cpumask_test_cpu(u32(cpu), p.cpus_ptr)) continue;
    const here = gain(cpu, deadline);
    if (here > most) {
      best = cpu;
      most = here;
    }
  }
  return best;
}

/** Deadline of who is first in a queue; `otherwise` if nobody is in it. */
function firstOf(dsq: u64, otherwise: u64): u64 {
  for (const p of each.scx_dsq(dsq)) return p.scx.dsq_vtime;
  return otherwise;
}

/** Takes what waits for another CPU, or in the queue of another cache. */
function steal(cpu: s32): boolean {
  const nr = scx_bpf_nr_cpu_ids();
  for (const i of range(1, nr)) {
    const other = s32((u32(cpu) + u32(i)) % nr);
    const shared = u64(LLC_DSQ + llcOf(other));
    if (scx_bpf_dsq_nr_queued(u64(other)) > 0 && scx_bpf_dsq_move_to_local(u64(other), 0))
      return true;
    if (llcOf(other) !== llcOf(cpu) && scx_bpf_dsq_move_to_local(shared, 0)) return true;
  }
  return false;
}

interface Active {
  cpus: FixedArray<u64, 16>;
}

/** Userspace says which CPUs to use: bit n of word n / 64. */
export const use_cpus = syscall((args: Active) => {
  using mask = bpf_cpumask_create();
  if (!mask) return -ENOMEM;
  for (const cpu of range(scx_bpf_nr_cpu_ids()))
    if (((args.cpus[cpu / 64] >> u64(cpu % 64)) & 1) !== 0) bpf_cpumask_set_cpu(cpu, mask);
  using old = kptrXchg(active, mask);
  return 0;
});

/** An idle CPU for a task that was woken; -1 if there is none for it. Others wait for critical ones: they may use any CPU. */
function idleCpu(p: task_struct, t: TaskCtx, prev_cpu: s32, wake_flags: u64): s32 {
  if (compact && t.habits.criticality === 0) {
    using rcu = bpf_rcu_read_lock();
    const mask = active;
    if (mask) return scx_bpf_select_cpu_and(p, prev_cpu, wake_flags, mask, 0);
  }
  const { cpu, is_idle } = scx_bpf_select_cpu_dfl(p, prev_cpu, wake_flags);
  return is_idle ? cpu : -1;
}

export default scheduler({
  name: 'latency',

  select_cpu(p, prev_cpu, wake_flags) {
    const t = tctx.get(p);
    if (!t) return prev_cpu;
    const idle = idleCpu(p, t, prev_cpu, wake_flags);
    if (idle >= 0) {
      nr_idle.inc();
      scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, slice_ns, 0);
      return idle;
    }
    const vtime = vtimeAtLeast(t.vtime, clockOf(llcOf(prev_cpu)), credit_ns);
    const at = victim(p, prev_cpu, vtime + requestOf(p, t));
    return at >= 0 ? at : prev_cpu;
  },

  enqueue(p, enq_flags) {
    const cpu = scx_bpf_task_cpu(p);
    const t = tctx.get(p);
    const c = cctx.get(u32(cpu));
    if (!t || !c) {
      scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, short_ns, enq_flags);
      return;
    }
    const llc = llcOf(cpu);
    const clock = clockOf(llc);
    if (t.llc !== llc) {
      t.vtime += clock - clockOf(t.llc);
      t.llc = llc;
    }
    const woken = (enq_flags & SCX_ENQ_WAKEUP) !== 0;
    if (woken) t.vtime = vtimeAtLeast(t.vtime, clock, credit_ns);
    t.deadline = t.vtime + requestOf(p, t);
    if (woken && gain(cpu, t.deadline) > s64(margin_ns)) {
      // Who is woken next is not to choose the same CPU.
      c.deadline = t.deadline;
      nr_preempted.inc();
      scx_bpf_dsq_insert_vtime(p, u64(cpu), slice_ns, t.deadline, enq_flags);
      scx_bpf_kick_cpu(cpu, SCX_KICK_PREEMPT);
      return;
    }
    if (p.nr_cpus_allowed === 1 || is_migration_disabled(p)) {
      scx_bpf_dsq_insert_vtime(p, u64(cpu), slice_ns, t.deadline, enq_flags);
      scx_bpf_kick_cpu(cpu, SCX_KICK_IDLE);
      return;
    }
    if (woken && t.habits.run < short_ns) {
      nr_stayed.inc();
      scx_bpf_dsq_insert_vtime(p, u64(cpu), slice_ns, t.deadline, enq_flags);
    } else {
      nr_shared.inc();
      scx_bpf_dsq_insert_vtime(p, u64(LLC_DSQ + llc), slice_ns, t.deadline, enq_flags);
    }
    if (compact && t.habits.criticality === 0) return;
    const helper = scx_bpf_pick_idle_cpu(p.cpus_ptr, 0);
    if (helper >= 0) scx_bpf_kick_cpu(helper, SCX_KICK_IDLE);
  },

  dispatch(cpu, prev) {
    const own = u64(cpu);
    const shared = u64(LLC_DSQ + llcOf(cpu));
    const t = prev && (prev.scx.flags & SCX_TASK_QUEUED) !== 0 ? tctx.get(prev) : null;
    const c = cctx.get(u32(cpu));
    if (prev && t && c) {
      const used = charge(prev, t);
      noteRan(t.habits, used, false);
      c.busy += used;
      const deadline = t.vtime + requestOf(prev, t);
      if (
        !time_before(firstOf(own, deadline), deadline) &&
        !time_before(firstOf(shared, deadline), deadline)
      ) {
        nr_kept.inc();
        c.deadline = deadline;
        prev.scx.slice = slice_ns;
        return;
      }
    }
    if (scx_bpf_dsq_nr_queued(own) > 0) {
      const first = firstOf(own, 0);
      if (
        scx_bpf_dsq_nr_queued(shared) > 0 &&
        time_before(firstOf(shared, first), first) &&
        scx_bpf_dsq_move_to_local(shared, 0)
      )
        return;
      if (scx_bpf_dsq_move_to_local(own, 0)) return;
    }
    if (scx_bpf_dsq_move_to_local(shared, 0) || (prev && t)) return;
    if (steal(cpu)) nr_stolen.inc();
  },

  runnable(p, enq_flags) {
    if ((enq_flags & SCX_ENQ_WAKEUP) === 0) return;
    const now = scx_bpf_now();
    const t = tctx.get(p);
    if (t) noteWoken(t.habits, now);
    const waker = bpf_get_current_task_btf();
    if ((waker.flags & PF_EXITING) !== 0) return;
    const w = tctx.get(waker);
    if (w) noteWaking(w.habits, now);
  },

  running(p) {
    const cpu = scx_bpf_task_cpu(p);
    const t = tctx.get(p);
    const c = cctx.get(u32(cpu));
    if (!t || !c) return;
    t.charged = p.se.sum_exec_runtime;
    t.deadline = t.vtime + requestOf(p, t);
    c.deadline = t.habits.run > margin_ns ? t.deadline : 0;
    const clock = clocks.get(t.llc);
    if (clock) clock.value = laterOf(clock.value, t.vtime);
    if (!perf) return;
    const want: u32 = t.habits.criticality > 0 ? SCX_CPUPERF_ONE : u32((SCX_CPUPERF_ONE * 3) / 4);
    if (want !== c.perf) {
      c.perf = want;
      scx_bpf_cpuperf_set(cpu, want);
    }
  },

  stopping(p, runnable) {
    const c = cctx.get(u32(scx_bpf_task_cpu(p)));
    if (c) c.deadline = 0;
    const t = tctx.get(p);
    if (!t) return;
    const used = charge(p, t);
    noteRan(t.habits, used, !runnable);
    if (c) c.busy += used;
  },

  enable(p) {
    const t = tctx.get(p);
    if (t) t.vtime = clockOf(t.llc);
  },

  init_task(p) {
    const t = tctx.create(p);
    if (!t) return -ENOMEM;
    t.habits.run = slice_ns;
    t.llc = llcOf(scx_bpf_task_cpu(p));
    return 0;
  },

  init() {
    for (const cpu of range(scx_bpf_nr_cpu_ids())) {
      const err = scx_bpf_create_dsq(u64(cpu), -1);
      if (err) return err;
      scx_bpf_create_dsq(u64(LLC_DSQ + llcOf(cpu)), -1);
    }
    return 0;
  },
});
