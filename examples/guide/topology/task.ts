import {
  scheduler,
  array,
  range,
  u32,
  u64,
  scx_bpf_create_dsq,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_move_to_local,
  scx_bpf_select_cpu_dfl,
  scx_bpf_task_cpu,
  NSEC_PER_MSEC,
  NR_CPUS,
  SCX_DSQ_LOCAL,
  type s32,
} from 'scxts';

const MAX_LLCS = 64;
const SLICE = 5 * NSEC_PER_MSEC;

/** The last-level cache of each CPU, written by user space; one for all until then. */
const llcs = array<u32>(NR_CPUS);

function llcOf(cpu: s32): u64 {
  const llc = llcs.get(cpu);
  return llc ? u64(llc.value % MAX_LLCS) : 0;
}

export default scheduler({
  name: 'topology_task',

  select_cpu(p, prev_cpu, wake_flags) {
    const { cpu, is_idle } = scx_bpf_select_cpu_dfl(p, prev_cpu, wake_flags);
    if (is_idle) scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, SLICE, 0);
    return cpu;
  },

  enqueue(p, enq_flags) {
    scx_bpf_dsq_insert(p, llcOf(scx_bpf_task_cpu(p)), SLICE, enq_flags);
  },

  dispatch(cpu, prev) {
    scx_bpf_dsq_move_to_local(llcOf(cpu), 0);
  },

  init() {
    for (const llc of range(u64(MAX_LLCS))) {
      const err = scx_bpf_create_dsq(llc, -1);
      if (err) return err;
    }
    return 0;
  },
});
