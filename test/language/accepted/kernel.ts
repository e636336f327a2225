import {
  scheduler,
  exists,
  each,
  range,
  scx_bpf_create_dsq,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_insert_vtime,
  scx_bpf_dsq_move_to_local,
  scx_bpf_dsq_move,
  scx_bpf_dsq_move_vtime,
  scx_bpf_dsq_move_set_slice,
  scx_bpf_select_cpu_dfl,
  scx_bpf_select_cpu_and,
  scx_bpf_kick_cpu,
  scx_bpf_pick_idle_cpu,
  scx_bpf_test_and_clear_cpu_idle,
  scx_bpf_get_idle_cpumask,
  scx_bpf_get_online_cpumask,
  scx_bpf_now,
  scx_bpf_task_running,
  scx_bpf_task_cpu,
  scx_bpf_cpu_curr,
  scx_bpf_nr_cpu_ids,
  scx_bpf_cpuperf_set,
  scx_bpf_dsq_nr_queued,
  scx_bpf_error,
  scx_bpf_exit,
  scx_bpf_dump,
  scx_bpf_task_set_slice,
  scx_bpf_reenqueue_local,
  scx_bpf_dispatch_nr_slots,
  bpf_task_from_pid,
  bpf_cgroup_from_id,
  bpf_cpumask_test_cpu,
  bpf_cpumask_first,
  bpf_cpumask_weight,
  bpf_rcu_read_lock,
  bpf_get_prandom_u32,
  bpf_cpumask_create,
  bpf_cpumask_set_cpu,
  bpf_cpumask_and,
  kptrXchg,
  time_before,
  time_delta,
  u32,
  u64,
  s32,
  SCX_DSQ_LOCAL,
  SCX_DSQ_LOCAL_ON,
  SCX_DSQ_GLOBAL,
  SCX_SLICE_DFL,
  SCX_SLICE_INF,
  SCX_KICK_PREEMPT,
  SCX_KICK_IDLE,
  SCX_ENQ_WAKEUP,
  SCX_ENQ_IMMED,
  SCX_OPS_ENQ_LAST,
  SCX_OPS_KEEP_BUILTIN_IDLE,
  SCX_TASK_QUEUED,
  PF_KTHREAD,
  ENOENT,
  NSEC_PER_MSEC,
  bpf_jiffies64,
  type Kptr,
} from 'scxts';
import type { bpf_cpumask, cpumask, task_struct } from 'scxts/vmlinux';

const Q = 5;
const HIGH = Q + 1;
let primary: Kptr<bpf_cpumask> | null = null;
let last: u64 = 0;

/** @noinline */
function pickAny(mask: cpumask, n: u32): s32 {
  let best: s32 = -1;
  for (const cpu of range(n)) {
    if (bpf_cpumask_test_cpu(cpu, mask)) best = cpu;
  }
  return best;
}

function isKthread(p: task_struct): boolean {
  return (p.flags & PF_KTHREAD) !== 0;
}

