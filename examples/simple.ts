import {
  scheduler,
  config,
  counter,
  scx_bpf_select_cpu_dfl,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_insert_vtime,
  scx_bpf_dsq_move_to_local,
  scx_bpf_create_dsq,
  time_before,
  SCX_DSQ_LOCAL,
  SCX_SLICE_DFL,
  type u64,
} from 'scxts';

const SHARED_DSQ = 0;
let vtime_now: u64 = 0;
export const fifo = config(false, 'FIFO instead of weighted vtime');
export const nr_local = counter('queued on an idle CPU');
export const nr_shared = counter('queued on the shared queue');

export default scheduler({
  name: 'simple',

  select_cpu(p, prev_cpu, wake_flags) {
    const { cpu, is_idle } = scx_bpf_select_cpu_dfl(p, prev_cpu, wake_flags);
    if (is_idle) {
      nr_local.inc();
      scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, SCX_SLICE_DFL, 0);
    }
    return cpu;
  },

  enqueue(p, enq_flags) {
    nr_shared.inc();
    if (fifo) {
      scx_bpf_dsq_insert(p, SHARED_DSQ, SCX_SLICE_DFL, enq_flags);
      return;
    }
    let vtime = p.scx.dsq_vtime;
    if (time_before(vtime, vtime_now - SCX_SLICE_DFL)) vtime = vtime_now - SCX_SLICE_DFL;
    scx_bpf_dsq_insert_vtime(p, SHARED_DSQ, SCX_SLICE_DFL, vtime, enq_flags);
  },

  dispatch(cpu, prev) {
    scx_bpf_dsq_move_to_local(SHARED_DSQ, 0);
  },

  running(p) {
    if (!fifo && time_before(vtime_now, p.scx.dsq_vtime)) vtime_now = p.scx.dsq_vtime;
  },

  stopping(p, runnable) {
    if (!fifo) p.scx.dsq_vtime += ((SCX_SLICE_DFL - p.scx.slice) * 100) / p.scx.weight;
  },

  enable(p) {
    p.scx.dsq_vtime = vtime_now;
  },

  init() {
    return scx_bpf_create_dsq(SHARED_DSQ, -1);
  },
});
