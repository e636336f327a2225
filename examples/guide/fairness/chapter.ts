import {
  scheduler,
  scx_bpf_create_dsq,
  scx_bpf_dsq_insert_vtime,
  scx_bpf_dsq_move_to_local,
  SCX_SLICE_DFL,
} from 'scxts';

const WAITING = 0;

export default scheduler({
  name: 'fairness',

  // The task that has had least comes first.
  enqueue(p, enq_flags) {
    scx_bpf_dsq_insert_vtime(p, WAITING, SCX_SLICE_DFL, p.scx.dsq_vtime, enq_flags);
  },

  dispatch(cpu, prev) {
    scx_bpf_dsq_move_to_local(WAITING, 0);
  },

  // What it used counts less the higher its weight is.
  stopping(p, runnable) {
    const used = SCX_SLICE_DFL - p.scx.slice;
    p.scx.dsq_vtime += (used * 100) / p.scx.weight;
  },

  init() {
    return scx_bpf_create_dsq(WAITING, -1);
  },
});
