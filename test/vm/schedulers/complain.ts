import {
  scheduler,
  config,
  scx_bpf_dsq_insert,
  scx_bpf_error,
  SCX_DSQ_GLOBAL,
  SCX_SLICE_DFL,
  type u32,
  type u64,
} from 'scxts';

export const after = config<u32>(50, 'tasks to queue before giving up');
let queued: u64 = 0;

export default scheduler({
  name: 'complain',
  enqueue(p, enq_flags) {
    queued += 1;
    if (queued > after) scx_bpf_error(`gave up after ${after} tasks in ${p.comm}`);
    scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
  },
});
