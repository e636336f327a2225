import {
  scheduler,
  config,
  counter,
  percpu,
  array,
  hash,
  kconfig,
  exists,
  range,
  zeroed,
  bpf_printk,
  scx_bpf_error,
  scx_bpf_exit,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_insert_vtime,
  scx_bpf_create_dsq,
  scx_bpf_destroy_dsq,
  scx_bpf_dsq_move_to_local,
  scx_bpf_dispatch_cancel,
  bpf_get_prandom_u32,
  bpf_get_smp_processor_id,
  bpf_get_current_pid_tgid,
  bpf_get_current_task_btf,
  bpf_ktime_get_boot_ns,
  bpf_ktime_get_tai_ns,
  bpf_jiffies64,
  SCX_DSQ_LOCAL,
  SCX_DSQ_GLOBAL,
  SCX_SLICE_DFL,
  SCX_ENQ_HEAD,
  SCX_ENQ_LAST,
  SCX_ENQ_REENQ,
  SCX_DEQ_SLEEP,
  SCX_TASK_QUEUED,
  SCX_OPS_SWITCH_PARTIAL,
  SCX_OPS_ENQ_EXITING,
  SCX_OPS_ENQ_MIGRATION_DISABLED,
  SCX_EXIT_ERROR,
  SCX_WAKE_SYNC,
  SCX_WAKE_FORK,
  SCX_WAKE_TTWU,
  PF_EXITING,
  PF_IDLE,
  PF_KTHREAD,
  CLONE_THREAD,
  CLONE_VM,
  EBUSY,
  EAGAIN,
  EPERM,
  NSEC_PER_SEC,
  NSEC_PER_MSEC,
  time_after,
  time_in_range,
  type FixedArray,
  u8,
  u16,
  u32,
  u64,
  s8,
  s16,
  s32,
  s64,
  bool,
} from 'scxts';
import type { task_struct, rq, cgroup, mm_struct } from 'scxts/vmlinux';

enum Policy {
  FIFO = 1,
  VTIME,
  PRIO = 10,
}
const NR_Q = 4;
const QS = 0x1000;
const weights: u32[] = [100, 200, 400, 800];
const flags: boolean[] = [true, false];
interface Point {
  x: s32;
  y: s32;
}
const origin: Point = { x: -1, y: 1 };
export const policy = config<u32>(Policy.VTIME, 'policy');
export const threshold = config<s32>(-20, 'nice threshold');
export const noisy = config(false);
export const errs = counter();
let hist: FixedArray<u64, 64> = zeroed();
let last_comm: FixedArray<u8, 16> = zeroed();
let enabled: bool = true;
let big: u64 = u64(0xffff_ffff_ffff_ffffn);
let neg: s64 = -5;
let pt: Point = { x: 3, y: 4 };

function isSpecial(p: task_struct): boolean {
  return (p.flags & (PF_KTHREAD | PF_EXITING)) !== 0 || p.nr_cpus_allowed === 1 || p.policy === 3;
}
const niceOf = (p: task_struct): s32 => p.static_prio - 120;
function pick(p: task_struct, at: Point): u64 {
  const { x, y } = at;
  return QS + (u64(x + y) % NR_Q);
}
function bump(h: FixedArray<u64, 64>, v: u64): void {
  let i: u32 = 0;
  while ((v >>= 1)) i++;
  h[i]++;
}
function either(a: u64, b: u64): u64 {
  return a || b;
}
/** @noinline */
function score(pid: s32, weight: u32, nice: s32): u64 {
  let s = u64(weight) * 10;
  if (nice < threshold) s *= 2;
  else if (nice > 10) s /= 3;
  return s + (pid % 7 === 0 ? 1 : 0);
}

