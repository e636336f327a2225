import {
  scheduler,
  counter,
  range,
  s32,
  bpf_cpumask_test_cpu,
  scx_bpf_cpuperf_cap,
  scx_bpf_create_dsq,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_move_to_local,
  scx_bpf_get_idle_cpumask,
  scx_bpf_nr_cpu_ids,
  scx_bpf_test_and_clear_cpu_idle,
  NSEC_PER_MSEC,
  SCX_DSQ_LOCAL_ON,
  u64,
} from 'scxts';
import type { task_struct } from 'scxts/vmlinux';

const WAITING = 0;
const SLICE = 5 * NSEC_PER_MSEC;
export const nr_small = counter('put on an idle CPU of the smallest kind');

/** The idle CPU with the least capacity that the task may use, or -1. */
function smallestIdle(p: task_struct): s32 {
  using idle = scx_bpf_get_idle_cpumask();
  let best: s32 = -1;
  for (const i of range(scx_bpf_nr_cpu_ids())) {
    const cpu = s32(i);
    if (!bpf_cpumask_test_cpu(cpu, idle) || !bpf_cpumask_test_cpu(cpu, p.cpus_ptr)) continue;
    if (best < 0 || scx_bpf_cpuperf_cap(cpu) < scx_bpf_cpuperf_cap(best)) best = cpu;
  }
  return best;
}

export default scheduler({
  name: 'energy',

  select_cpu(p, prev_cpu, wake_flags) {
    const cpu = smallestIdle(p);
    if (cpu < 0 || !scx_bpf_test_and_clear_cpu_idle(cpu)) return prev_cpu;
    nr_small.inc();
    scx_bpf_dsq_insert(p, u64(SCX_DSQ_LOCAL_ON | u64(cpu)), SLICE, 0);
    return cpu;
  },

  enqueue(p, enq_flags) {
    scx_bpf_dsq_insert(p, WAITING, SLICE, enq_flags);
  },

  dispatch(cpu, prev) {
    scx_bpf_dsq_move_to_local(WAITING, 0);
  },

  init() {
    return scx_bpf_create_dsq(WAITING, -1);
  },
});
