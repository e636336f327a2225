// Inserts as a task wakes up, into a queue that may not exist, by vtime or not.
import { config, scheduler } from 'scxts';
import { scx_bpf_create_dsq, scx_bpf_dsq_insert, scx_bpf_dsq_insert_vtime } from 'scxts';
import { scx_bpf_dsq_move_to_local, scx_bpf_select_cpu_dfl } from 'scxts';
import { SCX_DSQ_GLOBAL, SCX_SLICE_DFL, type u64 } from 'scxts';

const OWN = 7;
export const queue = config<u64>(OWN, 'where wake-ups go');
export const by_vtime = config(false, 'ordered by vtime');

export default scheduler({
  name: 'direct',
  init() {
    return scx_bpf_create_dsq(OWN, -1);
  },
  select_cpu(p, prev_cpu, wake_flags) {
    const { cpu } = scx_bpf_select_cpu_dfl(p, prev_cpu, wake_flags);
    if (by_vtime) scx_bpf_dsq_insert_vtime(p, queue, SCX_SLICE_DFL, p.scx.dsq_vtime, 0);
    else scx_bpf_dsq_insert(p, queue, SCX_SLICE_DFL, 0);
    return cpu;
  },
  enqueue(p, enq_flags) {
    scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
  },
  dispatch() {
    scx_bpf_dsq_move_to_local(OWN, 0);
  },
});
