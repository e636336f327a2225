import {
  scheduler,
  taskStorage,
  range,
  u64,
  bpf_cpumask_any_distribute,
  scx_bpf_create_dsq,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_move_to_local,
  scx_bpf_nr_cpu_ids,
  ENOMEM,
  SCX_SLICE_DFL,
  type u32,
} from 'scxts';

/** The CPU that a task lives on. */
const homes = taskStorage<u32>();

export default scheduler({
  name: 'testing_task',
  timeout_ms: 2000,

  init_task(p, args) {
    const home = homes.create(p);
    if (!home) return -ENOMEM;
    home.value = bpf_cpumask_any_distribute(p.cpus_ptr);
    return 0;
  },

  enqueue(p, enq_flags) {
    const home = homes.get(p);
    scx_bpf_dsq_insert(p, home ? u64(home.value) : 0, SCX_SLICE_DFL, enq_flags);
  },

  dispatch(cpu, prev) {
    scx_bpf_dsq_move_to_local(u64(cpu), 0);
  },

  init() {
    for (const cpu of range(scx_bpf_nr_cpu_ids())) {
      const err = scx_bpf_create_dsq(cpu, -1);
      if (err) return err;
    }
    return 0;
  },
});
