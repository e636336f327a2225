// qmap: five FIFO queues by weight, and most of what sched_ext offers.
//
// A task goes into one of five queues according to its weight. Each CPU goes round the queues and takes
// one task from the first, two from the second, four from the third and so on, so that heavier tasks run
// more often. It is a demonstration and a test of sched_ext's features rather than a scheduler to use:
// queueing by PID in BPF maps, storage for each task, moving tasks between dispatch queues while walking
// them (highpri_boosting), tasks handed back when a real-time task takes the CPU (cpu_release), core
// scheduling, CPU frequency targets, CPU hotplug without a restart, debug dumps, and ways to fail on
// purpose. Behaviour, flags and statistics are those of scx_qmap.
//
// examples/qmap-run.ts is the userspace half; docs/schedulers/qmap.md says more.
import {
  scheduler,
  config,
  counter,
  arrayOfMaps,
  each,
  percpu,
  queue,
  range,
  taskStorage,
  timer,
  atomicAdd,
  atomicSub,
  scx_bpf_cpuperf_cap,
  scx_bpf_cpuperf_cur,
  scx_bpf_cpuperf_set,
  scx_bpf_create_dsq,
  scx_bpf_dispatch_nr_slots,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_move,
  scx_bpf_dsq_move_set_slice,
  scx_bpf_dsq_move_set_vtime,
  scx_bpf_dsq_move_to_local,
  scx_bpf_dsq_move_vtime,
  scx_bpf_dsq_nr_queued,
  scx_bpf_dump,
  scx_bpf_error,
  scx_bpf_get_online_cpumask,
  scx_bpf_kick_cpu,
  scx_bpf_pick_any_cpu,
  scx_bpf_pick_idle_cpu,
  scx_bpf_reenqueue_local,
  scx_bpf_task_cpu,
  scx_bpf_test_and_clear_cpu_idle,
  bpf_cpumask_test_cpu,
  bpf_get_smp_processor_id,
  bpf_printk,
  bpf_rcu_read_lock,
  bpf_task_from_pid,
  s32,
  s64,
  u32,
  ENOMEM,
  ESRCH,
  NSEC_PER_MSEC,
  NSEC_PER_SEC,
  PF_KTHREAD,
  SCX_DEQ_CORE_SCHED_EXEC,
  SCX_DSQ_ITER_REV,
  SCX_DSQ_LOCAL,
  SCX_DSQ_LOCAL_ON,
  SCX_ENQ_CPU_SELECTED,
  SCX_ENQ_PREEMPT,
  SCX_ENQ_REENQ,
  SCX_KICK_IDLE,
  type FixedArray,
  u64,
} from 'scxts';
import type { task_struct } from 'scxts/vmlinux';

const SHARED_DSQ = 0;
const HIGHPRI_DSQ = 1;
/** The weight of nice -20. */
const HIGHPRI_WEIGHT = 8668;
const NR_QUEUES = 5;
const QUEUE_LENGTH = 4096;

export const slice_ns = config(20 * NSEC_PER_MSEC, 'time slice in ns');
export const stall_user_nth = config<u32>(
  0,
  "forget every n-th user task, to meet the kernel's watchdog",
);
export const stall_kernel_nth = config<u32>(0, 'forget every n-th kernel thread');
export const dsp_inf_loop_after = config<u32>(0, 'dispatch without end after so many dispatches');
export const dsp_batch = config<u32>(0, 'tasks that one dispatch takes; 0: one');
export const highpri_boosting = config(
  false,
  'run tasks of nice -20 first, with a dsp_batch above 1',
);
export const print_shared_dsq = config(false, 'print the shared queue to trace_pipe each second');
export const disallow_tgid = config<s32>(0, 'a process that may not switch to SCHED_EXT');
export const suppress_dump = config(false, 'no dump of its own');

export const nr_enqueued = counter('tasks put into a queue');
export const nr_dispatched = counter('tasks taken out of a queue');
export const nr_reenqueued = counter('times that tasks were handed back when a CPU was taken away');
export const nr_dequeued = counter('tasks taken away from the scheduler');
export const nr_ddsp_from_enq = counter('tasks that enqueue() put on an idle CPU');
export const nr_core_sched_execed = counter('tasks run by core scheduling');
export const nr_expedited_local = counter('boosted tasks put on the same CPU');
export const nr_expedited_remote = counter('boosted tasks put on another CPU');
export const nr_expedited_lost = counter('boosted tasks that were gone');
export const nr_expedited_from_timer = counter('tasks boosted by the timer');

