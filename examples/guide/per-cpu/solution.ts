import {
  scheduler,
  range,
  u64,
  scx_bpf_create_dsq,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_move_to_local,
  scx_bpf_kick_cpu,
  scx_bpf_nr_cpu_ids,
  scx_bpf_pick_idle_cpu,
  scx_bpf_task_cpu,
  SCX_SLICE_DFL,
} from 'scxts';

export default scheduler({
  name: 'per_cpu_solution',

  // The CPU on which it ran is one that it may use. One that is idle and may take it is woken up.
  enqueue(p, enq_flags) {
    scx_bpf_dsq_insert(p, u64(scx_bpf_task_cpu(p)), SCX_SLICE_DFL, enq_flags);
    const idle = scx_bpf_pick_idle_cpu(p.cpus_ptr, 0);
    if (idle >= 0) scx_bpf_kick_cpu(idle, 0);
  },

  dispatch(cpu, prev) {
    const n = scx_bpf_nr_cpu_ids();
    for (const i of range(n)) {
      if (scx_bpf_dsq_move_to_local((u64(cpu) + i) % n, 0)) return;
    }
  },

  init() {
    for (const cpu of range(scx_bpf_nr_cpu_ids())) {
      const err = scx_bpf_create_dsq(cpu, -1);
      if (err) return err;
    }
    return 0;
  },
});
