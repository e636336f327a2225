// Inserts as a task is queued: into any queue, by vtime or not, and in both orders into one.
import { config, scheduler } from 'scxts';
import { scx_bpf_create_dsq, scx_bpf_dsq_insert, scx_bpf_dsq_insert_vtime } from 'scxts';
import { scx_bpf_dsq_move_to_local, SCX_SLICE_DFL, type u64 } from 'scxts';

const OWN = 7;
export const queue = config<u64>(OWN, 'where tasks are queued');
export const by_vtime = config(false, 'ordered by vtime');
export const mixed = config(false, 'every second one otherwise');

export default scheduler({
  name: 'queued',
  init() {
    return scx_bpf_create_dsq(OWN, -1);
  },
  enqueue(p, enq_flags) {
    if (mixed ? p.pid % 2 === 0 : by_vtime)
      scx_bpf_dsq_insert_vtime(p, queue, SCX_SLICE_DFL, p.scx.dsq_vtime, enq_flags);
    else scx_bpf_dsq_insert(p, queue, SCX_SLICE_DFL, enq_flags);
  },
  dispatch() {
    scx_bpf_dsq_move_to_local(OWN, 0);
  },
});