interface TaskCtx {
  /** select_cpu() found an idle CPU: enqueue() puts it there. */
  force_local: boolean;
  highpri: boolean;
  core_sched_seq: u64;
}
interface Cpu {
  /** The queue that it takes from, and how many it still takes. */
  dsp_idx: u64;
  dsp_cnt: u64;
  avg_weight: u32;
  cpuperf_target: u32;
}

const queue0 = queue<s32>(QUEUE_LENGTH);
const queue1 = queue<s32>(QUEUE_LENGTH);
const queue2 = queue<s32>(QUEUE_LENGTH);
const queue3 = queue<s32>(QUEUE_LENGTH);
const queue4 = queue<s32>(QUEUE_LENGTH);
const queues = arrayOfMaps([queue0, queue1, queue2, queue3, queue4]);
const tasks = taskStorage<TaskCtx>();
const cpus = percpu<Cpu>();

/** SCX_CPUPERF_ONE: the highest frequency. */
const PERF_ONE = 1024;
/** CPU frequency by queue, of PERF_ONE. */
const PERF: u32[] = [0, 256, 512, 768, 1024];

let nr_highpri_queued: u64 = 0;
let highpri_seq: u64 = 0;
let dispatches: u64 = 0;
/** Fails after so many enqueues; set by userspace. */
let test_error_cnt: u32 = 0;
let user_cnt: u32 = 0;
let kernel_cnt: u32 = 0;

// How far each queue has got: the distance between a task and the head of its queue is its priority for
// core scheduling.
let head_seqs: FixedArray<u64, 5> = [0, 0, 0, 0, 0];
let tail_seqs: FixedArray<u64, 5> = [0, 0, 0, 0, 0];

let cpuperf_min: u32 = 0;
let cpuperf_avg: u32 = 0;
let cpuperf_max: u32 = 0;
let cpuperf_target_min: u32 = 0;
let cpuperf_target_avg: u32 = 0;
let cpuperf_target_max: u32 = 0;

function lookup(p: task_struct): TaskCtx | null {
  const c = tasks.get(p);
  if (!c) scx_bpf_error(`no state of task ${p.comm}[${p.pid}]`);
  return c;
}

function queueOf(weight: u32): s32 {
  if (weight <= 25) return 0;
  if (weight <= 50) return 1;
  if (weight < 200) return 2;
  return weight < 400 ? 3 : 4;
}

function pickIdle(p: task_struct, prev_cpu: s32): s32 {
  if (p.nr_cpus_allowed === 1 || scx_bpf_test_and_clear_cpu_idle(prev_cpu)) return prev_cpu;
  return scx_bpf_pick_idle_cpu(p.cpus_ptr, 0);
}

/** Whether this task is one of those to forget. */
function forgets(p: task_struct): boolean {
  if (p.flags & PF_KTHREAD) return stall_kernel_nth > 0 && ++kernel_cnt % stall_kernel_nth === 0;
  return stall_user_nth > 0 && ++user_cnt % stall_user_nth === 0;
}

/**
 * Moves boosted tasks from the shared queue to one of their own, and from there to a CPU's local queue,
 * until one is for this CPU. True if there was one. Inlined: Linux 7.3's verifier stumbles over an iterator in a
 * function that a timer calls ("verifier bug: add backedge").
 */
function dispatchHighpri(fromTimer: boolean): boolean {
  const here = s32(bpf_get_smp_processor_id());
  const shared = each.scx_dsq(SHARED_DSQ);
  for (const p of shared) {
    const c = tasks.get(p);
    if (!c) return false;
    if (!c.highpri) continue;
    // The vtime serves no purpose but to show it.
    scx_bpf_dsq_move_set_slice(shared, slice_ns * 2);
    scx_bpf_dsq_move_set_vtime(shared, highpri_seq++);
    scx_bpf_dsq_move_vtime(shared, p, HIGHPRI_DSQ, 0);
  }
  const boosted = each.scx_dsq(HIGHPRI_DSQ);
  for (const p of boosted) {
    const cpu = bpf_cpumask_test_cpu(u32(here), p.cpus_ptr)
      ? here
      : scx_bpf_pick_any_cpu(p.cpus_ptr, 0);
    if (!scx_bpf_dsq_move(boosted, p, SCX_DSQ_LOCAL_ON | cpu, SCX_ENQ_PREEMPT)) {
      nr_expedited_lost.inc();
      continue;
    }
    if (fromTimer) nr_expedited_from_timer.inc();
    if (cpu === here) {
      nr_expedited_local.inc();
      return true;
    }
    nr_expedited_remote.inc();
  }
  return false;
}

