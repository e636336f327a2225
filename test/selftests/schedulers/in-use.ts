// Destroys a queue while tasks wait in it.
import { scheduler } from 'scxts';
import { scx_bpf_create_dsq, scx_bpf_destroy_dsq, scx_bpf_dsq_insert } from 'scxts';
import { scx_bpf_dsq_move_to_local, scx_bpf_dsq_nr_queued, SCX_SLICE_DFL } from 'scxts';

export default scheduler({
  name: 'in_use',
  init() {
    return scx_bpf_create_dsq(9, -1);
  },
  enqueue(p, enq_flags) {
    scx_bpf_dsq_insert(p, 9, SCX_SLICE_DFL, enq_flags);
  },
  dispatch() {
    if (scx_bpf_dsq_nr_queued(9) > 1) scx_bpf_destroy_dsq(9);
    scx_bpf_dsq_move_to_local(9, 0);
  },
});
