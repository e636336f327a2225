// qos: classes of service. Tasks are high, normal or low by rules from userspace: their own, their cgroup's, their
// name's or their nice value's. The high class is spread over idle cores and takes CPUs from lower classes; the low class
// is packed on few CPUs with long slices. CPUs are asked to be fast while the high class runs.
//
// examples/qos-run.ts is the userspace half; docs/schedulers/qos.md says more.
import { scheduler, config, scx_bpf_task_cpu, SCX_OPS_ENQ_LAST, type u32 } from 'scxts';
import { cpufreq } from 'scxts/components/cpufreq';
import { qos } from 'scxts/components/qos';

export const high_perf = config<u32>(
  1024,
  'speed that is asked for while the high class runs, of 1024',
);

export default scheduler({
  name: 'qos_classes',
  use: [qos, cpufreq],
  flags: SCX_OPS_ENQ_LAST,

  select_cpu(p, prev_cpu, wake_flags) {
    return qos.select_cpu(p, prev_cpu);
  },

  enqueue(p, enq_flags) {
    qos.enqueue(p, enq_flags);
  },

  dispatch(cpu, prev) {
    qos.dispatch(cpu, prev);
  },

  running(p) {
    if (qos.class_of(p) === 0) cpufreq.floor(scx_bpf_task_cpu(p), high_perf);
  },
});
