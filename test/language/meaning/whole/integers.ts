// out = [4000000000, 18446744073709551615, 1, 0, 4294967295, 2, 300, 3, 5000000000, 6]
import {
  scheduler,
  syscall,
  zeroed,
  u64,
  u32,
  u8,
  s32,
  hash,
  array,
  range,
  type FixedArray,
} from 'scxts';
let out: FixedArray<u64, 16> = zeroed();
let one: u64 = 1;
interface X {
  v: u64;
  w: u32;
  s: s32;
  b: u8;
}
const m = hash<u32, X>(8);
const ar = array<X>(4);
const BIG = 4_000_000_000;
const NEG = -1;
const C = BIG + 1;
let s: s32 = -1;
function lit() {
  return 2_000_000_000;
}
function sg() {
  return s;
}
function mix(c: u64) {
  if (c) return one;
  return 5;
}
export const run = syscall(() => {
  out[0] = lit() * 2;
  let a = 0;
  a = sg();
  out[1] = u64(a);
  let b = 0;
  for (const i of range(u32(3))) b = i > 1 ? 1 : 0;
  out[2] = u64(b);
  const e = ar.get(one << 32);
  out[3] = e ? 1 : 0;
  const w: u32 = 0;
  out[4] = w - 1;
  const c8: u8 = 2;
  let d = 0;
  d = c8;
  out[5] = u64(d);
  const r = one ? 300 : 1;
  out[6] = u64(r);
  let n = 0;
  n += 1;
  n = n + 2;
  out[7] = u64(n);
  let y = 0;
  y = m.get(9)?.v ?? 5_000_000_000;
  out[8] = y;
  let t = 0;
  for (const v of [1, 2, 3]) t += v;
  out[9] = u64(t);
  return 0;
});
export default scheduler({ name: 't' });
