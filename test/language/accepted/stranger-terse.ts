import {
  scheduler,
  config,
  counter,
  lruHash,
  percpuArray,
  scx_bpf_select_cpu_dfl,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_move_to_local,
  scx_bpf_create_dsq,
  scx_bpf_dsq_nr_queued,
  bpf_ktime_get_ns,
  SCX_DSQ_LOCAL,
  SCX_SLICE_DFL,
  type u64,
  type u32,
  type s32,
} from 'scxts';

type PerComm = { n: u64; t: u64; last: { cpu: u32; at: u64 } };
const m = lruHash<s32, PerComm>(512),
  hist = percpuArray<u32>(32);
let now0: u64 = 0,
  biggest: u64 = 0;
export const halve = config(false, 'halve'),
  lim = config(8, 'limit');
export const a = counter('a'),
  b = counter('b');

const lookup = (pid: s32) => m.get(pid);
const touch = (pid: s32, cpu: u32) => {
  const e = lookup(pid);
  if (!e) {
    m.set(pid, { n: 1, t: 0, last: { cpu, at: bpf_ktime_get_ns() } });
    return;
  }
  e.n++;
  e.last.cpu = cpu;
  e.last.at = bpf_ktime_get_ns();
  const {
    n,
    last: { at },
  } = e;
  if (n > biggest) biggest = n;
  if (at > now0) now0 = at;
};
const sl = (n: u32 = 1) => SCX_SLICE_DFL / (halve ? 2 : 1) / n;

export default scheduler({
  name: 'terse',
  select_cpu(p, prev, wf) {
    const { cpu, is_idle } = scx_bpf_select_cpu_dfl(p, prev, wf);
    if (is_idle) {
      a.inc();
      scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, sl(), 0);
    } else b.inc();
    return cpu;
  },
  enqueue: (p, ef) => scx_bpf_dsq_insert(p, 2, sl(Math.max(1, scx_bpf_dsq_nr_queued(2))), ef),
  dispatch: (cpu) => {
    for (let i = 0; i < lim && !scx_bpf_dsq_move_to_local(2, 0); i++);
  },
  running: (p) => touch(p.pid, p.thread_info.cpu),
  stopping: (p) => {
    const e = m.get(p.pid);
    if (e) e.t += SCX_SLICE_DFL - p.scx.slice;
  },
  init: () => scx_bpf_create_dsq(2, -1),
});
