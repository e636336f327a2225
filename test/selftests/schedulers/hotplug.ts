// Follows CPUs that come and go, or ends by itself when one does.
import { config, scheduler } from 'scxts';
import { scx_bpf_dsq_insert, scx_bpf_exit, SCX_DSQ_GLOBAL, SCX_SLICE_DFL } from 'scxts';

export const ends = config(false, 'ends by itself when a CPU goes');

export default scheduler({
  name: 'hotplug',
  enqueue(p, enq_flags) {
    scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
  },
  cpu_online(cpu) {
    if (ends) scx_bpf_exit(2, `CPU ${cpu} came`);
  },
  cpu_offline(cpu) {
    if (ends) scx_bpf_exit(1, `CPU ${cpu} went`);
  },
});
