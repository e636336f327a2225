// Reads of the kernel's structs in many ways: bitfields, fields whose width differs between kernels, fields that came
// and went, pointers that may be null, run queues, names.
import {
  scheduler,
  counter,
  exists,
  hash,
  percpu,
  raw_tp,
  streq,
  tp_btf,
  fentry,
  tracepoint,
  scx_bpf_cpu_rq,
  scx_bpf_dsq_insert,
  scx_bpf_locked_rq,
  PF_EXITING,
  PF_KTHREAD,
  SCX_DSQ_GLOBAL,
  SCX_SLICE_DFL,
  type FixedArray,
  type bool,
  type s32,
  type u32,
  type u64,
  type u8,
} from 'scxts';
import type { task_struct } from 'scxts/vmlinux';

interface Flags {
  in_iowait: u32;
  migrated: u32;
  on_cpu: s32;
  on_rq: s32;
  state: u32;
  level: s32;
  parent: s32;
  threads: s32;
  weight: u32;
  freezing: bool;
  comm: FixedArray<u8, 16>;
}
interface Rq {
  clock: u64;
  running: u32;
  curr: s32;
}
const seen = hash<s32, Flags>(4096);
const rqs = percpu<Rq>();
let runtime: u64 = 0;
export const nr_iowait = counter('wakeups of tasks that slept for I/O');
export const nr_shells = counter('children of shells');

function look(p: task_struct, f: Flags): void {
  const { comm, flags, cgroups } = p;
  f.in_iowait = p.in_iowait;
  f.migrated = p.sched_migrated + p.sched_reset_on_fork;
  f.on_cpu = p.on_cpu;
  f.on_rq = p.on_rq;
  f.state = p.__state;
  f.level = cgroups.dfl_cgrp.level;
  f.freezing = cgroups.dfl_cgrp.freezer.e_freeze !== 0;
  f.parent = p.real_parent?.pid ?? -1;
  f.threads = p.signal.nr_threads;
  if (exists(p.sched_task_group.scx_weight)) f.weight = p.sched_task_group.scx_weight;
  else f.weight = p.sched_task_group.scx.weight;
  f.comm = comm;
  if (!(flags & (PF_KTHREAD | PF_EXITING)) && streq(p.real_parent.comm, 'sh')) nr_shells.inc();
}

export const on_switch = tp_btf('sched_switch', (preempt, prev) => {
  const f = seen.get(prev.pid);
  if (f) look(prev, f);
});
export const on_migrate = raw_tp('sched_migrate_task', (p) => {
  const f = seen.get(p.pid);
  if (f) f.in_iowait = p.in_iowait;
});
export const on_wakeup = fentry('try_to_wake_up', (p) => {
  if (p.in_iowait) nr_iowait.inc();
});
export const on_runtime = tracepoint('sched/sched_stat_runtime', (ctx) => {
  runtime += ctx.runtime;
});
export const on_nanosleep = tracepoint('syscalls/sys_enter_clock_nanosleep', (ctx) => {
  if (ctx.args[0] === 1) runtime += 1;
});

export default scheduler({
  name: 'stranger_fields',
  enqueue(p, enq_flags) {
    const slice = p.in_iowait ? SCX_SLICE_DFL * 2 : SCX_SLICE_DFL;
    scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, slice, enq_flags);
  },
  cgroup_init(cgrp, args) {
    if (exists(args.bw_quota_us)) runtime += args.bw_quota_us / (args.bw_period_us || 1);
    return 0;
  },
  tick() {
    const mine = rqs.this();
    if (exists(scx_bpf_locked_rq)) {
      const rq = scx_bpf_locked_rq();
      if (!rq) return;
      mine.clock = rq.clock;
      mine.running = rq.nr_running;
      mine.curr = rq.curr?.pid ?? -1;
    } else if (exists(scx_bpf_cpu_rq)) {
      const rq = scx_bpf_cpu_rq(0);
      if (rq) mine.clock = rq.clock;
    }
  },
});
