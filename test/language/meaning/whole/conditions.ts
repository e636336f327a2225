// out = [1, 0, 1, 0, 1, 1, 1, 0, 0, 2, 1, 0, 1]
import {
  scheduler,
  syscall,
  zeroed,
  u64,
  u32,
  u8,
  s32,
  bool,
  hash,
  bpf_printk,
  type FixedArray,
} from 'scxts';
let out: FixedArray<u64, 16> = zeroed();
let one: u64 = 1;
let flag: bool = false;
interface X {
  v: u64;
  w: u32;
  f: bool;
}
const m = hash<u32, X>(4);
const DEBUG = 0;
const ON = true;
const LIM: u8 = 3;
const NEG = -5;
let t: s32 = 0;
let g: X = zeroed();
function f(): u64 {
  return 1;
}
function v(): void {
  t++;
}
function nul(): X | null {
  return null;
}
export const run = syscall(() => {
  if (DEBUG) out[1] = 1;
  if (ON && one) out[0] = 1;
  if (DEBUG || ON) t = 1;
  while (DEBUG) {
    t = 2;
  }
  do {
    t++;
  } while (DEBUG);
  for (; DEBUG;) t++;
  const a = ON ? 1 : 2;
  out[2] = u64(a);
  const b = DEBUG && one;
  out[3] = u64(b);
  const c = one || 5;
  out[4] = c;
  const d = !one;
  flag = d;
  flag = one > 2 || false;
  if (g) out[5] = 1;
  if (!g) out[5] = 2;
  if (g && one) out[6] = 1;
  const e = g ?? { v: 1, w: 2, f: true };
  out[7] = e.v;
  const n = nul();
  if (n) out[8] = n.v;
  if (nul() === null) out[9] = 1;
  if (undefined === nul()) out[9] = 2;
  g.f = !!one;
  g.f ||= one > 1;
  g.f &&= flag;
  if (g === g) out[10] = 1;
  out[11] = u64(g.f);
  t -= NEG;
  t *= NEG;
  t = -t;
  t = ~t;
  t = +t;
  t <<= 1;
  t >>= 1;
  t >>>= 1;
  t %= 3;
  t /= 2;
  t ^= 1;
  t |= 2;
  t &= 7;
  one > 0 && v();
  one > 0 ? v() : v();
  !f();
  f() + 1;
  -f();
  f();
  f() === 1;
  const z = one > 0 ? f() : f();
  bpf_printk(`x ${flag} ${one} ${t} ${LIM} ${NEG} ${DEBUG} ${ON} ${1 + 2}`);
  out[12] = z;
  return 0;
});
export default scheduler({ name: 't' });
