import {
  scheduler,
  scx_bpf_create_dsq,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_move_to_local,
  SCX_ENQ_WAKEUP,
  SCX_SLICE_DFL,
} from 'scxts';

const WAITING = 0;
const WOKEN = 1;

export default scheduler({
  name: 'queues_solution',

  enqueue(p, enq_flags) {
    const dsq = enq_flags & SCX_ENQ_WAKEUP ? WOKEN : WAITING;
    scx_bpf_dsq_insert(p, dsq, SCX_SLICE_DFL, enq_flags);
  },

  dispatch(cpu, prev) {
    if (scx_bpf_dsq_move_to_local(WOKEN, 0)) return;
    scx_bpf_dsq_move_to_local(WAITING, 0);
  },

  init() {
    const err = scx_bpf_create_dsq(WAITING, -1);
    if (err) return err;
    return scx_bpf_create_dsq(WOKEN, -1);
  },
});
