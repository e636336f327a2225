import {
  scheduler,
  scx_bpf_cpuperf_set,
  scx_bpf_create_dsq,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_move_to_local,
  scx_bpf_task_cpu,
  NSEC_PER_MSEC,
  SCX_CPUPERF_ONE,
} from 'scxts';

const WAITING = 0;

export default scheduler({
  name: 'energy_solution',

  enqueue(p, enq_flags) {
    scx_bpf_dsq_insert(p, WAITING, 5 * NSEC_PER_MSEC, enq_flags);
  },

  dispatch(cpu, prev) {
    scx_bpf_dsq_move_to_local(WAITING, 0);
  },

  // 100 is the weight of nice 0. The clock stays as it is until it is set again.
  running(p) {
    const perf = p.scx.weight < 100 ? SCX_CPUPERF_ONE / 4 : SCX_CPUPERF_ONE;
    scx_bpf_cpuperf_set(scx_bpf_task_cpu(p), perf);
  },

  init() {
    return scx_bpf_create_dsq(WAITING, -1);
  },
});
