import {
  scheduler,
  scx_bpf_create_dsq,
  scx_bpf_dsq_insert_vtime,
  scx_bpf_dsq_move_to_local,
  time_before,
  SCX_SLICE_DFL,
  type u64,
} from 'scxts';

const WAITING = 0;
/** Virtual time of the task that started to run last. */
let vtime_now: u64 = 0;

export default scheduler({
  name: 'fairness_solution',

  // Who slept does not come back with all that it did not use: one slice of it is enough.
  enqueue(p, enq_flags) {
    let vtime = p.scx.dsq_vtime;
    if (time_before(vtime, vtime_now - SCX_SLICE_DFL)) vtime = vtime_now - SCX_SLICE_DFL;
    scx_bpf_dsq_insert_vtime(p, WAITING, SCX_SLICE_DFL, vtime, enq_flags);
  },

  dispatch(cpu, prev) {
    scx_bpf_dsq_move_to_local(WAITING, 0);
  },

  running(p) {
    if (time_before(vtime_now, p.scx.dsq_vtime)) vtime_now = p.scx.dsq_vtime;
  },

  // From its place in the queue on, which is p.scx.dsq_vtime now.
  stopping(p, runnable) {
    const used = SCX_SLICE_DFL - p.scx.slice;
    p.scx.dsq_vtime += (used * 100) / p.scx.weight;
  },

  // A task that is new starts where the others are.
  enable(p) {
    p.scx.dsq_vtime = vtime_now;
  },

  init() {
    return scx_bpf_create_dsq(WAITING, -1);
  },
});