export default scheduler({
  name: 'kernel',
  flags: SCX_OPS_ENQ_LAST | SCX_OPS_KEEP_BUILTIN_IDLE,
  exit_dump_len: 8192,
  select_cpu(p, prev_cpu, wake_flags) {
    const r = scx_bpf_select_cpu_and(p, prev_cpu, wake_flags, p.cpus_ptr, 0);
    if (r >= 0) return r;
    if (scx_bpf_test_and_clear_cpu_idle(prev_cpu)) {
      scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL_ON | prev_cpu, SCX_SLICE_DFL, 0);
      return prev_cpu;
    }
    const picked = scx_bpf_select_cpu_dfl(p, prev_cpu, wake_flags);
    if (picked.is_idle) scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, SCX_SLICE_DFL, 0);
    return picked.cpu;
  },
  enqueue(p, enq_flags) {
    if (isKthread(p) && p.nr_cpus_allowed === 1) {
      scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, SCX_SLICE_INF, enq_flags);
      return;
    }
    if (enq_flags & SCX_ENQ_WAKEUP) scx_bpf_kick_cpu(scx_bpf_task_cpu(p), SCX_KICK_IDLE);
    if (exists(SCX_ENQ_IMMED)) last = SCX_ENQ_IMMED;
    if (!scx_bpf_dsq_insert_vtime(p, Q, SCX_SLICE_DFL, p.scx.dsq_vtime, enq_flags)) last = 1;
    using mask = scx_bpf_get_idle_cpumask();
    const cpu = pickAny(mask, scx_bpf_nr_cpu_ids());
    if (cpu >= 0) scx_bpf_kick_cpu(cpu, SCX_KICK_PREEMPT);
    using task = bpf_task_from_pid(p.tgid);
    if (task && scx_bpf_task_running(task)) last += u32(task.pid);
    if (p.real_parent.pid === 1) last = p.real_parent.start_time;
    using cg = bpf_cgroup_from_id(1);
    if (cg) last += cg.kn.id;
  },
  dispatch(cpu, prev) {
    if (scx_bpf_dsq_move_to_local(HIGH, 0)) return;
    const it = each.scx_dsq(Q);
    for (const p of it) {
      if (!bpf_cpumask_test_cpu(u32(cpu), p.cpus_ptr)) continue;
      scx_bpf_dsq_move_set_slice(it, 5 * NSEC_PER_MSEC);
      if (scx_bpf_dsq_move_vtime(it, p, HIGH, 0)) break;
      scx_bpf_dsq_move(it, p, SCX_DSQ_LOCAL, 0);
    }
    scx_bpf_dsq_move_to_local(Q, 0);
    if (prev && prev.scx.flags & SCX_TASK_QUEUED) scx_bpf_task_set_slice(prev, SCX_SLICE_DFL);
    if (scx_bpf_dispatch_nr_slots() === 0) return;
    using rcu = bpf_rcu_read_lock();
    const m = primary;
    if (m && bpf_cpumask_weight(m) > 0) last = bpf_cpumask_first(m);
  },
  tick(p) {
    const now = scx_bpf_now();
    if (time_before(last, now)) last = now;
    last += time_delta(now, last);
    if (exists(scx_bpf_cpu_curr)) {
      const curr = scx_bpf_cpu_curr(0);
      if (curr && curr.pid === p.pid) last = 1;
    }
    p.scx.slice = 0;
    last ^= bpf_get_prandom_u32() + bpf_jiffies64();
  },
  running(p) {
    scx_bpf_cpuperf_set(scx_bpf_task_cpu(p), 512);
    if (scx_bpf_dsq_nr_queued(Q) < 0) scx_bpf_error(`queue ${Q} of ${p.comm} is gone: ${p.pid}`);
  },
  stopping(p, runnable) {
    if (!runnable) p.scx.dsq_vtime += p.scx.weight;
  },
  cpu_release(cpu, args) {
    if (args.reason === 0) scx_bpf_reenqueue_local();
  },
  update_idle(cpu, idle) {
    if (idle) last = u64(cpu);
  },
  set_weight(p, weight) {
    last = weight;
  },
  set_cpumask(p, cpumask) {
    last = bpf_cpumask_first(cpumask);
  },
  init_task(p, args) {
    return args.cgroup.level > 100 ? -ENOENT : 0;
  },
  exit_task(p, args) {
    if (args.cancelled) last = 0;
  },
  dump(ctx) {
    scx_bpf_dump(`last ${last} at ${ctx.at_ns}`);
  },
  cpu_online(cpu) {
    last = u64(cpu);
  },
  cpu_offline(cpu) {
    if (cpu < 0) scx_bpf_exit(5, `gone ${cpu}`);
  },
  init() {
    const err = scx_bpf_create_dsq(Q, -1);
    if (err) return err;
    using mask = bpf_cpumask_create();
    if (!mask) return -12;
    bpf_cpumask_set_cpu(0, mask);
    using online = scx_bpf_get_online_cpumask();
    bpf_cpumask_and(mask, mask, online);
    using old = kptrXchg(primary, mask);
    if (old) return 0;
    for (const cpu of each.cpu(online)) last += cpu;
    if (scx_bpf_pick_idle_cpu(online, 0) >= 0) last = SCX_DSQ_GLOBAL;
    return scx_bpf_create_dsq(HIGH, -1);
  },
  exit(ei) {
    if (ei.kind > 5) last = 0;
  },
});
