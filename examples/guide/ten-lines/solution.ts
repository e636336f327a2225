import { scheduler, config, scx_bpf_dsq_insert, NSEC_PER_MSEC, SCX_DSQ_GLOBAL } from 'scxts';

export const slice_ms = config(20, 'time slice in ms');

export default scheduler({
  name: 'ten_lines_solution',

  enqueue(p, enq_flags) {
    scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, slice_ms * NSEC_PER_MSEC, enq_flags);
  },
});
