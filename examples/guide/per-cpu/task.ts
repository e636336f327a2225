import {
  scheduler,
  range,
  u64,
  scx_bpf_create_dsq,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_move_to_local,
  scx_bpf_nr_cpu_ids,
  SCX_SLICE_DFL,
} from 'scxts';

/** Where the task that came last was put. */
let last: u64 = 0;

export default scheduler({
  name: 'per_cpu_task',

  // One after the other.
  enqueue(p, enq_flags) {
    last = (last + 1) % scx_bpf_nr_cpu_ids();
    scx_bpf_dsq_insert(p, last, SCX_SLICE_DFL, enq_flags);
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
