// Is told of idle CPUs, and asks the kernel for them nevertheless.
import { counter, scheduler } from 'scxts';
import { scx_bpf_dsq_insert, scx_bpf_pick_idle_cpu, SCX_DSQ_GLOBAL, SCX_SLICE_DFL } from 'scxts';

export const changes = counter('CPUs that became idle or busy');

export default scheduler({
  name: 'own_idle',
  update_idle() {
    changes.inc();
  },
  enqueue(p, enq_flags) {
    scx_bpf_pick_idle_cpu(p.cpus_ptr, 0);
    scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
  },
});
