// Asks for an idle CPU of a set: scx_bpf_select_cpu_and().
import { counter, exists, scheduler, u64 } from 'scxts';
import {
  bpf_cpumask_test_cpu,
  scx_bpf_dsq_insert,
  scx_bpf_error,
  scx_bpf_select_cpu_and,
} from 'scxts';
import { SCX_DSQ_GLOBAL, SCX_DSQ_LOCAL_ON, SCX_SLICE_DFL, u32 } from 'scxts';

export const found = counter('idle CPUs found');

export default scheduler({
  name: 'allowed',
  select_cpu(p, prev_cpu, wake_flags) {
    if (!exists(scx_bpf_select_cpu_and)) return prev_cpu;
    const cpu = scx_bpf_select_cpu_and(p, prev_cpu, wake_flags, p.cpus_ptr, 0);
    if (cpu < 0) return prev_cpu;
    if (!bpf_cpumask_test_cpu(u32(cpu), p.cpus_ptr)) scx_bpf_error(`${cpu} is none of its CPUs`);
    found.inc();
    scx_bpf_dsq_insert(p, u64(SCX_DSQ_LOCAL_ON | u64(cpu)), SCX_SLICE_DFL, 0);
    return cpu;
  },
  enqueue(p, enq_flags) {
    scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
  },
});
