// Objects of constants: their members are numbers, and with small integers as keys they are tables.
import {
  scheduler,
  taskStorage,
  u64,
  s32,
  scx_bpf_dsq_insert,
  scx_bpf_error,
  ENOMEM,
  NSEC_PER_MSEC,
  SCX_DSQ_GLOBAL,
  SCX_SLICE_DFL,
} from 'scxts';
import type { task_struct } from 'scxts/vmlinux';

enum Band {
  Realtime,
  Interactive,
  Batch = 4,
}
interface Ctx {
  band: Band;
  share: u64;
  offset: s32;
}
const ctx = taskStorage<Ctx>();
const slices = {
  [Band.Realtime]: NSEC_PER_MSEC,
  [Band.Interactive]: 4 * NSEC_PER_MSEC,
  [Band.Batch]: 20 * NSEC_PER_MSEC,
} as const;
const shares: Record<Band, u64> = {
  [Band.Realtime]: 1,
  [Band.Interactive]: 2,
  [Band.Batch]: 0xff_ffff_ffff,
};
const offsets: Readonly<Record<number, s32>> = { 1: 10, 5: -3 };
const named: Record<string, number> = { low: 3, high: 4 };

function bandOf(p: task_struct): Band {
  if (p.static_prio < 110) return Band.Realtime;
  return p.static_prio > 120 ? Band.Batch : Band.Interactive;
}

export default scheduler({
  name: 'constant_objects',
  init_task(p) {
    const c = ctx.create(p);
    if (!c) return -ENOMEM;
    c.band = bandOf(p);
    if (slices[Band.Batch] !== u64(20_000_000)) scx_bpf_error('folded wrongly');
    return 0;
  },
  enqueue(p, enq_flags) {
    const c = ctx.get(p);
    if (c) {
      c.share = shares[c.band] + slices[Band.Interactive] + named['low'] + named['high'];
      c.offset = offsets[c.band + 1];
      if (c.band === Band.Batch && c.offset !== -3) scx_bpf_error(`read ${c.offset}`);
      if (shares[c.band] === 0) scx_bpf_error('a key that there is reads as 0');
    }
    const slice = c ? slices[c.band] : SCX_SLICE_DFL;
    scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, slice, enq_flags);
  },
});
