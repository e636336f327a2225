// What is not there, null and undefined, in all the ways that TypeScript has to say so.
import {
  scheduler,
  syscall,
  hash,
  array,
  queue,
  arrayOfMaps,
  zeroed,
  scx_bpf_dsq_insert,
  SCX_DSQ_GLOBAL,
  SCX_SLICE_DFL,
  u32,
  u64,
  bool,
  type FixedArray,
  range,
  timer,
  NR_CPUS,
} from 'scxts';
import * as scx from 'scxts';

let failed: FixedArray<u32, 128> = zeroed();
let failures: u32 = 0;
let ran: u32 = 0;
function check(id: u32, ok: boolean): void {
  ran++;
  if (ok) return;
  failed[id] = 1;
  failures++;
}
enum St {
  Idle,
  Busy,
  Gone,
}
interface V {
  n: u32;
  on: bool;
  st: St;
  in: { k: u64 };
}
const m = hash<u32, V>(16);
const sc = hash<u32, u32>(16);
const perCpu = array<u64>(scx.NR_CPUS);
const CPUS = NR_CPUS;
const perCpu2 = array<u64>(CPUS);
const q = queue<u32>(4);
const qq = arrayOfMaps([q]);
function opt(a: u32, b?: u32): u32 {
  if (b === undefined) return a;
  return a + b;
}
function opt2(a: u32, b?: u32): u32 {
  b ??= 7;
  return a + b;
}
function opt3(a: u32, b?: u32) {
  return a + (b ?? 100);
}
function opt4(a: u32, on?: boolean): u32 {
  return on === false ? 1 : on ? 2 : 3;
}
function viaSwitch(k: u32): u32 {
  const st = m.get(k)?.st;
  if (st === undefined) return 99;
  switch (st) {
    case St.Idle:
      return 0;
    case St.Busy:
      return 1;
    default:
      return 2;
  }
}
function find(k: u32): V | null {
  return m.get(k);
}
const tt = timer(() => m.delete(99));
let tcount: u32 = 0;
function nested(a: u32): u32 {
  return a + 2;
}
function walk(limit: u32): u32 {
  let hits = 0;
  m.forEach((k, v) => {
    if (v.n > limit) return;
    hits++;
    v.n += hits;
  });
  return hits;
}
/** Runs all of it: test/language/meanings.test.ts. */
export const run = syscall(() => {
  ran = 0;
  failures = 0;
  check(0, opt(1) === 1 && opt(1, 0) === 1 && opt(1, 2) === 3 && opt(1, undefined) === 1);
  check(1, opt2(1) === 8 && opt2(1, 0) === 1);
  check(2, opt3(1) === 101 && opt3(1, 0) === 1);
  check(3, opt4(1) === 3 && opt4(1, false) === 1 && opt4(1, true) === 2);
  check(4, !(m.get(1)?.n === 0));
  check(5, m.get(1)?.n !== 0);
  check(6, m.get(1)?.n === undefined);
  const n0 = m.get(1)?.n;
  check(7, n0 === undefined && (n0 ?? 5) === 5);
  check(8, viaSwitch(1) === 99);
  m.set(1, { n: 0, on: false, st: St.Idle, in: { k: 0 } });
  check(9, m.get(1)?.n === 0 && m.get(1)?.on === false && m.get(1)?.in.k === 0);
  const n1 = m.get(1)?.n;
  check(10, n1 !== undefined && (n1 ?? 5) === 0);
  check(11, viaSwitch(1) === 0);
  const on = m.get(2)?.on;
  check(12, on !== false && on !== true && !on);
  check(13, find(1)?.st === St.Idle && find(2)?.st !== St.Idle);
  check(14, sc.get(3)?.value === undefined);
  sc.set(3, 0);
  check(15, sc.get(3)?.value === 0);
  check(16, (qq.get(0)?.pop() ?? 42) === 42);
  q.push(0);
  const got = qq.get(0)?.pop();
  check(17, got !== null && got !== undefined && got.value === 0);
  check(18, nested(1) === 3);
  m.set(2, { n: 50, on: true, st: St.Gone, in: { k: 5 } });
  check(19, walk(10) === 1 && m.get(1)?.n === 1 && viaSwitch(2) === 2);
  perCpu.set(0, 4);
  perCpu2.set(0, 5);
  check(20, perCpu.get(0)?.value === 4 && perCpu2.get(0)?.value === 5);
  check(21, perCpu.get(100_000) === null && perCpu2.get(100_000) === null);
  const x = m.get(2) ?? m.get(1);
  check(22, x !== null && x.n === 50);
  const y = m.get(7)?.in.k ?? m.get(2)?.in.k ?? 9;
  check(23, y === 5);
  const e = m.get(2);
  const k: u64 = e && e.on ? e.in.k : 1;
  check(24, k === 5);
  let v: V | null = m.get(9);
  if (!v) v = m.get(2);
  check(25, v !== null && v.n === 50);
  v = null;
  for (let i: u32 = 0; i < 4 && !v; i++) v = m.get(i);
  check(26, v !== null && v?.n === 1);
  let best: u32 = 0,
    bestN: u32 = 0;
  for (const i of range(4)) {
    const c = m.get(i);
    if (!c || c.n <= bestN) continue;
    bestN = c.n;
    best = i;
  }
  check(27, best === 2 && bestN === 50);
  return 0;
});

export default scheduler({
  name: 'absences',
  enqueue(p, enq_flags) {
    scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
  },
});
