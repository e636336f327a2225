// Who refers to what, what is copied, and in which order things happen: test/language/meanings.test.ts runs it.
import {
  scheduler,
  syscall,
  hash,
  array,
  zeroed,
  range,
  type Ref,
  type FixedArray,
  u8,
  u16,
  u32,
  u64,
  s8,
  s16,
  s32,
  s64,
  bool,
} from 'scxts';
let failed: FixedArray<u32, 128> = zeroed();
let failures: u32 = 0;
let ran: u32 = 0;
function check(id: u32, ok: boolean): void {
  ran++;
  if (ok) return;
  failed[id] = 1;
  failures++;
}
interface P {
  x: u32;
  y: s16;
  z: u64;
}
interface Q {
  ps: FixedArray<P, 3>;
  n: u32;
  m: FixedArray<FixedArray<u8, 4>, 2>;
  list: FixedArray<u32, 4>;
  other: FixedArray<u32, 4>;
}
const qs = array<Q>(2);
const hs = hash<u32, u64>(64);
let g: u64 = 1;
let gi: u32 = 0;
function bump(): u64 {
  g = 10;
  return 5;
}
function bumpI(): u32 {
  gi += 1;
  return gi;
}
function scale(a: u32, b = a * 2): u32 {
  return a + b;
}
function pair(a: u32, b: u32): u32 {
  return a * 10 + b;
}
const mk = (x: u32, y: s16): P => ({ x, y, z: x * 2 });
function pick(q: Q, i: u32): P {
  return q.ps[i];
}
function wrap8(x: u8): u8 {
  return x + 1;
}
/** @noinline */
function neg(x: s32, on: bool): s64 {
  return on ? -x : x;
}
/** @noinline */
function flip(b: bool): bool {
  return !b;
}
function sumAll(q: Q): u64 {
  let s: u64 = 0;
  for (const r of q.ps) {
    r.x += 1;
    s += r.x;
  }
  return s;
}
function blank(): P {
  return zeroed();
}
function first(n: u32): u32 {
  let i: u32 = 0;
  let v: u32;
  while (i < n && (v = next(i)) !== 3) i++;
  return i;
}
function next(i: u32): u32 {
  return (i * 3) % 4;
}
function testsA() {
  g = 1;
  g += bump();
  check(0, g === 6);
  g = 1;
  const s = g + bump();
  check(1, s === 6);
  check(2, scale(3) === 9 && scale(3, 1) === 4);
  gi = 0;
  check(3, pair(bumpI(), bumpI()) === 12);
  let i: u32 = 0;
  check(4, pair(i++, i++) === 1 && i === 2);
  check(
    5,
    wrap8(255) === 0 && neg(5, true) === -5 && neg(5, false) === 5 && flip(false) && !flip(true),
  );
  let p = mk(1, 2);
  const before = p;
  before.x = 9;
  check(6, p.x === 9);
  p = mk(3, 4);
  check(7, p.x === 3 && p.z === 6);
  const e = blank();
  check(8, e.x === 0 && e.z === 0);
  check(9, first(10) === 1);
  const x = 5;
  {
    const x = 6;
    check(10, x === 6);
  }
  check(11, x === 5);
  let t = 0;
  for (let k = 0; k < 3; k++) {
    const t2 = k;
    for (let k = 10; k < 12; k++) t += k + t2;
  }
  check(12, t === 21 * 3 + 2 * 3);
}
function testsB() {
  const q = qs.get(0);
  if (!q) {
    check(30, false);
    return;
  }
  q.ps = zeroed();
  q.m = zeroed();
  const row = q.m[1];
  row[2] = 7;
  check(31, q.m[1][2] === 7);
  let cur = q.m[0];
  cur[0] = 1;
  cur = q.m[1];
  cur[0] = 2;
  check(32, q.m[0][0] === 1 && q.m[1][0] === 2);
  pick(q, 1).x = 5;
  check(33, q.ps[1].x === 5);
  check(34, sumAll(q) === 8 && q.ps[1].x === 6 && q.ps[0].x === 1);
  q.list = [1, 2, 3, 4];
  q.other = q.list;
  q.list[0] = 9;
  check(35, q.other[0] === 1 && q.other[3] === 4);
  const copy: FixedArray<u32, 4> = q.list;
  check(36, copy[0] === 9 && copy.length === 4);
  q.ps[2] = mk(8, -8);
  q.ps[0] = pick(q, 2);
  check(37, q.ps[0].x === 8 && q.ps[0].y === -8);
  q.ps[1] = zeroed();
  check(38, q.ps[1].x === 0);
  let n = 0;
  hs.set(1, 1);
  hs.set(2, 2);
  hs.set(3, 3);
  let even = false;
  const acc: P = { x: 0, y: 0, z: 0 };
  const r: Ref<u32> = { value: 0 };
  hs.forEach((k, v) => {
    n++;
    if (v.value === 2) even = true;
    acc.z += v.value;
    r.value += k;
    hs.forEach((k2, v2) => {
      acc.x += k2;
      n += 10;
    });
  });
  check(39, n === 93 && even && acc.z === 6 && r.value === 6 && acc.x === 18);
  let d = 0;
  lab: do {
    d++;
    for (const j of range(5)) {
      if (j === 2) continue lab;
      if (d > 3) break lab;
    }
    d += 100;
  } while (d < 10);
  check(40, d === 4);
  const u: u32 = 5;
  check(41, -u === 4294967291 && ~u8(1) === -2 && u8(255) << 8 === 0xff00);
  const sm: s8 = -5,
    um: u16 = 3;
  check(42, sm / 2 === -2 && sm % 2 === -1 && sm * um === -15 && sm >> 1 === -3);
  let w: u16 = 65535;
  w++;
  check(43, w === 0);
  let z: s16 = -32768;
  z--;
  check(44, z === 32767);
  let k64: u64 = 0;
  k64 -= 1;
  check(45, k64 === u64(0xffff_ffff_ffff_ffffn) && k64 + 1 === 0);
  let a = 0,
    b = 0;
  a = (b = 3) + 1;
  check(46, a === 4 && b === 3);
  let c: u32 = 1;
  c = c++ + c++;
  check(47, c === 3);
  const arr: FixedArray<u32, 4> = [0, 0, 0, 0];
  let ix: u32 = 0;
  arr[ix++] = ix;
  arr[ix] = ix++;
  check(48, arr[0] === 1 && arr[1] === 1 && ix === 2);
  const flag = q.n > 0 || q.list[0] === 9;
  const num = u32(flag) + (flag ? 2 : 0);
  check(49, num === 3);
  let big: s64 = s64(-9223372036854775807n) - 1;
  check(50, big < 0 && -big === big && big / -1 === big);
  let cnt = 0;
  for (let j = 10; j--;) cnt++;
  check(51, cnt === 10);
  let v2: P | null = null;
  for (const one of q.ps) {
    if (one.x === 8) {
      v2 = one;
      break;
    }
  }
  check(52, v2 !== null && v2.x === 8);
  if (v2) v2.x = 1;
  check(53, q.ps[0].x === 1);
  const best = q.ps[0].x > q.ps[2].x ? q.ps[0] : q.ps[2];
  best.z = 77;
  check(54, q.ps[2].z === 77);
}
export const run = syscall(() => {
  ran = 0;
  failures = 0;
  testsA();
  testsB();
  return 0;
});
export default scheduler({ name: 'places' });
