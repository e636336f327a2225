// What expressions, statements and places mean: each check has a number, which the test names where it fails.
import {
  scheduler,
  syscall,
  config,
  hash,
  array,
  stack,
  range,
  each,
  zeroed,
  atomicAdd,
  SCX_SLICE_DFL,
  SCX_DSQ_GLOBAL,
  scx_bpf_dsq_insert,
  u8,
  u16,
  u32,
  u64,
  s8,
  s16,
  s32,
  s64,
  bool,
  type FixedArray,
  type Ref,
  type SpinLock,
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
  head: u32;
}
interface L {
  lock: SpinLock;
  a: u32;
  q: P;
}
const qs = array<Q>(2);
const ls = array<L>(2);
const hs = hash<u32, u64>(64);
const st = stack<u32>(8);
let gq: Q = zeroed();
let gp: P = { x: 1, y: -2, z: 3 };
let garr: u32[] = [1, 2, 3, 4];
const tbl: s32[] = [-1, 5, 7];
let next_id = 0;
let slice_g: u64 = SCX_SLICE_DFL;
export const slice = config(SCX_SLICE_DFL, 'slice');
enum F {
  A = 1,
  B = 2,
  C = 3,
  D = 8,
}
const NAMES: Record<F, u64> = { [F.A]: 10, [F.B]: 20, [F.C]: 30, [F.D]: 80 };

