import {
  scheduler,
  config,
  counter,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_insert_vtime,
  time_before,
  SCX_DSQ_LOCAL,
  SCX_SLICE_DFL,
} from 'scxts';
import { loadBalancer } from 'scxts/components/load_balancer';

export const fifo = config(false, 'FIFO instead of weighted vtime');
export const nr_local = counter('queued on an idle CPU');
export const nr_shared = counter('queued on the shared queue');

export default scheduler({
  name: 'simple_balanced',
  use: [loadBalancer],

  select_cpu(p, prev_cpu, wake_flags) {
    const { cpu, is_idle } = loadBalancer.select_cpu(p, prev_cpu, wake_flags);
    if (is_idle) {
      nr_local.inc();
      scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, SCX_SLICE_DFL, 0);
    }
    return cpu;
  },

  enqueue(p, enq_flags) {
    nr_shared.inc();
    const dsq = loadBalancer.queue(p);
    if (fifo) {
      scx_bpf_dsq_insert(p, dsq, SCX_SLICE_DFL, enq_flags);
      return;
    }
    const vtime_now = loadBalancer.vtime(p);
    let vtime = p.scx.dsq_vtime;
    if (time_before(vtime, vtime_now - SCX_SLICE_DFL)) vtime = vtime_now - SCX_SLICE_DFL;
    scx_bpf_dsq_insert_vtime(p, dsq, SCX_SLICE_DFL, vtime, enq_flags);
  },

  dispatch(cpu, prev) {
    loadBalancer.dispatch(prev, cpu);
  },

  stopping(p, runnable) {
    if (!fifo) p.scx.dsq_vtime += ((SCX_SLICE_DFL - p.scx.slice) * 100) / p.scx.weight;
  },
});
