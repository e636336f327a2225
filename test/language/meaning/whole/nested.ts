// out = [1, 2, 3, 4, 5, 8, 1, 1, 10, 10]
import {
  scheduler,
  syscall,
  zeroed,
  u64,
  u32,
  hash,
  array,
  range,
  alloc,
  list,
  spinLock,
  type FixedArray,
} from 'scxts';
let out: FixedArray<u64, 16> = zeroed();
let one: u64 = 1;
interface X {
  v: u64;
  w: u32;
}
interface G {
  xs: FixedArray<FixedArray<X, 2>, 2>;
  n: u64;
}
interface N {
  v: u64;
}
let g: G = zeroed();
const lock = spinLock();
const l = list<N>(lock);
const h = hash<u32, X>(8);
const m = array<X>(8);
function at(i: u64, j: u64): X {
  return g.xs[i][j];
}
function ensure(k: u32): X | null {
  let e = h.get(k);
  if (!e) {
    h.set(k, { v: 4, w: 0 });
    e = h.get(k);
  }
  return e;
}
function min(a: X, b: X): X {
  if (a.v < b.v) return a;
  return b;
}
function clamp2(a: X): X {
  return min(a, { v: 8, w: 0 });
}
function nested(n: u64): X {
  return n > 5 ? mk(n) : n > 3 ? { v: n, w: 1 } : min(mk(1), mk(2));
}
function mk(v: u64): X {
  return { v, w: u32(v) };
}
function early(n: u64): X | null {
  for (const i of range(5)) {
    if (u64(i) === n) return { v: n, w: i };
  }
  return null;
}
export const run = syscall(() => {
  at(one, 0).v = 1;
  out[0] = g.xs[1][0].v;
  at(0, one).w = 2;
  out[1] = g.xs[0][1].w;
  g.xs[one][one] = { v: 3, w: 0 };
  out[2] = at(1, 1).v;
  out[3] = ensure(3)?.v ?? 0;
  const n = alloc<N>();
  if (n) {
    n.v = 5;
    using held = lock.hold();
    l.pushBack(n);
  }
  {
    using held = lock.hold();
    using p = l.popFront();
    out[4] = p ? p.v : 0;
  }
  out[5] = clamp2(mk(9)).v;
  out[6] = nested(2).v;
  out[7] = early(1)?.w ?? 0;
  let a: X = mk(1);
  let b: X = mk(2);
  for (const i of range(9)) {
    const t = a;
    a = b;
    b = { v: t.v + 1, w: 0 };
  }
  out[8] = a.v + b.v - 2;
  let last: X | null = null;
  for (const i of range(3)) {
    const e = h.get(u32(i) + 1);
    if (e) last = e;
    else if (!last) last = { v: 10, w: i };
  }
  out[9] = last ? last.v + 6 : 0;
  return 0;
});
export default scheduler({ name: 't' });
