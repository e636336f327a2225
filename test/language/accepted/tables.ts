// Tables, objects of constants, generic structs, maps of maps: test/language/meanings.test.ts runs it.
import {
  scheduler,
  syscall,
  hash,
  array,
  percpuArray,
  percpu,
  queue,
  stack,
  arrayOfMaps,
  zeroed,
  configArray,
  atomicAdd,
  atomicSub,
  atomicOr,
  atomicXchg,
  atomicCas,
  streq,
  startsWith,
  type FixedArray,
  type CString,
  u8,
  u16,
  u32,
  u64,
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
const LIMITS = {
  min: 10,
  max: 1_000,
  batch: { slice: 50, weight: { lo: 1, hi: 32 } },
  neg: -4,
} as const;
enum Kind {
  Unknown = -1,
  A,
  B = 4,
  C = 5,
  D,
}
const COST: Record<Kind, s64> = {
  [Kind.Unknown]: -9,
  [Kind.A]: 1,
  [Kind.B]: 40,
  [Kind.C]: 50,
  [Kind.D]: 60,
};
const byMode = { 0: 5, 1: 6, 2: 70_000 };
interface Row {
  a: u32;
  b: s16;
  in: { c: u8; d: FixedArray<u16, 3> };
}
const rows: Row[] = [
  { a: 1, b: -2, in: { c: 3, d: [4, 5, 6] } },
  { a: 10, b: -20, in: { c: 30, d: [40, 50, 60] } },
];
export const cfg = configArray<Row>(3);
export const wide = configArray<u64>(4);
const grid: FixedArray<FixedArray<s32, 3>, 2> = [
  [1, 2, 3],
  [4, 5, 6],
];
interface Box<T> {
  v: T;
  n: u32;
}
interface Two<A, B = u8> {
  a: A;
  b: B;
}
const boxes = hash<u32, Box<s16>>(8);
const twos = array<Two<Box<u64>>>(4);
const m = hash<u32, Row>(16);
const nums = hash<u64, s32>(16);
const at = array<{ n: u32; arr: FixedArray<u64, 4>; small: FixedArray<u32, 2> }>(2);
const inner1 = hash<u32, u64>(8),
  inner2 = hash<u32, u64>(8);
const both = arrayOfMaps([inner1, inner2]);
const st = stack<{ x: u32; y: u32 }>(4);
const q = queue<s16>(4);
const pc = percpuArray<u32>(2);
const me = percpu<{ hits: u32; last: s64 }>();
let name: CString<16> = zeroed();
let cell: FixedArray<u64, 4> = zeroed();
let flags: FixedArray<bool, 3> = [true, false, true];
let mode: u32 = 1;
let k: Kind = Kind.C;
function put<T>(b: Box<T>, v: T): T {
  const old = b.v;
  b.v = v;
  b.n++;
  return old;
}
function total(r: Row): s64 {
  let t: s64 = s64(r.a) + r.b + r.in.c;
  for (const d of r.in.d) t += d;
  return t;
}
function anon(p: { lo: u32; hi: u32 }): u32 {
  return p.hi - p.lo;
}
function level(n: u32): u8 {
  return n > 100 ? 3 : n > 10 ? 2 : n ? 1 : 0;
}
function tests1() {
  check(
    0,
    LIMITS.batch.weight.hi === 32 && LIMITS.batch.slice + LIMITS.min === 60 && LIMITS.neg === -4,
  );
  check(1, COST[Kind.Unknown] === -9 && COST[Kind.D] === 60);
  mode = 2;
  check(3, byMode[2] === 70_000);
}
function tests2() {
  check(10, rows[1].in.d[2] === 60 && rows[0].b === -2);
  let i: u32 = 1;
  i &= mode | 1;
  check(11, total(rows[i]) === 170 && total(rows[0]) === 17);
  check(12, cfg[i].a === 0 && cfg[2].in.d[1] === 0 && wide[i] === 0);
  const r = rows[i];
  check(13, r.in.c === 30 && rows[9 - mode + i].a === 0);
  let s = 0;
  for (const row of grid) for (const c of row) s += c;
  check(14, s === 21 && grid[i][2] === 6);
  boxes.set(1, { v: -5, n: 0 });
  const b = boxes.get(1);
  check(15, b !== null && put(b, 7) === -5 && b.v === 7 && b.n === 1);
  const t = twos.get(2);
  check(16, t !== null && put(t.a, u64(0xffff_ffff_ffff_ffffn)) === 0 && t.a.v + 1 === 0);
  check(17, (m.get(1)?.in.d[1] ?? 9) === 9);
  m.set(1, rows[1]);
  check(18, (m.get(1)?.in.d[1] ?? 9) === 50 && m.get(1)?.in.d[i] === 50);
  const a = at.get(1);
  if (a) {
    a.n = 0;
    check(19, atomicAdd(a.arr[i], 5) === 0 && atomicAdd(a.arr[i], 5) === 5 && a.arr[1] === 10);
    check(
      20,
      atomicOr(a.small[i], 6) === 0 &&
        atomicXchg(a.small[i], 1) === 6 &&
        atomicCas(a.small[i], 1, 9) === 1 &&
        a.small[1] === 9,
    );
    i += 8;
    check(21, atomicAdd(a.arr[i], 5) === 0 && a.arr[0] === 0);
    i = 1;
  } else check(19, false);
  atomicSub(cell[i], 3);
  check(22, cell[1] === u64(-3));
  both.get(1)?.set(4, 44);
  check(
    23,
    inner2.get(4)?.value === 44 &&
      inner1.get(4) === null &&
      both.get(i)?.get(4)?.value === 44 &&
      (both.get(2)?.get(4)?.value ?? 3) === 3,
  );
  st.push({ x: 1, y: 2 });
  st.push({ x: 3, y: 4 });
  const top = st.pop(),
    next = st.pop();
  check(24, top !== null && next !== null && top.x === 3 && next.y === 2 && st.pop() === null);
  q.push(-7);
  const head = q.peek();
  check(25, head !== null && head + 1 === -6 && (q.pop() ?? 0) === -7 && (q.pop() ?? 5) === 5);
  pc.add(1, 3);
  check(26, (pc.get(1)?.value ?? 0) >= 3);
  me.this().hits++;
  me.this().last = -5;
  const mine = me.this();
  check(27, mine.hits > 0 && mine.last === -5);
  check(28, flags[0] && !flags[i] && flags[2]);
  flags[i] = flags[0] !== flags[2];
  check(29, !flags[1]);
  check(30, anon({ lo: 3, hi: 10 }) === 7 && level(500) === 3 && level(0) === 0);
  name[0] = 104;
  name[1] = 105;
  check(
    31,
    streq(name, 'hi') && startsWith(name, 'h') && !streq(name, 'hit') && !startsWith(name, 'hit'),
  );
  nums.set(5, -1);
  nums.add(5, -10);
  const nv = nums.get(5);
  check(32, nv !== null && nv.value === -11 && nv.value < 0);
  check(33, nums.get(u64(5))?.value !== undefined && nums.get(6)?.value === undefined);
  let best: Row | null = null;
  for (const rr of rows) if (!best || rr.a > best.a) best = rr;
  check(34, best?.a === 10);
  let label: u32 = 0;
  switch (k) {
    case Kind.A:
      label = 1;
      break;
    case Kind.B:
    case Kind.C:
      label = 2;
      if (mode === 2) break;
      label = 3;
      break;
    default:
      label = 4;
  }
  check(35, label === 2);
  const lo = Math.min(u32(7), i, 3),
    hi = Math.max(LIMITS.max, i);
  check(36, lo === 1 && hi === 1000);
  const sum = rows[0].a + (m.get(1)?.a ?? 0) + (m.get(77)?.a ?? 5) + (twos.get(9)?.b ?? 6);
  check(37, sum === 1 + 10 + 5 + 6);
}
export const run = syscall(() => {
  ran = 0;
  failures = 0;
  tests1();
  tests2();
  return 0;
});
export default scheduler({ name: 'tables' });
