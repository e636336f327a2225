// out = [2, 1, 5, 7, 7, 3]
import { scheduler, syscall, zeroed, copy, u64, u32, hash, range, type FixedArray } from 'scxts';
let out: FixedArray<u64, 16> = zeroed();
let one: u64 = 1;
interface X {
  v: u64;
}
interface L {
  a: X;
  list: FixedArray<u64, 4>;
}
let s: FixedArray<X, 4> = zeroed();
let g: X = zeroed();
let gl: L = zeroed();
const m = hash<u32, X>(4);
export const run = syscall(() => {
  s[0].v = 1;
  s[1].v = 2;
  const t = copy(s[0]);
  s[0] = s[1];
  s[1] = t;
  out[0] = s[0].v;
  out[1] = s[1].v;
  g.v = 5;
  const c = copy(g);
  g.v = 6;
  out[2] = c.v;
  gl.list[1] = 7;
  const l = copy(gl.list);
  gl.list[1] = 8;
  out[3] = l[1];
  const l2 = copy(gl);
  const arr = l2.list;
  gl.list = l;
  out[4] = gl.list[one];
  for (const i of range(3)) {
    const e = s[i];
    s[i] = { v: e.v + 1 };
  }
  out[5] = s[0].v;
  return arr[0] ? 0 : 1;
});
export default scheduler({ name: 't' });
