import {
  scheduler,
  scx_bpf_create_dsq,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_move_to_local,
  SCX_SLICE_DFL,
} from 'scxts';

const WAITING = 0;

export default scheduler({
  name: 'queues_task',

  // enq_flags has SCX_ENQ_WAKEUP where the task slept until now.
  enqueue(p, enq_flags) {
    scx_bpf_dsq_insert(p, WAITING, SCX_SLICE_DFL, enq_flags);
  },

  dispatch(cpu, prev) {
    scx_bpf_dsq_move_to_local(WAITING, 0);
  },

  init() {
    return scx_bpf_create_dsq(WAITING, -1);
  },
});
