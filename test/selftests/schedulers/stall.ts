// Forgets tasks that are called so.
import { scheduler, startsWith, type s32 } from 'scxts';
import { scx_bpf_dsq_insert, SCX_DSQ_GLOBAL, SCX_SLICE_DFL } from 'scxts';

let _kept: s32 = 0;

export default scheduler({
  name: 'stall',
  timeout_ms: 1000,
  enqueue(p, enq_flags) {
    if (startsWith(p.comm, 'lost')) {
      _kept = p.pid;
      return;
    }
    scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
  },
});
