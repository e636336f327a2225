import {
  scheduler,
  counter,
  range,
  u64,
  scx_bpf_create_dsq,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_move_to_local,
  scx_bpf_nr_cpu_ids,
  scx_bpf_select_cpu_dfl,
  scx_bpf_task_cpu,
  SCX_DSQ_LOCAL,
  SCX_SLICE_DFL,
} from 'scxts';

export const nr_stolen = counter("taken from another CPU's queue");

export default scheduler({
  name: 'per_cpu',

  select_cpu(p, prev_cpu, wake_flags) {
    const { cpu, is_idle } = scx_bpf_select_cpu_dfl(p, prev_cpu, wake_flags);
    if (is_idle) scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, SCX_SLICE_DFL, 0);
    return cpu;
  },

  // The queue of the CPU that select_cpu() named, or on which it ran.
  enqueue(p, enq_flags) {
    scx_bpf_dsq_insert(p, u64(scx_bpf_task_cpu(p)), SCX_SLICE_DFL, enq_flags);
  },

  // The own queue first, then the others, from the next CPU on.
  dispatch(cpu, prev) {
    if (scx_bpf_dsq_move_to_local(u64(cpu), 0)) return;
    const n = scx_bpf_nr_cpu_ids();
    for (const i of range(n)) {
      if (scx_bpf_dsq_move_to_local((u64(cpu) + i) % n, 0)) {
        nr_stolen.inc();
        return;
      }
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
