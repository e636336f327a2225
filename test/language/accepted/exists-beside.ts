import {
  scheduler,
  exists,
  counter,
  scx_bpf_dsq_peek,
  scx_bpf_cpu_curr,
  scx_bpf_select_cpu_and,
  scx_bpf_dsq_insert,
  SCX_DSQ_GLOBAL,
  SCX_SLICE_DFL,
} from 'scxts';
export const a = counter('a');
export const b = counter('b');
export const d = counter('d');
export default scheduler({
  name: 'exists_beside',
  enqueue(p, f) {
    if (exists(scx_bpf_dsq_peek) || exists(scx_bpf_cpu_curr)) a.inc();
    if (!exists(scx_bpf_dsq_peek) && !exists(scx_bpf_cpu_curr)) b.inc();
    if (exists(scx_bpf_dsq_peek) && exists(scx_bpf_select_cpu_and)) d.inc();
    const both = exists(scx_bpf_select_cpu_and) ? 1 : 0;
    if (both) a.inc();
    const x = exists(scx_bpf_dsq_peek);
    const y = exists(scx_bpf_cpu_curr);
    if (x || y) a.inc();
    if (exists(scx_bpf_dsq_peek)) b.inc();
    else if (exists(scx_bpf_cpu_curr)) b.inc();
    scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, f);
  },
});
