// rusty: a scheduler for machines with several last-level caches, after the design of scx_rusty.
//
// CPUs that share a last-level cache are a domain with a queue of its own; tasks run in order of virtual
// deadlines there. The load balancer component moves tasks between domains; what is here is what makes
// rusty of it: deadlines that favour tasks which wait for others and wake others, wake-ups on the
// waker's CPU, kernel threads that stay, and time slices that depend on how busy the machine is.
//
// examples/rusty-balancer.ts is the half in user space; docs/schedulers/rusty.md says more.
import {
  scheduler,
  config,
  counter,
  taskStorage,
  bpf_get_current_task_btf,
  bpf_get_smp_processor_id,
  bpf_cpumask_test_cpu,
  bpf_ktime_get_ns,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_insert_vtime,
  scx_bpf_dsq_nr_queued,
  scx_bpf_test_and_clear_cpu_idle,
  time_before,
  ENOMEM,
  NSEC_PER_MSEC,
  NSEC_PER_SEC,
  PF_EXITING,
  PF_KTHREAD,
  SCX_DSQ_LOCAL,
  SCX_DSQ_LOCAL_ON,
  SCX_OPS_ENQ_EXITING,
  SCX_WAKE_SYNC,
  u32,
  u64,
} from 'scxts';
import type { task_struct } from 'scxts/vmlinux';
import { loadBalancer } from 'scxts/components/load_balancer';

export const fifo = config(false, 'first come, first served, instead of deadlines');
export const kthreads_local = config(false, 'kernel threads stay on their CPU');

export const nr_sync = counter(
  'woken on the CPU of the task that woke them, as that goes to sleep',
);
export const nr_pinned = counter('kernel threads put into the queue of their CPU');
export const nr_direct = counter('put on an idle CPU at once');
export const nr_queued = counter('put into the queue of their domain');
export const nr_clamped = counter('brought forward after a long sleep');

/** Time slice; the half in user space makes it shorter when all CPUs are busy. */
let slice_ns: u64 = 20_000_000;

interface TaskCtx {
  /** Virtual deadline: dsq_vtime and what its usual run costs it. */
  deadline: u64;
  /** Usual run in ns, and how often in a second it goes to sleep and wakes another. */
  avg_runtime: u64;
  sleep_freq: u64;
  wake_freq: u64;
  ran_since: u64;
  slept_at: u64;
  woke_at: u64;
}
const tctx = taskStorage<TaskCtx>();

/** Weights of nice 19 to -20, each about 1.25 times the one before (kernel/sched/core.c). */
const LATENCY_WEIGHTS: u32[] = [
  15, 18, 23, 29, 36, 45, 56, 70, 87, 110, 137, 172, 215, 272, 335, 423, 526, 655, 820, 1024, 1277,
  1586, 1991, 2501, 3121, 3906, 4904, 6100, 7620, 9548, 11916, 14949, 18705, 23254, 29154, 36291,
  46273, 56483, 71755, 88761,
];
const MOST_FREQ = 100_000;
const LONGEST_RUN = 50 * NSEC_PER_MSEC;

function log2(x: u64): u32 {
  let bits: u32 = 0;
  let rest: u64 = x;
  for (let i = 0; i < 64; i++) {
    if (rest < 2) break;
    rest >>= 1;
    bits += 1;
  }
  return bits;
}

/** A quarter of the new value, three quarters of the old ones. */
function average(old: u64, value: u64): u64 {
  return old - (old >> 2) + (value >> 2);
}

function frequency(old: u64, interval: u64): u64 {
  return average(old, NSEC_PER_SEC / (interval > 0 ? interval : 1));
}

/** What a run costs in virtual time: little for tasks that others wait for. */
function cost(p: task_struct, c: TaskCtx): u64 {
  const sleeps = Math.min(c.sleep_freq, MOST_FREQ);
  const wakes = Math.min(c.wake_freq, MOST_FREQ);
  const urgency = log2((sleeps * wakes * wakes * p.scx.weight) / 100 + 1);
  const run = log2((Math.min(c.avg_runtime / 2, LONGEST_RUN) * 100) / p.scx.weight + 1);
  const prio: u32 = urgency > run ? urgency - run : 0;
  return (c.avg_runtime * 100) / LATENCY_WEIGHTS[prio < 39 ? prio : 39];
}

