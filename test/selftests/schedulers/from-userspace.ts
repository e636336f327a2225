// Is ended by a program that userspace runs.
import { scheduler, syscall } from 'scxts';
import { scx_bpf_dsq_insert, scx_bpf_exit, SCX_DSQ_GLOBAL, SCX_SLICE_DFL } from 'scxts';

export const leave = syscall(() => {
  scx_bpf_exit(99, 'as told');
  return 0;
});

export default scheduler({
  name: 'from_userspace',
  enqueue(p, enq_flags) {
    scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
  },
});
