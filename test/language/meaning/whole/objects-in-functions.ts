// out = [3, 100, 6, 2, 5, 12, 7, 42, 1, 3]
import { scheduler, syscall, zeroed, u64, u32, array, range, type FixedArray } from 'scxts';
let out: FixedArray<u64, 16> = zeroed();
let one: u64 = 1;
interface X {
  v: u64;
  w: u32;
}
interface T {
  x: X;
  l: FixedArray<X, 3>;
}
const m = array<X>(4);
let g: T = zeroed();
function mk(v: u64): X {
  return { v, w: 1 };
}
function two<S>(a: S, b: S, c: boolean): S {
  return c ? a : b;
}
function def(v: u64, x: X = { v: 5, w: 0 }): u64 {
  return x.v + v;
}
function chain(x: X | null): u64 {
  return x?.v ?? 42;
}
function fill(t: T): T {
  t.l[1] = mk(7);
  t.x = { v: 1, w: 2 };
  return t;
}
function inLoop(n: u32): X {
  let r: X = { v: 0, w: 0 };
  for (const i of range(n)) {
    r = { v: r.v + u64(i), w: i };
  }
  return r;
}
export const run = syscall(() => {
  for (const i of range(4)) {
    const e = m.get(i);
    if (e) e.v = u64(i);
  }
  let best: X = { v: 0, w: 0 };
  m.forEach((k, v) => {
    if (v.v > best.v) best = v;
  });
  out[0] = best.v;
  best.v = 100;
  out[1] = m.get(3)?.v ?? 0;
  out[2] = inLoop(4).v; // 0+0+1+2+3=6
  const { v, w } = mk(2);
  out[3] = v;
  out[4] = def(0); // 5
  out[5] = def(3, mk(9)); // 12
  const f = fill(g);
  out[6] = f.l[1].v; // 7
  out[7] = chain(null); // 42
  out[8] = g.x.v;
  out[9] = two(mk(3), mk(4), one > 0).v;
  return 0;
});
export default scheduler({ name: 't' });
