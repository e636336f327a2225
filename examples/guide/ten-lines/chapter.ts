import { scheduler, scx_bpf_dsq_insert, SCX_DSQ_GLOBAL, SCX_SLICE_DFL } from 'scxts';

export default scheduler({
  name: 'ten_lines',

  // A task wants to run.
  enqueue(p, enq_flags) {
    scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
  },
});
