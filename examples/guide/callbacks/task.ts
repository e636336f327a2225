import {
  scheduler,
  counter,
  scx_bpf_create_dsq,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_move_to_local,
  SCX_SLICE_DFL,
} from 'scxts';

const WAITING = 0;
export const nr_slept = counter('stopped running, to sleep or to exit');
export const nr_ousted = counter('stopped running, and wanted to go on');

export default scheduler({
  name: 'callbacks_task',

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
