import {
  scheduler,
  u64,
  scx_bpf_create_dsq,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_move_to_local,
  scx_bpf_task_cpu,
  SCX_SLICE_DFL,
} from 'scxts';

const CPUS = 4;

export default scheduler({
  name: 'signals_task',

  enqueue(p, enq_flags) {
    scx_bpf_dsq_insert(p, u64(scx_bpf_task_cpu(p)), SCX_SLICE_DFL, enq_flags);
  },

  dispatch(cpu, prev) {
    scx_bpf_dsq_move_to_local(u64(cpu), 0);
  },

  init() {
    for (let cpu = 0; cpu < CPUS; cpu++) {
      const err = scx_bpf_create_dsq(u64(cpu), -1);
      if (err) return err;
    }
    return 0;
  },
});
