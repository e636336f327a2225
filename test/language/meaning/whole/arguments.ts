// out = [6, 7, 3, 9, 4, 10, 2, 12]
import {
  scheduler,
  syscall,
  zeroed,
  u64,
  u32,
  hash,
  queue,
  stack,
  counter,
  type HashMap,
  type FixedArray,
  type Ref,
} from 'scxts';
let out: FixedArray<u64, 16> = zeroed();
let one: u64 = 1;
const h1 = hash<u32, u64>(8);
const h2 = hash<u32, u64>(8);
const q1 = queue<u64>(8);
const st = stack<u64>(8);
const c1 = counter('a');
const c2 = counter('b');
function inc(m: HashMap<u32, u64>, k: u32): u64 {
  m.add(k, 1);
  return m.get(k)?.value ?? 0;
}
function arrsum(a: FixedArray<u64, 3>): u64 {
  let s = 0;
  for (const x of a) s += x;
  return u64(s);
}
function third(a: FixedArray<u64, 3>): FixedArray<u64, 3> {
  a[2] = 9;
  return a;
}
function make(n: u64): FixedArray<u64, 3> {
  return [n, n + 1, n + 2];
}
function r(x: Ref<u64>): void {
  x.value += 5;
}
export const run = syscall(() => {
  h1.set(1, 5);
  h2.set(1, 6);
  out[0] = inc(h1, 1);
  out[1] = inc(h2, 1);
  const a: FixedArray<u64, 3> = [1, 1, 1];
  out[2] = arrsum(a);
  const b = third(a);
  out[3] = a[2];
  let c: FixedArray<u64, 3> = [1, 2, 3];
  const d: FixedArray<u64, 3> = [4, 5, 6];
  c = d;
  d[0] = 4;
  c[1] = 10;
  out[4] = c[0];
  out[5] = d[1];
  const e = make(2);
  out[6] = e[0];
  const x: Ref<u64> = { value: 7 };
  r(x);
  out[7] = x.value;
  return 0;
});
export default scheduler({ name: 't' });