/**
 * Kernel threads that run ahead on their CPU. Never a task that may be busy: a CPU takes from its own
 * queue first, and one that came back to it at the end of each slice would have the CPU for itself.
 */
function staysLocal(p: task_struct): boolean {
  return (p.flags & PF_KTHREAD) !== 0 && (p.nr_cpus_allowed === 1 || kthreads_local);
}

export default scheduler({
  name: 'rusty',
  use: [loadBalancer],
  flags: SCX_OPS_ENQ_EXITING,
  timeout_ms: 10_000,

  select_cpu(p, prev_cpu, wake_flags) {
    if (staysLocal(p)) {
      nr_pinned.inc();
      scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, slice_ns, 0);
      return prev_cpu;
    }
    // The waker goes to sleep, so its CPU is as good as idle, and its caches hold what was passed on.
    const here = bpf_get_smp_processor_id();
    if (wake_flags & SCX_WAKE_SYNC && !(bpf_get_current_task_btf().flags & PF_EXITING)) {
      const mayRunHere = bpf_cpumask_test_cpu(u32(here), p.cpus_ptr);
      if (mayRunHere && scx_bpf_dsq_nr_queued(SCX_DSQ_LOCAL_ON | u64(here)) === 0) {
        nr_sync.inc();
        scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, slice_ns, 0);
        return here;
      }
    }
    const { cpu, is_idle } = loadBalancer.select_cpu(p, prev_cpu, wake_flags);
    if (is_idle) {
      nr_direct.inc();
      scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, slice_ns, 0);
    }
    return cpu;
  },

  enqueue(p, enq_flags) {
    if (staysLocal(p)) {
      nr_pinned.inc();
      scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, slice_ns, enq_flags);
      return;
    }
    const dsq = loadBalancer.queue(p);
    const c = tctx.get(p);
    nr_queued.inc();
    if (fifo || !c) {
      scx_bpf_dsq_insert(p, dsq, slice_ns, enq_flags);
      return;
    }
    const earliest = loadBalancer.vtime(p) - slice_ns;
    if (time_before(p.scx.dsq_vtime, earliest)) {
      p.scx.dsq_vtime = earliest;
      nr_clamped.inc();
    }
    c.deadline = p.scx.dsq_vtime + cost(p, c);
    scx_bpf_dsq_insert_vtime(p, dsq, slice_ns, c.deadline, enq_flags);
  },

  dispatch(cpu, prev) {
    loadBalancer.dispatch(prev, cpu);
  },

  runnable(p, enq_flags) {
    const now = bpf_ktime_get_ns();
    const waker = tctx.get(bpf_get_current_task_btf());
    if (waker) {
      waker.wake_freq = frequency(waker.wake_freq, now - waker.woke_at);
      waker.woke_at = now;
    }
  },

  running(p) {
    const c = tctx.get(p);
    if (c) c.ran_since = p.se.sum_exec_runtime;
  },

  stopping(p, runnable) {
    const c = tctx.get(p);
    if (!c) return;
    const ran = p.se.sum_exec_runtime - c.ran_since;
    c.avg_runtime = average(c.avg_runtime, ran);
    p.scx.dsq_vtime += (ran * 100) / p.scx.weight;
  },

  quiescent(p, deq_flags) {
    const c = tctx.get(p);
    if (!c) return;
    const now = bpf_ktime_get_ns();
    c.sleep_freq = frequency(c.sleep_freq, now - c.slept_at);
    c.slept_at = now;
  },

  init_task(p) {
    const c = tctx.create(p);
    if (!c) return -ENOMEM;
    const now = bpf_ktime_get_ns();
    c.avg_runtime = slice_ns / 4;
    c.slept_at = now;
    c.woke_at = now;
    return 0;
  },
});
