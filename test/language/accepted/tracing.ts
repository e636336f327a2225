import {
  scheduler,
  tracepoint,
  tp_btf,
  fentry,
  fexit,
  kretprobe,
  perf_event,
  raw_tp,
  kprobe,
  counter,
  hash,
  SCX_EXIT_ERROR,
  SCX_EXIT_UNREG,
  SCX_EXIT_SYSRQ,
  SCX_SLICE_DFL,
  SCX_DSQ_GLOBAL,
  scx_bpf_dsq_insert,
  each,
  range,
  u64,
  type u32,
  type s64,
} from 'scxts';
import type { task_struct } from 'scxts/vmlinux';

const freq = hash<u32, u64>(64);
export const forks = counter('forks');
let last: u64 = 0;

export const on_freq = tracepoint('power/cpu_frequency', (ctx) => {
  freq.set(ctx.cpu_id, ctx.state);
});
export const on_fork = tp_btf('sched_process_fork', (parent, child) => {
  if (parent.tgid === child.tgid) return;
  forks.inc();
});
export const on_exit = fentry('do_exit', (code) => {
  last = u64(code);
});
export const on_fair = fexit('wake_up_process', (p, ret) => {
  if (ret) last = p.scx.dsq_vtime;
});
export const on_other = fentry('do_group_exit', (code: s64) => {
  last = u64(code);
});
export const on_switch = raw_tp('sched_switch', (preempt, prev, next) => {
  if (preempt && next.pid !== 0) last = u64(prev.pid) + next.se.sum_exec_runtime;
});
export const on_sample = perf_event(
  'cpu-clock',
  (ctx) => {
    last = ctx.sample_period + ctx.regs.ip;
  },
  { freq: 50 },
);
export const on_plain_sample = perf_event((ctx) => {
  last = ctx.addr;
});
export const on_return = kretprobe('do_nanosleep', (regs) => {
  last = regs.ax;
});
export const on_probe = kprobe('do_exit', (regs) => {
  last = regs.di;
});

function kind(k: u64): u32 {
  let n: u32 = 0;
  for (const i of range(3)) {
    switch (k) {
      case SCX_EXIT_UNREG:
      case SCX_EXIT_SYSRQ:
        n += 1;
        break;
      case SCX_EXIT_ERROR:
        if (i > 1) continue;
        return 2;
      default:
        n += 3;
    }
  }
  return n;
}

function count(of: task_struct): u32 {
  let n: u32 = 0;
  for (const t of each.task(of)) {
    if (t.pid > 0) n++;
  }
  return n;
}

export default scheduler({
  name: 'tracing',
  enqueue(p, enq_flags) {
    scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
    last = kind(last) + count(p);
  },
});