export default scheduler({
  name: 'misc',
  flags: SCX_OPS_SWITCH_PARTIAL | SCX_OPS_ENQ_EXITING,
  dispatch_max_batch: 16,
  exit_dump_len: 65536,
  timeout_ms: 5000,
  init() {
    for (let i = 0; i < NR_Q; i++) {
      const ret = scx_bpf_create_dsq(QS + i, -1);
      if (ret) return ret;
    }
    return 0;
  },
  select_cpu(p, prev_cpu, wake_flags) {
    if (wake_flags & SCX_WAKE_SYNC && !(p.flags & PF_EXITING)) {
      const cpu = bpf_get_smp_processor_id();
      return s32(cpu);
    }
    return bpf_get_prandom_u32() % 2 ? prev_cpu : 0;
  },
  enqueue(p, enq_flags) {
    if (enq_flags & SCX_ENQ_LAST || isSpecial(p)) {
      scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, SCX_SLICE_DFL, enq_flags | SCX_ENQ_HEAD);
      return;
    }
    const s = score(p.pid, p.scx.weight, niceOf(p));
    bump(hist, s);
    switch (policy) {
      case Policy.FIFO:
        scx_bpf_dsq_insert(p, pick(p, pt), SCX_SLICE_DFL, enq_flags);
        break;
      case Policy.PRIO:
      case Policy.VTIME: {
        const w = weights[p.pid & 3];
        scx_bpf_dsq_insert_vtime(p, pick(p, origin), SCX_SLICE_DFL, s * w, enq_flags);
        break;
      }
      default:
        scx_bpf_error(`bad policy ${policy} for ${p.comm}: ${big} ${neg} ${enabled}`);
    }
    if (noisy) bpf_printk(`enq ${p.pid} ${s} nice=${niceOf(p)} cpu=${p.thread_info.cpu}`);
    last_comm = p.comm;
    pt.x ^= 1;
    pt = { x: pt.y, y: pt.x };
    enabled = !enabled && s > 3;
    big = either(s > 4 ? s : 0, big);
    const cur = bpf_get_current_task_btf();
    if (cur.pid === p.pid || cur.parent.pid === p.pid) errs.add(1);
    if (p.real_parent?.pid === 1) errs.inc();
    neg -= s64(cur.tgid);
    if (flags[p.pid & 1]) neg = -neg;
    const boot = bpf_ktime_get_boot_ns();
    if (time_after(boot, NSEC_PER_SEC * 3)) return;
    if (time_in_range(boot, 0, NSEC_PER_MSEC)) big++;
  },
  dispatch(cpu, prev) {
    for (let i = 0; i < NR_Q; i++) {
      if (scx_bpf_dsq_move_to_local(QS + ((u64(cpu) + i) % NR_Q), 0)) return;
    }
    if (prev && prev.scx.flags & SCX_TASK_QUEUED) prev.scx.slice = SCX_SLICE_DFL;
  },
  yield(from, to) {
    from.scx.slice = 0;
    return false;
  },
  core_sched_before(a, b) {
    return a.scx.dsq_vtime < b.scx.dsq_vtime;
  },
  set_cpumask(p, cpumask) {
    errs.inc();
  },
  update_idle(cpu, idle) {
    hist[cpu & 63] = idle ? 1 : 0;
  },
  cpu_acquire(cpu, args) {},
  cpu_online(cpu) {},
  cpu_offline(cpu) {},
  enable(p) {
    p.scx.dsq_vtime = 0;
  },
  disable(p) {},
  exit_task(p, args) {
    if (args.cancelled) errs.inc();
  },
  cgroup_init(cgrp, args) {
    return args.weight > 10_000 ? -EPERM : 0;
  },
  cgroup_exit(cgrp) {},
  cgroup_prep_move(p, from, to) {
    return 0;
  },
  cgroup_move(p, from, to) {},
  cgroup_cancel_move(p, from, to) {},
  cgroup_set_weight(cgrp, weight) {},
  exit(ei) {
    if (ei.kind === SCX_EXIT_ERROR) errs.add(100);
    for (let i = 0; i < NR_Q; i++) scx_bpf_destroy_dsq(QS + i);
  },
});