/** Takes tasks in turn from the queues. True: the CPU has got what it wanted. */
function dispatchQueues(cpu: Cpu): boolean {
  let batch = dsp_batch ? dsp_batch : u32(1);
  for (const i of range(NR_QUEUES)) {
    if (cpu.dsp_cnt === 0) {
      cpu.dsp_idx = (cpu.dsp_idx + 1) % NR_QUEUES;
      cpu.dsp_cnt = 1 << cpu.dsp_idx;
    }
    const fifo = queues.get(u32(cpu.dsp_idx));
    if (!fifo) {
      scx_bpf_error(`no queue ${cpu.dsp_idx}`);
      return true;
    }
    for (;;) {
      const pid = fifo.pop();
      if (!pid) break;
      using p = bpf_task_from_pid(pid.value);
      if (!p) continue;
      const c = lookup(p);
      if (!c) return true;
      if (c.highpri) atomicSub(nr_highpri_queued, 1);
      head_seqs[queueOf(p.scx.weight)] = c.core_sched_seq;
      nr_dispatched.inc();
      dispatches++;
      scx_bpf_dsq_insert(p, SHARED_DSQ, slice_ns, 0);
      batch--;
      cpu.dsp_cnt--;
      if (batch === 0 || scx_bpf_dispatch_nr_slots() === 0) {
        if (!dispatchHighpri(false)) scx_bpf_dsq_move_to_local(SHARED_DSQ, 0);
        return true;
      }
      if (cpu.dsp_cnt === 0) break;
    }
    cpu.dsp_cnt = 0;
  }
  return false;
}

/** How near a task is to its turn; lower is nearer. The queues' shares double from one to the next. */
function distance(p: task_struct): s64 {
  const c = lookup(p);
  if (!c) return 0;
  const idx = queueOf(p.scx.weight);
  const steps = s64(c.core_sched_seq - head_seqs[idx]);
  return steps >= 0 ? steps << (4 - idx) : steps << idx;
}

function sampleCpuperf(): void {
  using online = scx_bpf_get_online_cpumask();
  let count: u64 = 0;
  let capacity: u64 = 0;
  let now: u64 = 0;
  let least: u32 = PERF_ONE;
  let most: u32 = 0;
  let target: u64 = 0;
  let targetLeast: u32 = PERF_ONE;
  let targetMost: u32 = 0;
  for (const cpu of each.cpu(online)) {
    const c = cpus.of(cpu);
    if (!c) continue;
    const cap = scx_bpf_cpuperf_cap(cpu);
    const cur = scx_bpf_cpuperf_cur(cpu);
    count++;
    capacity += cap;
    now += (u64(cur) * cap) / PERF_ONE;
    least = Math.min(least, cur);
    most = Math.max(most, cur);
    target += c.cpuperf_target;
    targetLeast = Math.min(targetLeast, c.cpuperf_target);
    targetMost = Math.max(targetMost, c.cpuperf_target);
  }
  cpuperf_min = least;
  cpuperf_avg = u32((now * PERF_ONE) / capacity);
  cpuperf_max = most;
  cpuperf_target_min = targetLeast;
  cpuperf_target_avg = u32(target / count);
  cpuperf_target_max = targetMost;
}

function printShared(): void {
  const count = scx_bpf_dsq_nr_queued(SHARED_DSQ);
  if (count <= 0) return;
  bpf_printk(`Dumping ${count} tasks in SHARED_DSQ in reverse order`);
  for (const p of each.scx_dsq(SHARED_DSQ, SCX_DSQ_ITER_REV)) bpf_printk(`${p.comm}[${p.pid}]`);
}

const monitor = timer(() => {
  {
    using rcu = bpf_rcu_read_lock();
    dispatchHighpri(true);
    if (print_shared_dsq) printShared();
  }
  sampleCpuperf();
  monitor.start(NSEC_PER_SEC);
});

