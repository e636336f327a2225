import {
  scheduler,
  counter,
  scx_bpf_create_dsq,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_move_to_local,
  scx_bpf_select_cpu_dfl,
  SCX_DSQ_LOCAL,
  SCX_SLICE_DFL,
} from 'scxts';

const WAITING = 0;
export const nr_direct = counter('got an idle CPU at once');
export const nr_waited = counter('had to wait');

export default scheduler({
  name: 'queues',

  select_cpu(p, prev_cpu, wake_flags) {
    const { cpu, is_idle } = scx_bpf_select_cpu_dfl(p, prev_cpu, wake_flags);
    if (is_idle) {
      nr_direct.inc();
      scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, SCX_SLICE_DFL, 0);
    }
    return cpu;
  },

  enqueue(p, enq_flags) {
    nr_waited.inc();
    scx_bpf_dsq_insert(p, WAITING, SCX_SLICE_DFL, enq_flags);
  },

  dispatch(cpu, prev) {
    scx_bpf_dsq_move_to_local(WAITING, 0);
  },

  init() {
    return scx_bpf_create_dsq(WAITING, -1);
  },
});
