// Tables of structs, walked, indexed, taken apart and passed on; the language by a name of its own.
import * as scx from 'scxts';
import { type u32, type u64, type s32 } from 'scxts';
import type { task_struct as Task } from 'scxts/vmlinux';

type Nanos = u64;
/** Filled before load. */
export const limits = scx.configArray<Band>(8);

function least(b: Band, of: Nanos): Nanos {
  return b.slice && b.slice < of ? b.slice : of;
}

interface Band {
  readonly dsq: u64;
  slice: Nanos;
  min: u32;
}
const bands: Band[] = [
  { dsq: 10, slice: 1_000_000, min: 0 },
  { dsq: 11, slice: 4_000_000, min: 50 },
  { dsq: 12, slice: 16_000_000, min: 200 },
];
export const tick = scx.timer(() => {
  tick.start(1000000);
});
const counts = scx.percpuArray<u64>(4);
export const nr = scx.counter('inserts');

function pick(weight: u32, fallback: u32 = 1): u32 {
  let best = fallback;
  for (let i = 0; i < 3; i++) if (weight >= bands[i].min) best = i;
  return best;
}

export default scx.scheduler({
  name: 'stranger_tables',
  enqueue(p: Task, flags: u64) {
    const i = pick(p.scx.weight);
    const { dsq, slice: usual } = bands[i];
    const first = bands[0];
    let slice = least(limits[p.pid & 7], least(first, usual));
    for (const l of limits) if (l.dsq === dsq) slice = l.slice;
    counts.add(i, 1);
    nr.inc();
    scx.scx_bpf_dsq_insert(p, dsq, slice, flags);
  },
  dispatch() {
    for (const b of bands) if (scx.scx_bpf_dsq_move_to_local(b.dsq, 0)) break;
  },
  init(): s32 {
    for (let i = 0; i < bands.length; i++) {
      const e = scx.scx_bpf_create_dsq(bands[i].dsq, -1);
      if (e < 0) return e;
    }
    return 0;
  },
});
