import {
  scheduler,
  scx_bpf_create_dsq,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_move_to_local,
  NSEC_PER_MSEC,
} from 'scxts';

const WAITING = 0;

export default scheduler({
  name: 'energy_task',

  enqueue(p, enq_flags) {
    scx_bpf_dsq_insert(p, WAITING, 5 * NSEC_PER_MSEC, enq_flags);
  },

  dispatch(cpu, prev) {
    scx_bpf_dsq_move_to_local(WAITING, 0);
  },

  init() {
    return scx_bpf_create_dsq(WAITING, -1);
  },
});