export default scheduler({
  name: 'qmap',
  timeout_ms: 5000,

  select_cpu(p, prev_cpu, wake_flags) {
    const c = lookup(p);
    if (!c) return -ESRCH;
    const cpu = pickIdle(p, prev_cpu);
    if (cpu < 0) return prev_cpu;
    c.force_local = true;
    return cpu;
  },

  enqueue(p, enq_flags) {
    if (forgets(p)) return;
    if (test_error_cnt > 0 && --test_error_cnt === 0) scx_bpf_error('an error to test errors');
    const c = lookup(p);
    if (!c) return;
    const idx = queueOf(p.scx.weight);
    c.core_sched_seq = tail_seqs[idx]++;

    if (c.force_local) {
      c.force_local = false;
      scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, slice_ns, enq_flags);
      return;
    }
    // select_cpu() is not called where the task cannot choose.
    if (!(enq_flags & SCX_ENQ_CPU_SELECTED)) {
      const cpu = pickIdle(p, scx_bpf_task_cpu(p));
      if (cpu >= 0) {
        nr_ddsp_from_enq.inc();
        scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL_ON | cpu, slice_ns, enq_flags);
        return;
      }
    }
    // Its CPU was taken away: another one has to take it.
    if (enq_flags & SCX_ENQ_REENQ) {
      scx_bpf_dsq_insert(p, SHARED_DSQ, 0, enq_flags);
      const cpu = scx_bpf_pick_idle_cpu(p.cpus_ptr, 0);
      if (cpu >= 0) scx_bpf_kick_cpu(cpu, SCX_KICK_IDLE);
      return;
    }
    const fifo = queues.get(u32(idx));
    if (!fifo || fifo.push(p.pid)) {
      scx_bpf_dsq_insert(p, SHARED_DSQ, slice_ns, enq_flags);
      return;
    }
    if (highpri_boosting && p.scx.weight >= HIGHPRI_WEIGHT) {
      c.highpri = true;
      atomicAdd(nr_highpri_queued, 1);
    }
    nr_enqueued.inc();
  },

  dequeue(p, deq_flags) {
    // A task cannot be taken out of a BPF queue; the kernel ignores it when it is dispatched.
    nr_dequeued.inc();
    if (deq_flags & SCX_DEQ_CORE_SCHED_EXEC) nr_core_sched_execed.inc();
  },

  dispatch(cpu, prev) {
    if (dispatchHighpri(false)) return;
    if (nr_highpri_queued === 0 && scx_bpf_dsq_move_to_local(SHARED_DSQ, 0)) return;
    if (dsp_inf_loop_after > 0 && dispatches > dsp_inf_loop_after) {
      // kthreadd hardly ever runs: dispatching it again and again makes the kernel call this for ever.
      using kthreadd = bpf_task_from_pid(2);
      if (kthreadd) {
        scx_bpf_dsq_insert(kthreadd, SCX_DSQ_LOCAL, slice_ns, 0);
        return;
      }
    }
    if (dispatchQueues(cpus.this())) return;
    // Nobody else: prev runs on, as if it had been queued and dispatched.
    if (!prev) return;
    const c = lookup(prev);
    if (c) c.core_sched_seq = tail_seqs[queueOf(prev.scx.weight)]++;
  },

  tick(p) {
    const c = cpus.this();
    c.avg_weight = (c.avg_weight * 3) / 4 + p.scx.weight / 4;
    c.cpuperf_target = PERF[queueOf(c.avg_weight)];
    scx_bpf_cpuperf_set(scx_bpf_task_cpu(p), c.cpuperf_target);
  },

  core_sched_before(a, b) {
    return distance(a) > distance(b);
  },

  cpu_release(cpu, args) {
    scx_bpf_reenqueue_local();
    nr_reenqueued.inc();
  },

  init_task(p, args) {
    if (p.tgid === disallow_tgid) p.scx.disallow = true;
    return tasks.create(p) ? 0 : -ENOMEM;
  },

  dump(ctx) {
    if (suppress_dump) return;
    for (const i of range(NR_QUEUES)) {
      const fifo = queues.get(i);
      if (!fifo) return;
      scx_bpf_dump(`QMAP FIFO[${i}]:`);
      for (const n of range(QUEUE_LENGTH)) {
        const pid = fifo.pop();
        if (!pid) break;
        scx_bpf_dump(` ${pid.value}`);
      }
      scx_bpf_dump('\n');
    }
  },

  dump_cpu(ctx, cpu, idle) {
    const c = cpus.of(cpu);
    if (suppress_dump || idle || !c) return;
    scx_bpf_dump(
      `QMAP: dsp_idx=${c.dsp_idx} dsp_cnt=${c.dsp_cnt} avg_weight=${c.avg_weight} cpuperf_target=${c.cpuperf_target}`,
    );
  },

  dump_task(ctx, p) {
    const c = tasks.get(p);
    if (suppress_dump || !c) return;
    scx_bpf_dump(`QMAP: force_local=${c.force_local} core_sched_seq=${c.core_sched_seq}`);
  },

  // With these two, CPU hotplug does not end the scheduler.
  cpu_online(cpu) {
    bpf_printk(`CPU ${cpu} coming online`);
  },
  cpu_offline(cpu) {
    bpf_printk(`CPU ${cpu} going offline`);
  },

  init() {
    const err = scx_bpf_create_dsq(SHARED_DSQ, -1);
    if (err) return err;
    const failed = scx_bpf_create_dsq(HIGHPRI_DSQ, -1);
    if (failed) return failed;
    return monitor.start(NSEC_PER_SEC);
  },
});
