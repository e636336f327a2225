// The half of the qos component that runs in the kernel: classes of service. A low class is packed on few CPUs with long
// slices, a high one is spread and takes CPUs from lower ones. It follows latency and CPU time of each class.
import {
  component,
  range,
  scx_bpf_create_dsq,
  scx_bpf_now,
  scx_bpf_task_cpu,
  time_before,
  u32,
  u64,
  ENOMEM,
  SCX_ENQ_WAKEUP,
  type s32,
} from 'scxts';
import type { task_struct } from 'scxts/vmlinux';
import { classOf, scheduledAs } from './classify.bpf.js';
import { choose, next, queue, sliceOf } from './queues.bpf.js';
import {
  HIST_BUCKETS,
  NORMAL,
  NR_QUEUES,
  QUEUES,
  class_clocks,
  class_stats,
  cpu_classes,
  qos_tasks,
  type QosTask,
} from './state.bpf.js';

/** Four buckets to each power of two of microseconds. */
function bucketOf(ns: u64): u32 {
  const us = u64(ns / 1000) + 4;
  let power: u32 = 0;
  let rest = us;
  for (let i = 0; i < 24; i++) {
    if (rest < 8) break;
    rest >>= 1;
    power += 1;
  }
  return u32(Math.min(power * 4 + (rest & 3), HIST_BUCKETS - 1));
}

/** Charges a task for what it ran since the last time. */
function account(p: task_struct, t: QosTask): void {
  const now = scx_bpf_now();
  const ran = now > t.started_at ? now - t.started_at : 0;
  t.started_at = now;
  p.scx.dsq_vtime += (ran * 100) / p.scx.weight;
  const stats = class_stats.get(t.cls);
  if (stats) stats.run_ns += ran;
}

export const qos = component({
  name: 'qos',
  userspace: 'scxts/components/qos/userspace',

  ops: {
    init() {
      for (const i of range(NR_QUEUES)) {
        const failed = scx_bpf_create_dsq(u64(QUEUES + i), -1);
        if (failed) return failed;
      }
      return 0;
    },

    init_task(p) {
      const t = qos_tasks.create(p);
      if (!t) return -ENOMEM;
      t.cls = NORMAL;
      t.clock = NORMAL;
      return 0;
    },

    runnable(p, enq_flags) {
      const t = qos_tasks.get(p);
      if (t) t.woken_at = enq_flags & SCX_ENQ_WAKEUP ? scx_bpf_now() : 0;
    },

    running(p) {
      const t = qos_tasks.get(p);
      if (!t) return;
      const now = scx_bpf_now();
      t.started_at = now;
      const cls = scheduledAs(p, t);
      const running = cpu_classes.get(scx_bpf_task_cpu(p));
      if (running) running.value = cls + 1;
      const clock = class_clocks.get(cls);
      if (clock && time_before(clock.vtime, p.scx.dsq_vtime)) clock.vtime = p.scx.dsq_vtime;
      const stats = class_stats.get(t.cls);
      if (!stats || t.woken_at === 0) return;
      const waited = now > t.woken_at ? now - t.woken_at : 0;
      t.woken_at = 0;
      stats.wakeups += 1;
      stats.wait_ns += waited;
      if (waited > stats.max_wait_ns) stats.max_wait_ns = waited;
      stats.hist[bucketOf(waited)] += 1;
    },

    stopping(p) {
      const t = qos_tasks.get(p);
      const running = cpu_classes.get(scx_bpf_task_cpu(p));
      if (running) running.value = 0;
      if (t) account(p, t);
    },

    // Who is alone on a CPU goes on without stopping.
    tick(p) {
      const t = qos_tasks.get(p);
      if (!t) return;
      account(p, t);
      const was = t.clock;
      const cls = scheduledAs(p, t);
      const running = cpu_classes.get(scx_bpf_task_cpu(p));
      if (running && cls !== was) running.value = cls + 1;
    },

    set_weight(p) {
      // Its nice value changed.
      const t = qos_tasks.get(p);
      if (t) t.generation = 0;
    },

    enable(p) {
      const t = qos_tasks.get(p);
      const clock = t ? class_clocks.get(scheduledAs(p, t)) : null;
      p.scx.dsq_vtime = clock ? clock.vtime : 0;
    },
  },

  api: {
    /** 0 is high, 1 normal, 2 low. */
    class_of(p): u32 {
      const t = qos_tasks.get(p);
      return t ? classOf(p, t) : NORMAL;
    },

    /** For select_cpu(): inserts the task where a CPU is idle, or can be taken from a lower class. */
    select_cpu(p, prev_cpu: s32): s32 {
      const t = qos_tasks.get(p);
      return choose(p, t ? scheduledAs(p, t) : NORMAL, prev_cpu);
    },

    /** For enqueue(): inserts the task into the queue of its class. Needs SCX_OPS_ENQ_LAST. */
    enqueue(p, enq_flags: u64): void {
      const t = qos_tasks.get(p);
      queue(p, t ? scheduledAs(p, t) : NORMAL, enq_flags);
    },

    /** For dispatch(): gives the CPU its next task, or lets it go on with the one that ran until now. */
    dispatch(cpu: s32, prev: task_struct | null): boolean {
      return next(cpu, prev);
    },

    /** Time slice of a class in ns. */
    slice(cls: u32): u64 {
      return sliceOf(cls);
    },
  },
});
