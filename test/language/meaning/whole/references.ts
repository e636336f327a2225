// out = [6, 10, 2, 4, 9, 1, 12, 3, 7, 1]
import {
  scheduler,
  syscall,
  zeroed,
  u64,
  u32,
  queue,
  stack,
  array,
  range,
  type FixedArray,
} from 'scxts';
let out: FixedArray<u64, 16> = zeroed();
let one: u64 = 1;
interface X {
  v: u64;
  w: u32;
}
interface P {
  a: X;
  b: X;
}
const m = array<X>(4);
const q = queue<X>(8);
const st = stack<u64>(8);
let g: X = { v: 9, w: 0 };
let gp: P = zeroed();
function cur(): X {
  return g;
}
function pick(c: boolean, a: X, b: X): X {
  return c ? a : b;
}
function mk(v: u64): X {
  return { v, w: 1 };
}
function maybe(v: u64): X | null {
  return v > 3 ? { v, w: 2 } : null;
}
function best(): X {
  let b: X = { v: 0, w: 0 };
  for (const i of range(4)) {
    const e = m.get(i);
    if (e && e.v > b.v) b = e;
  }
  return b;
}
function bump(x: X): X {
  x.v++;
  return x;
}
export const run = syscall(() => {
  const a = mk(5);
  bump(a);
  out[0] = a.v; // 6
  for (const i of range(4)) {
    const e = m.get(i);
    if (e) e.v = u64(i);
  }
  best().v = 10;
  out[1] = m.get(3)?.v ?? 0; // 10
  const p = pick(one > 0, a, g);
  p.w = 2;
  out[2] = a.w; // 2
  out[3] = (maybe(4) ?? mk(1)).v; // 4
  cur().w = 3;
  out[4] = g.v; // 9
  out[5] = maybe(2) === null ? 1 : 0; // 1
  gp.a = mk(12);
  out[6] = gp.a.v; // 12
  const fa: FixedArray<X, 2> = [mk(3), mk(4)];
  out[7] = fa[0].v; // 3
  q.push(mk(7));
  const t = q.pop();
  out[8] = t?.v ?? 0; // 7
  let first: X | null = null;
  let n: u64 = 0;
  q.push(mk(1));
  q.push(mk(2));
  q.push(mk(3));
  let cur2: X | null = null;
  while ((cur2 = q.pop())) {
    if (!first) first = cur2;
    n++;
  }
  out[9] = first ? first.v : 0; // 1
  return 0;
});
export default scheduler({ name: 't' });