let calls = 0;
function side(v: u32): u32 {
  calls++;
  return v;
}
function opt(a: u32, b?: u32, c: u32 = 5): u32 {
  return a + (b ?? 100) + c;
}
function swapd({ x, z }: P): u64 {
  return z - x;
}
const mk = (x: u32, y: s16): P => ({ x, y, z: x * 2 });
function early(n: s32): s32 {
  for (let i = 0; i < 10; i++) {
    switch (n) {
      case 0:
        continue;
      case 1:
        return i + 100;
      case 2:
        if (i < 3) break;
        return i;
      default:
        if (i === 5) return -5;
    }
    n = n === 2 ? 2 : n;
  }
  return -1;
}
function sumDown(n: u32): u32 {
  let s: u32 = 0;
  while (n--) s += n;
  return s;
}
function collatz(n: u64): u32 {
  let c = 0;
  while (n !== 1) {
    n = n & 1 ? 3 * n + 1 : n / 2;
    c++;
  }
  return c;
}
function labelled(): u32 {
  let hits: u32 = 0;
  outer: for (let i = 0; i < 5; i++) {
    for (const j of range(5)) {
      if (j === 3) continue outer;
      if (i === 3) break outer;
      hits += 1;
    }
    hits += 100;
  }
  return hits;
}
function fall(x: u32): u32 {
  let r: u32 = 0;
  switch (x) {
    case 1:
      r += 1;
    case 2:
      r += 10;
      break;
    default:
      r += 100;
    case 3:
      r += 1000;
  }
  return r;
}
function tests1() {
  let i: u32 = 0;
  garr[i++] += 10;
  check(0, i === 1 && garr[0] === 11);
  garr[side(1)] *= 3;
  check(1, calls === 1 && garr[1] === 6);
  const q = qs.get(0);
  if (q) {
    q.head = 0;
    q.m[1][q.head++ % 4] = 7;
    q.m[1][q.head++ % 4] = 8;
    check(2, q.head === 2 && q.m[1][0] === 7 && q.m[1][1] === 8);
    q.ps[side(2)].x += 5;
    check(3, q.ps[2].x === 5 && calls === 2);
    q.ps[0] = { x: 1, y: -1, z: 9 };
    q.ps[1] = q.ps[0];
    q.ps[0].x = 77;
    check(4, q.ps[1].x === 1 && q.ps[1].y === -1 && q.ps[1].z === 9);
    const { ps, n } = q;
    ps[2] = mk(4, -4);
    check(5, q.ps[2].z === 8 && q.ps[2].y === -4 && n === 0);
    let oob: u32 = 9;
    oob += garr[3];
    q.ps[oob].x = 5;
    check(6, q.ps[oob].x === 0);
    q.n ||= 6;
    q.n &&= q.n + 1;
    check(7, q.n === 7);
    q.m[0][oob] ||= 3;
    q.m[0][1] ||= 3;
    check(8, q.m[0][1] === 3);
  }
  const id = next_id++;
  check(9, id === 0 && next_id === 1);
  let a: u32, b: u32;
  a = b = 4;
  check(10, a === 4 && b === 4);
  a <<= 30;
  check(11, a === 0);
  b >>>= 1;
  check(12, b === 2);
  let s: s32 = -7;
  check(13, s / 2 === -3 && s % 3 === -1 && s >> 1 === -4);
  s %= 4;
  check(14, s === -3);
  let z: u32 = 0;
  check(15, 10 / z === 0 && 10 % z === 10);
  check(16, opt(1) === 106 && opt(1, 2) === 8 && opt(1, 0, 0) === 1);
  check(17, swapd(gp) === 2);
  check(18, early(0) === -1 && early(1) === 100 && early(2) === 3 && early(9) === -5);
  check(19, sumDown(5) === 10 && sumDown(0) === 0);
  check(20, collatz(27) === 111);
  check(21, labelled() === 9);
  check(22, fall(1) === 11 && fall(2) === 10 && fall(3) === 1000 && fall(9) === 1100);
  check(23, NAMES[F.C] === 30);
  let f = F.B;
  f |= F.D;
  check(24, (f & F.D) !== 0 && u32(f) === 10);
  check(25, slice === 20_000_000 && slice_g === 20_000_000);
}
function tests2() {
  hs.set(1, 5);
  hs.add(1, 3);
  hs.add(2, 9);
  check(30, (hs.get(1)?.value ?? 0) === 8 && hs.get(2) === null);
  const r = hs.get(1);
  if (r) {
    r.value++;
    r.value *= 2;
    r.value -= 1;
  }
  check(31, hs.get(1)?.value === 17);
  check(32, hs.delete(1) === 0 && hs.delete(1) === -2);
  st.push(1);
  st.push(2);
  const pk = st.peek();
  check(33, pk !== null && pk.value === 2);
  const p1 = st.pop(),
    p2 = st.pop(),
    p3 = st.pop();
  check(34, p1 !== null && p1.value === 2 && p2 !== null && p2.value === 1 && p3 === null);
  let u: u64 = 5;
  let tot: u64 = 0;
  for (let k: u32 = 10; k < 14; k++) hs.set(k, u64(k));
  let seen: u32 = 0;
  hs.forEach((k, v) => {
    tot += v.value;
    seen++;
    v.value = 1;
  });
  check(36, tot === 46 && seen === 4);
  let stop: u32 = 0;
  hs.forEach((k, v) => {
    stop++;
    return stop >= 2;
  });
  check(37, stop === 2);
  let sum: u64 = 0;
  for (const v of garr) sum += v;
  check(38, sum === 11 + 6 + 3 + 4);
  for (const t of tbl) {
    if (t < 0) continue;
    sum += u64(t);
  }
  check(39, sum === 24 + 12);
  const l = ls.get(1);
  if (l) {
    {
      using h = l.lock.hold();
      l.a = 3;
      if (l.a > 2) l.q.x = 9;
    }
    check(40, l.q.x === 9 && lockAndReturn(l) === 3);
  }
  u += 1;
  check(41, u === 6);
}
let u_g: u64 = 0;
function u_g_ref(): u64 {
  return atomicAdd(u_g, 1);
}
function lockAndReturn(l: L): u32 {
  using h = l.lock.hold();
  for (let i = 0; i < 4; i++) {
    if (i === 3) return i;
  }
  return 0;
}
function tests3() {
  const small: u8 = 200,
    other: u8 = 100;
  check(50, small + other === 300);
  const w = u8(small + other);
  check(51, w === 44);
  let acc: u8 = 250;
  acc += 10;
  check(52, acc === 4);
  const neg: s8 = -1;
  check(53, u32(neg) === 0xffff_ffff && u64(neg) === u64(0xffff_ffff_ffff_ffffn));
  check(54, s64(u32(neg)) === 4294967295);
  const big: u64 = u64(0x8000_0000_0000_0000n);
  check(55, big >> 63 === 1 && s64(big) < 0);
  check(56, Math.min(3, s32(-4)) === -4 && Math.max(u64(3), 9) === 9 && Math.abs(s32(-8)) === 8);
  const t: bool = failures >= 0,
    fl: bool = !t;
  let n = 0;
  n += t ? 1 : 0;
  n += fl ? 10 : 2;
  check(57, n === 3 && t !== fl && !(t && fl));
  const v = n && 7;
  const o = z0() || 9;
  check(58, v === 7 && o === 9);
  const nn = n > 2 ? (n > 3 ? 1 : 2) : 3;
  check(59, nn === 2);
  let k: u64 = 1;
  k = k << 40;
  check(60, k === 1099511627776);
  const m1 = 1 << 33;
  check(61, m1 === 8589934592 || m1 === 2);
  let sh: u32 = 33;
  check(62, u32(1) << sh === 2);
  check(63, ~u32(0) === 0xffff_ffff && -(-5) === 5 && +t === 1);
  let i = 5;
  const j = i++ + ++i;
  check(64, j === 12 && i === 7);
  check(65, s32(-1) >>> 28 === 15);
  let d = 0;
  do {
    d += 2;
    if (d === 4) continue;
    if (d > 8) break;
  } while (d < 100);
  check(66, d === 10);
  let c = 0;
  for (;;) {
    if (++c > 20) break;
  }
  check(67, c === 21);
  for (let x = 0, y = 10; x < y; x++, y--) c += y - x;
  check(68, c === 21 + 30);
  let unsignedDown = 0;
  for (let q: u32 = 3; q > 0; q--) unsignedDown += q;
  check(69, unsignedDown === 6);
  gp.z += gp.x;
  gp.y -= 1;
  gp.x--;
  check(70, gp.z === 4 && gp.y === -3 && gp.x === 0);
  const copy: P = { x: gp.x, y: gp.y, z: gp.z };
  copy.z = 100;
  check(71, gp.z === 4 && copy.z === 100);
  gq.ps[1] = copy;
  gq.m[1][3] = 9;
  check(72, gq.ps[1].z === 100 && gq.m[1][3] === 9 && gq.m[0][3] === 0);
  const ref: Ref<u32> = { value: 3 };
  bumpRef(ref);
  check(73, ref.value === 8);
  const arr: FixedArray<u16, 4> = [1, 2, 3, 4];
  arr[1] += arr[2];
  fill(arr, 9);
  check(74, arr[1] === 14 && arr.length === 4);
  let total = 0;
  for (const e of arr) total += e;
  check(75, total === 1 + 5 + 3 + 4 + 36);
}
function z0(): u32 {
  return 0;
}
function bumpRef(r: Ref<u32>) {
  r.value += 5;
}
function fill(a: FixedArray<u16, 4>, by: u16) {
  for (let i = 0; i < a.length; i++) a[i] += by;
}

/** Runs all of it: test/language/meanings.test.ts. */
export const run = syscall(() => {
  ran = 0;
  failures = 0;
  tests1();
  tests2();
  tests3();
  return 0;
});

export default scheduler({
  name: 'meanings',
  enqueue(p, enq_flags) {
    scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, slice, enq_flags);
  },
});
