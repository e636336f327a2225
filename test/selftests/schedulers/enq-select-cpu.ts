// Asks for an idle CPU where older kernels do not let it.
import { counter, scheduler } from 'scxts';
import { scx_bpf_dsq_insert, scx_bpf_select_cpu_dfl, scx_bpf_task_cpu } from 'scxts';
import { SCX_DSQ_GLOBAL, SCX_SLICE_DFL } from 'scxts';

export const asked = counter('times that it asked');

export default scheduler({
  name: 'enq_select_cpu',
  enqueue(p, enq_flags) {
    asked.inc();
    scx_bpf_select_cpu_dfl(p, scx_bpf_task_cpu(p), 0);
    scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
  },
});
