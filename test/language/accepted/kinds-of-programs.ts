// Programs of every kind, walks and references from each of them.
import {
  scheduler,
  tp_btf,
  fentry,
  fexit,
  kprobe,
  kretprobe,
  tracepoint,
  perf_event,
  timer,
  syscall,
  hash,
  taskStorage,
  cgroupStorage,
  percpu,
  counter,
  each,
  s32,
  u32,
  u64,
  bpf_get_current_task_btf,
  bpf_get_current_pid_tgid,
  bpf_cpumask_weight,
  bpf_cpumask_test_cpu,
  bpf_task_from_pid,
  bpf_task_acquire,
  bpf_ktime_get_ns,
  scx_bpf_kick_cpu,
  scx_bpf_dsq_nr_queued,
  scx_bpf_dsq_insert,
  scx_bpf_task_cgroup,
  bpf_rcu_read_lock,
  SCX_KICK_PREEMPT,
  SCX_DSQ_GLOBAL,
  SCX_SLICE_DFL,
  NSEC_PER_MSEC,
  streq,
  atomicAdd,
  range,
  scx_bpf_nr_cpu_ids,
  bpf_printk,
  PF_KTHREAD,
} from 'scxts';
import type { task_struct } from 'scxts/vmlinux';
interface T {
  wakes: u64;
  last: u64;
  boost: u32;
}
interface C {
  busy: u64;
}
const tctx = taskStorage<T>();
const cctx = cgroupStorage<C>();
const cpu = percpu<C>();
const by_pid = hash<s32, u64>(1024);
export const nr = counter('x');
let total: u64 = 0;
function note(p: task_struct): void {
  const t = tctx.get(p) ?? tctx.create(p);
  if (t) {
    t.wakes++;
    t.last = bpf_ktime_get_ns();
  }
}
export const on_switch = tp_btf('sched_switch', (preempt, prev, next) => {
  note(next);
  if (preempt) total++;
  if (bpf_cpumask_weight(prev.cpus_ptr) > 1) total++;
  const me = bpf_get_current_task_btf();
  if (me.flags & PF_KTHREAD) return;
  by_pid.add(next.pid, 1);
  cpu.this().busy += next.se.sum_exec_runtime;
});
export const on_wakeup = tp_btf('sched_wakeup', (p) => {
  note(p);
  if (streq(p.comm, 'x')) nr.inc();
});
export const on_new = fentry('wake_up_new_task', (p) => {
  note(p);
  atomicAdd(total, u64(p.prio));
});
export const on_exit = fexit('wake_up_new_task', (p) => {
  note(p);
  total++;
});
export const kp = kprobe('do_exit', (ctx) => {
  by_pid.set(s32(bpf_get_current_pid_tgid()), 3);
});
export const kr = kretprobe('wake_up_new_task', (ctx) => {
  total++;
});
export const freq = tracepoint('power/cpu_frequency', (ctx) => {
  const c = cpu.of(ctx.cpu_id);
  if (c) c.busy = u64(ctx.state);
});
export const wk = tracepoint('sched/sched_wakeup', (ctx) => {
  if (ctx.target_cpu === 1) total++;
  by_pid.set(ctx.pid, u64(ctx.prio));
});
export const sample = perf_event((ctx) => {
  cpu.this().busy++;
});
export const kick = timer(() => {
  for (const c of range(scx_bpf_nr_cpu_ids())) {
    if ((cpu.of(c)?.busy ?? 0) > 100) scx_bpf_kick_cpu(c, SCX_KICK_PREEMPT);
  }
  using t = bpf_task_from_pid(1);
  if (t) {
    note(t);
    const par = t.real_parent;
    note(par);
    bpf_printk(`pid ${t.pid} ${par.comm} ${scx_bpf_dsq_nr_queued(SCX_DSQ_GLOBAL)}`);
  }
  for (const q of each.task()) {
    const c = tctx.get(q);
    if (c && c.wakes > 5) {
      using own = bpf_task_acquire(q);
      if (own) total += u64(own.pid);
    }
  }
  kick.start(10 * NSEC_PER_MSEC);
});
export const top = syscall((a: { pid: s32; out: u64 }) => {
  using t = bpf_task_from_pid(a.pid);
  if (!t) return -3;
  const g = t.group_leader;
  note(g);
  a.out = tctx.get(t)?.wakes ?? 0;
  return bpf_cpumask_test_cpu(0, t.cpus_ptr) ? 1 : 0;
});
export default scheduler({
  name: 'kinds_of_programs',
  init() {
    kick.start(NSEC_PER_MSEC);
    return 0;
  },
  init_task(p, args) {
    note(p);
    if (args.fork) note(p.real_parent);
    return 0;
  },
  enqueue(p, f) {
    using cg = scx_bpf_task_cgroup(p);
    if (cg) {
      const c = cctx.create(cg);
      if (c) c.busy++;
    }
    note(p);
    note(p.real_parent);
    scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, f);
  },
  exit_task(p, args) {
    tctx.delete(p);
    if (args.cancelled) total--;
  },
  cgroup_move(p, from, to) {
    const a = cctx.get(from);
    const b = cctx.get(to);
    if (a && b) b.busy += a.busy;
  },
  set_cpumask(p, mask) {
    if (bpf_cpumask_weight(mask) === 1) total++;
  },
  yield(from, to) {
    note(from);
    return to !== null;
  },
});
