// Every callback of sched_ext_ops, counted.
import {
  scheduler,
  counter,
  percpuArray,
  scx_bpf_dsq_insert,
  scx_bpf_select_cpu_dfl,
  scx_bpf_reenqueue_local,
  scx_bpf_dump,
  bpf_printk,
  SCX_DSQ_LOCAL,
  SCX_DSQ_GLOBAL,
  SCX_SLICE_DFL,
  SCX_OPS_ENQ_LAST,
  SCX_OPS_ENQ_EXITING,
  SCX_OPS_KEEP_BUILTIN_IDLE,
  SCX_CPU_PREEMPT_RT,
  SCX_CPU_PREEMPT_DL,
  SCX_CPU_PREEMPT_STOP,
  SCX_CPU_PREEMPT_UNKNOWN,
  SCX_ENQ_WAKEUP,
  SCX_DEQ_SLEEP,
  SCX_WAKE_SYNC,
  SCX_TASK_QUEUED,
  EBUSY,
  exists,
  hash,
  range,
  scx_bpf_cid_topo,
  scx_bpf_nr_cids,
} from 'scxts';
import { u64, u32 } from 'scxts';

const enum Ev {
  select_cpu,
  enqueue,
  dequeue,
  dispatch,
  tick,
  runnable,
  running,
  stopping,
  quiescent,
  yielded,
  core_sched,
  set_weight,
  set_cpumask,
  update_idle,
  acquire,
  release,
  online,
  offline,
  init_task,
  exit_task,
  enable,
  disable,
  cg_init,
  cg_exit,
  cg_prep,
  cg_move,
  cg_cancel,
  cg_weight,
  cg_bandwidth,
  cg_idle,
  max,
}
const calls = percpuArray<u64>(32);
export const nr_sync = counter('synchronous wakeups');
export const nr_again = counter('tasks handed back');
export const nr_sleep = counter('dequeued to sleep');
export const nr_rt = counter('CPUs lost to RT');
export const nr_dl = counter('CPUs lost to deadline');

const children = hash<u64, u32>(16);
let nodes: u32 = 0;
let exit_kind: u32 = 0;
let last_weight: u32 = 0;
let quota_us: u64 = 0;

function hit(ev: Ev): void {
  calls.add(ev, 1);
}

export default scheduler({
  name: 'stranger_callbacks',
  flags: SCX_OPS_ENQ_LAST | SCX_OPS_ENQ_EXITING | SCX_OPS_KEEP_BUILTIN_IDLE,
  timeout_ms: 20_000,
  dispatch_max_batch: 32,
  exit_dump_len: 64 * 1024,

  select_cpu(p, prev_cpu, wake_flags) {
    hit(Ev.select_cpu);
    if (wake_flags & SCX_WAKE_SYNC) nr_sync.inc();
    const r = scx_bpf_select_cpu_dfl(p, prev_cpu, wake_flags);
    if (r.is_idle) scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, SCX_SLICE_DFL, 0);
    return r.cpu;
  },
  enqueue(p, enq_flags) {
    hit(Ev.enqueue);
    scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
  },
  dequeue(p, deq_flags) {
    hit(Ev.dequeue);
    if (deq_flags & SCX_DEQ_SLEEP) nr_sleep.inc();
  },
  dispatch(cpu, prev) {
    hit(Ev.dispatch);
    if (prev && prev.scx.flags & SCX_TASK_QUEUED && prev.scx.slice === 0)
      prev.scx.slice = SCX_SLICE_DFL;
  },
  tick(p) {
    hit(Ev.tick);
  },
  runnable(p, enq_flags) {
    hit(Ev.runnable);
    if (enq_flags & SCX_ENQ_WAKEUP) hit(Ev.runnable);
  },
  running(p) {
    hit(Ev.running);
  },
  stopping(p, runnable) {
    if (runnable) hit(Ev.stopping);
  },
  quiescent(p, deq_flags) {
    hit(Ev.quiescent);
  },
  yield(from, to) {
    hit(Ev.yielded);
    if (to && to.pid === from.pid) return true;
    return false;
  },
  core_sched_before(a, b) {
    hit(Ev.core_sched);
    return a.scx.dsq_vtime < b.scx.dsq_vtime;
  },
  set_weight(p, weight) {
    hit(Ev.set_weight);
    last_weight = weight;
  },
  set_cpumask(p, cpumask) {
    hit(Ev.set_cpumask);
  },
  update_idle(cpu, idle) {
    if (idle) hit(Ev.update_idle);
  },
  cpu_acquire(cpu, args) {
    hit(Ev.acquire);
  },
  cpu_release(cpu, args) {
    hit(Ev.release);
    switch (args.reason) {
      case SCX_CPU_PREEMPT_RT:
        nr_rt.inc();
        break;
      case SCX_CPU_PREEMPT_DL:
        nr_dl.inc();
        break;
      case SCX_CPU_PREEMPT_STOP:
      case SCX_CPU_PREEMPT_UNKNOWN:
      default:
        break;
    }
    nr_again.add(scx_bpf_reenqueue_local());
  },
  cpu_online(cpu) {
    hit(Ev.online);
  },
  cpu_offline(cpu) {
    hit(Ev.offline);
  },
  init_task(p, args) {
    hit(Ev.init_task);
    return args.fork ? 0 : 0;
  },
  exit_task(p, args) {
    if (!args.cancelled) hit(Ev.exit_task);
  },
  enable(p) {
    hit(Ev.enable);
  },
  disable(p) {
    hit(Ev.disable);
  },
  dump(ctx) {
    scx_bpf_dump(`kind=${ctx.kind} at=${ctx.at_ns}\n`);
  },
  dump_cpu(ctx, cpu, idle) {
    scx_bpf_dump(`cpu ${cpu} idle ${idle}\n`);
  },
  dump_task(ctx, p) {
    scx_bpf_dump(`task ${p.comm} ${p.pid} vtime=${p.scx.dsq_vtime}\n`);
  },
  cgroup_init(cgrp, args) {
    hit(Ev.cg_init);
    last_weight = args.weight;
    return 0;
  },
  cgroup_exit(cgrp) {
    hit(Ev.cg_exit);
  },
  cgroup_prep_move(p, from, to) {
    hit(Ev.cg_prep);
    return 0;
  },
  cgroup_move(p, from, to) {
    hit(Ev.cg_move);
  },
  cgroup_cancel_move(p, from, to) {
    hit(Ev.cg_cancel);
  },
  cgroup_set_weight(cgrp, weight) {
    hit(Ev.cg_weight);
    last_weight = weight;
  },
  cgroup_set_bandwidth(cgrp, period, quota, burst) {
    hit(Ev.cg_bandwidth);
    quota_us = quota;
  },
  cgroup_set_idle(cgrp, idle) {
    if (idle) hit(Ev.cg_idle);
  },
  sub_attach(args) {
    if (args.ops.sub_cgroup_id === 1) return -EBUSY;
    children.set(args.ops.sub_cgroup_id, 1);
    return 0;
  },
  sub_detach(args) {
    children.delete(args.ops.sub_cgroup_id);
  },
  init() {
    if (exists(scx_bpf_cid_topo) && exists(scx_bpf_nr_cids)) {
      for (const cid of range(scx_bpf_nr_cids())) {
        const { out } = scx_bpf_cid_topo(cid);
        if (out.node_cid === cid) nodes++;
      }
    }
    bpf_printk(`everything starts`);
    return 0;
  },
  exit(ei) {
    exit_kind = ei.kind;
  },
});
