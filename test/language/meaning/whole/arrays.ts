// out = [1, 3, 2, 1, 4, 4, 5, 1, 1, 5, 6, 6]
import {
  scheduler,
  syscall,
  zeroed,
  copy,
  u64,
  u32,
  hash,
  percpu,
  bpf_printk,
  type FixedArray,
} from 'scxts';
let out: FixedArray<u64, 16> = zeroed();
let one: u64 = 1;
interface X {
  v: u64;
  w: u32;
}
interface E {
  xs: FixedArray<u64, 8>;
  x: X;
}
const m = hash<u32, X>(8);
const e = percpu<E>();
let ge: E = zeroed();
function f(x: X | null, n?: u32): X | null {
  return x;
}
function g(a: FixedArray<u64, 8>): u64 {
  return a[one];
}
function three(): X {
  return { v: 1, w: 2 };
}
function arr(n: u64): FixedArray<u64, 8> {
  const a: FixedArray<u64, 8> = zeroed();
  a[n] = n;
  return a;
}
export const run = syscall(() => {
  const a = arr(3);
  out[1] = a[3];
  out[2] = arr(2)[2];
  out[3] = g(arr(1));
  ge.xs = arr(4);
  out[4] = ge.xs[4];
  e.this().xs = ge.xs;
  out[5] = e.this().xs[4];
  ge = { xs: arr(5), x: three() };
  out[6] = ge.xs[5];
  const c = f(m.get(3) ?? three())?.v;
  out[7] = c ?? 0;
  const t = f(null) ?? f(three()) ?? three();
  out[8] = t.v;
  (one > 0 ? three() : ge.x).v = 4;
  (m.get(1) ?? ge.x).v = 5;
  out[9] = ge.x.v;
  const z: E = { xs: [1, 2, 3, 4, 5, 6, 7, one], x: copy(ge.x) };
  out[10] = z.xs[7] + z.x.v;
  for (const v of arr(6)) out[11] += v;
  bpf_printk(`${three().v} ${arr(1)[1]}`);
  out[0] = 1;
  return 0;
});
export default scheduler({ name: 't' });
