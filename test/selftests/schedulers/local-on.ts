// Tasks wait in a map; dispatch() sends each to the local queue of some CPU.
import { config, counter, queue, scheduler, u64 } from 'scxts';
import {
  bpf_cpumask_test_cpu,
  scx_bpf_dsq_insert,
  scx_bpf_nr_cpu_ids,
  bpf_task_from_pid,
} from 'scxts';
import { bpf_get_prandom_u32, SCX_DSQ_LOCAL_ON, SCX_DSQ_GLOBAL, SCX_SLICE_DFL } from 'scxts';
import { type s32, u32 } from 'scxts';

const waiting = queue<s32>(8192);
export const careless = config(false, 'whether the task may run there or not');
export const sent = counter('tasks sent to some CPU');

export default scheduler({
  name: 'local_on',
  enqueue(p, enq_flags) {
    if (waiting.push(p.pid) !== 0) scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
  },
  dispatch() {
    const pid = waiting.pop();
    if (pid === null) return;
    using p = bpf_task_from_pid(pid);
    if (!p) return;
    let cpu = bpf_get_prandom_u32() % scx_bpf_nr_cpu_ids();
    if (careless) {
      cpu = p.pid === 0 ? 0 : u32(1);
    } else if (!bpf_cpumask_test_cpu(cpu, p.cpus_ptr)) {
      scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, 0);
      return;
    }
    sent.inc();
    scx_bpf_dsq_insert(p, u64(SCX_DSQ_LOCAL_ON | u64(cpu)), SCX_SLICE_DFL, 0);
  },
});
