// out = [3, 1, 5, 2, 1, 8, 4, 2, 3, 30]
import { scheduler, syscall, zeroed, u64, u32, s32, hash, type FixedArray } from 'scxts';
let out: FixedArray<u64, 16> = zeroed();
let one: u64 = 1;
interface X {
  v: u64;
  w: u32;
}
const m = hash<u32, X>(8);
let g: u64 = 1;
let arr: FixedArray<u64, 4> = zeroed();
function next(): u64 {
  g++;
  return g;
}
function add(a: u64, b: u64): u64 {
  return a * 10 + b;
}
export const run = syscall(() => {
  out[0] = g + next(); // 1 + 2 = 3
  g = 1;
  arr[g] = next();
  out[1] = arr[1] === 2 ? 1 : 0;
  let i: u64 = 0;
  arr[i++] = i;
  arr[i++] = i;
  out[2] = arr[0] + arr[1] * 2; // 1 + 4
  let x: u32 = 2;
  x = x + (x = 0);
  out[3] = x; // 2 + 0
  const o: X = { v: 1, w: 0 };
  o.v ||= 7;
  out[4] = o.v;
  o.v &&= 8;
  out[5] = o.v;
  let k: u64 = 1;
  k += k = 3;
  out[6] = k; // 1+3
  m.set(u32(k++), { v: k, w: 0 });
  out[7] = m.get(4)?.v === 5 ? 2 : 0;
  let j: s32 = 1;
  const z = j++ + j;
  out[8] = u64(z); // 1 + 2
  g = 2;
  out[9] = add(g, 0) + add((g = 1), 0); // 20 + 10
  return 0;
});
export default scheduler({ name: 't' });
