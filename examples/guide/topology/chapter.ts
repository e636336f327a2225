import {
  scheduler,
  array,
  config,
  counter,
  range,
  u32,
  u64,
  scx_bpf_create_dsq,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_move_to_local,
  scx_bpf_dsq_nr_queued,
  scx_bpf_select_cpu_dfl,
  scx_bpf_task_cpu,
  NSEC_PER_MSEC,
  NR_CPUS,
  SCX_DSQ_LOCAL,
  type s32,
} from 'scxts';

const MAX_LLCS = 64;
const SLICE = 5 * NSEC_PER_MSEC;
export const spare = config<s32>(2, "tasks of another cache's queue that are left alone");
export const nr_taken = counter('taken from the queue of another cache');

/** The last-level cache of each CPU, written by user space; one for all until then. */
const llcs = array<u32>(NR_CPUS);

function llcOf(cpu: s32): u64 {
  const llc = llcs.get(cpu);
  return llc ? u64(llc.value % MAX_LLCS) : 0;
}

export default scheduler({
  name: 'topology',

  select_cpu(p, prev_cpu, wake_flags) {
    const { cpu, is_idle } = scx_bpf_select_cpu_dfl(p, prev_cpu, wake_flags);
    if (is_idle) scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, SLICE, 0);
    return cpu;
  },

  enqueue(p, enq_flags) {
    scx_bpf_dsq_insert(p, llcOf(scx_bpf_task_cpu(p)), SLICE, enq_flags);
  },

  // Near tasks first; far ones only where there are many.
  dispatch(cpu, prev) {
    const own = llcOf(cpu);
    if (scx_bpf_dsq_move_to_local(own, 0)) return;
    for (const i of range(u64(MAX_LLCS))) {
      const other = (own + i) % MAX_LLCS;
      if (scx_bpf_dsq_nr_queued(other) > spare && scx_bpf_dsq_move_to_local(other, 0)) {
        nr_taken.inc();
        return;
      }
    }
  },

  init() {
    for (const llc of range(u64(MAX_LLCS))) {
      const err = scx_bpf_create_dsq(llc, -1);
      if (err) return err;
    }
    return 0;
  },
});
