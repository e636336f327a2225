// out = [1, 0, 0, 1, 1, 3, 2, 10]
import {
  scheduler,
  syscall,
  zeroed,
  u64,
  u32,
  u8,
  hash,
  array,
  type Bits,
  type FixedArray,
} from 'scxts';
let out: FixedArray<u64, 16> = zeroed();
let one: u64 = 1;
interface X {
  n: u64;
  m: u32;
}
interface D {
  a: Bits<u32, 3>;
  b: Bits<u32, 29>;
  c: u64;
  d: Bits<u8, 4>;
}
interface L {
  a: u64;
  list: FixedArray<u64, 4>;
}
const m = hash<u32, X>(4);
const d = array<D>(1);
let calls: u64 = 0;
function f(): u64 {
  calls++;
  return 7;
}
function list(n: u64): L {
  return { a: n, list: [n, n + 1, n + 2, n + 3] };
}
export const run = syscall(() => {
  const a = m.get(1);
  const b = m.get(2);
  out[0] = a?.n === b?.n ? 1 : 0;
  out[1] = a?.n === f() ? 1 : 0;
  m.set(1, { n: 0, m: 0 });
  const c = m.get(1);
  out[2] = c?.n === b?.n ? 1 : 0;
  out[3] = c?.n !== b?.n ? 1 : 0;
  out[4] = calls;
  const e = d.get(0);
  if (e) {
    e.a = u32(one) + 10;
    out[5] = e.a;
    e.a++;
    e.a += 6;
    out[6] = e.a;
  }
  const i = one + 1;
  out[7] = list(8).list[i];
  (f(), f());
  return 0;
});
export default scheduler({ name: 't' });
