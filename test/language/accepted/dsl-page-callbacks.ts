// every callback
import {
  scheduler,
  counter,
  config,
  taskStorage,
  cgroupStorage,
  percpu,
  hash,
  exists,
  u8,
  u16,
  u32,
  u64,
  s8,
  s16,
  s32,
  s64,
  bool,
  zeroed,
  type FixedArray,
  type CString,
  type Ref,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_insert_vtime,
  scx_bpf_create_dsq,
  scx_bpf_dsq_move_to_local,
  scx_bpf_exit,
  scx_bpf_error,
  scx_bpf_dump,
  bpf_printk,
  bpf_ktime_get_ns,
  bpf_ktime_get_boot_ns,
  bpf_get_smp_processor_id,
  bpf_get_numa_node_id,
  streq,
  startsWith,
  time_before,
  SCX_DSQ_GLOBAL,
  SCX_DSQ_LOCAL,
  SCX_SLICE_DFL,
  SCX_OPS_KEEP_BUILTIN_IDLE,
  SCX_OPS_ENQ_MIGRATION_DISABLED,
  SCX_DEQ_SLEEP,
  SCX_DEQ_CORE_SCHED_EXEC,
  SCX_EXIT_UNREG,
  SCX_EXIT_ERROR,
  SCX_RQ_ONLINE,
  PF_KTHREAD,
  PF_EXITING,
  PF_IDLE,
  CLONE_VM,
  EINVAL,
  ENOMEM,
  EBUSY,
  EPERM,
  NSEC_PER_SEC,
  NSEC_PER_USEC,
  USEC_PER_SEC,
  BPF_ANY,
  BPF_EXIST,
  BPF_F_CURRENT_CPU,
} from 'scxts';
import type { task_struct, cgroup, sched_ext_entity, scx_exit_info } from 'scxts/vmlinux';
interface T {
  enq: u64;
  sum: u64;
  flags: u32;
  cls: u8;
  ok: bool;
  name: CString<16>;
  small: FixedArray<s16, 3>;
}
interface G {
  w: u32;
  quota: u64;
  period: u64;
  burst: u64;
  idle: bool;
  tasks: s32;
}
interface C {
  online: bool;
  acquired: u64;
  idle_since: u64;
  idle_ns: u64;
}
const tctx = taskStorage<T>();
const gctx = cgroupStorage<G>();
const cpu_ctx = percpu<C>();
let nr_online: s32 = 0;
let exit_kind: u32 = 0;
let last_name: CString<16> = zeroed();
export const nr_yield = counter('yields');
function classify(p: task_struct): u8 {
  if (p.flags & PF_KTHREAD) return 1;
  if (startsWith(p.comm, 'ksoft') || startsWith(p.comm, 'rcu_')) return 2;
  if (streq(p.comm, 'node')) return 3;
  return p.policy === 5 ? 4 : 0;
}
export default scheduler({
  name: 'd1',
  timeout_ms: 20_000,
  dispatch_max_batch: 16,
  exit_dump_len: 1 << 16,
  select_cpu(p, prev_cpu, wake_flags) {
    return prev_cpu;
  },
  enqueue(p, enq_flags) {
    const t = tctx.get(p);
    if (t) t.enq = bpf_ktime_get_boot_ns();
    scx_bpf_dsq_insert_vtime(p, 7, SCX_SLICE_DFL / 2, p.scx.dsq_vtime, enq_flags);
  },
  dequeue(p, deq_flags) {
    const t = tctx.get(p);
    if (t && deq_flags & SCX_DEQ_SLEEP) t.flags |= 1;
  },
  dispatch(cpu, prev) {
    scx_bpf_dsq_move_to_local(7, 0);
  },
  tick(p) {
    const t = tctx.get(p);
    if (t) t.sum++;
  },
  runnable(p, enq_flags) {
    const t = tctx.get(p);
    if (t) {
      t.flags &= ~1;
      t.small[1] = -3;
    }
  },
  running(p) {
    const { idle_ns } = cpu_ctx.this();
    if (idle_ns > 0) cpu_ctx.this().idle_ns = 0;
  },
  stopping(p, runnable) {
    if (!runnable) {
      const t = tctx.get(p);
      if (t) t.ok = true;
    }
  },
  quiescent(p, deq_flags) {
    const t = tctx.get(p);
    if (t) t.ok = false;
  },
  yield(from, to) {
    nr_yield.inc();
    return to !== null;
  },
  core_sched_before(a, b) {
    return time_before(a.scx.dsq_vtime, b.scx.dsq_vtime);
  },
  set_weight(p, weight) {
    const t = tctx.get(p);
    if (t) t.flags = weight;
  },
  set_cpumask(p, cpumask) {
    const t = tctx.get(p);
    if (t) t.cls = classify(p);
  },
  update_idle(cpu, idle) {
    const c = cpu_ctx.of(cpu);
    if (!c) return;
    const now = bpf_ktime_get_ns();
    if (idle) c.idle_since = now;
    else if (c.idle_since) c.idle_ns += now - c.idle_since;
  },
  cpu_acquire(cpu, args) {
    const c = cpu_ctx.of(cpu);
    if (c) c.acquired++;
  },
  cpu_release(cpu, args) {
    const c = cpu_ctx.of(cpu);
    if (c && args.reason > 1) c.acquired--;
  },
  cpu_online(cpu) {
    nr_online++;
    const c = cpu_ctx.of(cpu);
    if (c) c.online = true;
  },
  cpu_offline(cpu) {
    nr_online--;
  },
  init_task(p, args) {
    const t = tctx.create(p);
    if (!t) return -ENOMEM;
    t.cls = classify(p);
    if (args.fork) t.flags = 0x80;
    return 0;
  },
  exit_task(p, args) {
    if (args.cancelled) nr_yield.add(0);
    tctx.delete(p);
  },
  enable(p) {
    p.scx.dsq_vtime = 0;
  },
  disable(p) {
    p.scx.dsq_vtime = 0;
  },
  dump(ctx) {
    scx_bpf_dump(`online ${nr_online} ${ctx.reason}`);
  },
  dump_cpu(ctx, cpu, idle) {
    scx_bpf_dump(`cpu ${cpu} idle=${idle}`);
  },
  dump_task(ctx, p) {
    const t = tctx.get(p);
    if (t) scx_bpf_dump(`task ${p.comm}[${p.pid}] sum ${t.sum}`);
  },
  cgroup_init(cgrp, args) {
    const g = gctx.create(cgrp);
    if (!g) return -ENOMEM;
    g.w = args.weight;
    return 0;
  },
  cgroup_exit(cgrp) {
    gctx.delete(cgrp);
  },
  cgroup_prep_move(p, from, to) {
    return 0;
  },
  cgroup_move(p, from, to) {
    const g = gctx.get(to);
    if (g) g.tasks++;
  },
  cgroup_cancel_move(p, from, to) {
    const g = gctx.get(from);
    if (g) g.tasks++;
  },
  cgroup_set_weight(cgrp, weight) {
    const g = gctx.get(cgrp);
    if (g) g.w = weight;
  },
  cgroup_set_bandwidth(cgrp, period_us, quota_us, burst_us) {
    const g = gctx.get(cgrp);
    if (g) {
      g.period = period_us;
      g.quota = quota_us;
      g.burst = burst_us;
    }
  },
  cgroup_set_idle(cgrp, idle) {
    const g = gctx.get(cgrp);
    if (g) g.idle = idle;
  },
  init() {
    const e = scx_bpf_create_dsq(7, -1);
    if (e < 0 && e !== -EBUSY) {
      scx_bpf_error(`dsq: ${e}`);
      return e;
    }
    return 0;
  },
  exit(ei) {
    exit_kind = ei.kind;
    if (ei.kind >= SCX_EXIT_ERROR) bpf_printk(`exit ${ei.exit_code}`);
  },
});
