import {
  array,
  bpf_seq_printf,
  atomicOr,
  bpf_get_attach_cookie,
  fentry,
  fexit,
  iter,
  kprobe,
  kretprobe,
  perf_event,
  range,
  raw_tp,
  scheduler,
  scx_bpf_create_dsq,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_move_to_local,
  tp_btf,
  tracepoint,
  u32,
  u64,
  SCX_SLICE_DFL,
} from 'scxts';

/** Queue 0 is that of a scheduler that has heard nothing; each program beside it has one of its own. */
const LANES = 10;

/** The queue that tasks go to: the number, for most the cookie, of the program that ran last. */
let lane: u64 = 0;
/** Programs that have run at all, a bit each. */
let heard: u64 = 0;
/** Tasks that a CPU took out of each queue. */
const moved = array<u64>(LANES);

function hear(cookie: u64): void {
  if (cookie >= LANES) return;
  lane = cookie;
  atomicOr(heard, u64(1) << cookie);
}

export const on_tp_btf = tp_btf('sched_wakeup', (p) => {
  hear(bpf_get_attach_cookie());
});
export const on_raw_tp = raw_tp('sched_switch', (preempt, prev, next) => {
  hear(bpf_get_attach_cookie());
});
export const on_tracepoint = tracepoint('sched/sched_process_fork', (ctx) => {
  hear(bpf_get_attach_cookie());
});
export const on_kprobe = kprobe('do_nanosleep', (regs) => {
  hear(bpf_get_attach_cookie());
});
export const on_kretprobe = kretprobe('do_nanosleep', (regs) => {
  hear(bpf_get_attach_cookie());
});
export const on_fentry = fentry('do_exit', (code) => {
  hear(bpf_get_attach_cookie());
});
export const on_fexit = fexit('wake_up_process', (p, ret) => {
  hear(bpf_get_attach_cookie());
});
export const on_perf_event = perf_event('cpu-clock', (ctx) => {
  hear(bpf_get_attach_cookie());
});
// Runs when it is read, without a cookie.
export const on_iter = iter('task', (task, meta) => {
  if (task) bpf_seq_printf(meta.seq, `${task.pid} ${task.comm}\n`);
  else hear(9);
});
export const on_cgroup = iter('cgroup', (cgrp, meta) => {
  if (cgrp) bpf_seq_printf(meta.seq, `${cgrp.level} ${cgrp.kn.id}\n`);
});
// No kernel has it: the scheduler does without.
export const on_missing = fentry('scxts_no_such_function', () => {
  hear(bpf_get_attach_cookie());
});

export default scheduler({
  name: 'listening',
  select_cpu(p, prev_cpu) {
    return prev_cpu;
  },
  enqueue(p, enq_flags) {
    scx_bpf_dsq_insert(p, lane, SCX_SLICE_DFL, enq_flags);
  },
  // The lanes of programs first, so that none is left behind when its program is detached.
  dispatch() {
    for (const i of range(LANES)) {
      const from = u32(LANES - 1 - i);
      if (scx_bpf_dsq_move_to_local(from, 0)) {
        moved.add(from, 1);
        return;
      }
    }
  },
  init() {
    for (const i of range(LANES)) {
      const err = scx_bpf_create_dsq(i, -1);
      if (err) return err;
    }
    return 0;
  },
});
