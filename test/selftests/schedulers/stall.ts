// Forgets tasks that are called so.
import { scheduler, startsWith } from 'scxts';
import { scx_bpf_dsq_insert, SCX_DSQ_GLOBAL, SCX_SLICE_DFL } from 'scxts';

export default scheduler({
  name: 'stall',
  timeout_ms: 1000,
  enqueue(p, enq_flags) {
    if (startsWith(p.comm, 'lost')) return;
    scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
  },
});
