// Arrays on the stack that share an 8-byte slot with another member, stored to at a variable index: Linux 6.18.
import {
  scheduler,
  FixedArray,
  zeroed,
  u64,
  s64,
  s32,
  u32,
  s16,
  u8,
  scx_bpf_dsq_insert,
  SCX_DSQ_GLOBAL,
  SCX_SLICE_DFL,
} from 'scxts';
interface Pair {
  n: u64;
  small: s16;
  more: FixedArray<u8, 4>;
}
let total: u64 = 0;
let idx: u32 = 0;
interface Front {
  more: FixedArray<u8, 4>;
  tail: u32;
  n: u64;
}
let glob: Pair = zeroed();
function put(o: Pair, i: u32, v: u8) {
  o.more[i] = v;
  o.more[i & 1] += v;
}
function fill(a: FixedArray<u8, 4>, v: u8) {
  for (let i: u32 = 0; i < 4; i++) a[i] = v;
}
/** @noinline */
function far(o: Pair, i: u32): s32 {
  o.more[i] = 2;
  return 0;
}
export default scheduler({
  name: 'stack_arrays',
  enqueue(p, f) {
    const o: Pair = { n: f, small: s16(total), more: [1, 2, 3, 4] };
    put(o, idx, 3);
    put(glob, idx, 3);
    total += u64(s64(o.small)) + o.more[1];
    fill(o.more, 1);
    far(o, idx);
    total += u64(s64(o.small)) + o.more[1];
    scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, f);
  },
  select_cpu(p, prev_cpu, f) {
    const o: Pair = { n: f, small: s16(total), more: [1, 2, 3, 4] };
    o.more[idx & 3] = u8(f);
    total += u64(s32(o.small)) + o.more[1];
    return prev_cpu;
  },
  tick(p) {
    const o: Front = { more: zeroed(), tail: u32(p.pid), n: total };
    o.more[idx & 3] = u8(total);
    total += o.tail + o.more[1] + o.more[idx % 3];
  },
  runnable(p, f) {
    const o: Front = zeroed();
    o.more[idx & 3] = u8(total);
    total += o.tail + o.more[1];
  },
  quiescent(p, f) {
    const o: Pair = zeroed();
    o.small = s16(p.pid);
    o.more[idx & 3] = u8(total);
    total += u64(s64(o.small)) + o.more[1];
  },
  stopping(p, r) {
    const a: FixedArray<u8, 12> = zeroed();
    a[8] = u8(p.pid);
    a[1] = u8(p.pid);
    a[idx % 12] = u8(total);
    total += a[8] + a[1] + a[3];
  },
});
