/** What every program of this kind begins with: state, and functions that name, alter, choose and make objects. */
export const PRELUDE = `interface X { a: u64; b: u32 }
interface Y { x: X; list: FixedArray<X, 3>; nums: FixedArray<u32, 4>; n: u32 }
interface N { v: u64; w: u32 }
const K = 5;
const MANY = 300;
const WIDE = 2 ** 33;
let one: u64 = 1;
let c0: u32 = 0;
let c1: u64 = 0;
let g0: X = { a: 0, b: 0 };
let g1: X = { a: 0, b: 0 };
let d0: X = { a: 0, b: 0 };
let y0: Y = zeroed();
let s: FixedArray<X, 4> = zeroed();
let nums: FixedArray<u32, 8> = zeroed();
let text: FixedArray<CString<16>, 2> = zeroed();
const m = array<X>(4);
const h = hash<u32, X>(8);
const h2 = hash<u32, X>(8);
const sums = hash<u32, u64>(8);
const q = queue<X>(8);
const q2 = queue<X>(8);
const stackOfNumbers = stack<u32>(8);
const lock = spinLock();
const lock2 = spinLock();
const items = list<N>(lock);
const items2 = list<N>(lock2);
const tree = rbTree<N>((p, r) => p.v < r.v, lock);
const hits = counter('hits');
function mk(a: u64): X { return { a, b: u32(a) + 1 }; }
function id(x: X): X { return x; }
function wr(x: X, a: u64): u64 { x.a += a; return x.b; }
function tick() { c0++; return c0; }
function up(by: u64 = 2) { c1 += by; return c1; }
function cur(k: u64): X { return k > 50 ? g0 : g1; }
function pick(k: u64, x: X, y: X): X { if (k > 50) return x; return y; }
function maybe(k: u64): X | null { if (k % 3 === 0) return null; return { a: k, b: 2 }; }
function there(k: u64): X | null { return k % 3 === 0 ? null : m.get(u32(k % 5)); }
function both(x: X, y: X): u64 { x.a++; y.b += 2; return x.a + y.a; }
function rd(x: X | null): u64 { return x?.a ?? 7; }
function keep(into: HashMap<u32, X>, k: u32, x: X) { into.set(k % 6, x); return into.get(k % 6)?.a ?? 0; }
function last(of: QueueMap<X>, x: X): X { of.push(x); return of.pop() ?? x; }
/** @noinline */
function add(to: List<N>, held_by: SpinLock, v: u64): void {
  const n = alloc<N>();
  if (n) { n.v = v; n.w = 3; using held = held_by.hold(); to.pushBack(n); }
}
/** @noinline */
function first(of: List<N>, held_by: SpinLock): u64 {
  using held = held_by.hold();
  using n = of.popFront();
  return n ? n.v : 0;
}
/** @noinline */
function sorted(v: u64): void {
  const n = alloc<N>();
  if (n) { n.v = v; using held = lock.hold(); tree.add(n); }
}
/** @noinline */
function least(): u64 {
  using held = lock.hold();
  const n = tree.first();
  if (!n) return 0;
  using out_of = tree.remove(n);
  return out_of ? out_of.v : 0;
}
`;

/** Numbers of the state that are looked at in the end. */
const STATE: readonly string[] = [
  'c0',
  'c1',
  ...['g0', 'g1', 'd0', 'y0.x', 'y0.list[1]', 's[0]', 's[3]'].flatMap((x) => [`${x}.a`, `${x}.b`]),
  'y0.n',
  'y0.nums[2]',
  ...[0, 1, 2, 3, 5, 7].map((i) => `nums[${i}]`),
  ...[0, 1, 3].map((i) => `(m.get(${i})?.a ?? 99)`),
  ...[0, 1, 2, 5].map((i) => `(h.get(${i})?.a ?? 99)`),
  '(h2.get(1)?.b ?? 99)',
  '(sums.get(2)?.value ?? 99)',
  '(q.pop()?.a ?? 99)',
  '(stackOfNumbers.pop() ?? 99)',
  'first(items, lock)',
  'least()',
  "(streq(text[0], 'abc') ? 1 : 0)",
];

export const STATE_VALUES = STATE.length;

/** Declares `out` for so many numbers, and what every program begins and ends with. */
export function frame(size: number): string {
  return `let out: FixedArray<u64, ${size}> = zeroed();
/** @noinline */
function begin(): void {
  c0 = 1; c1 = 2; g0.a = 1; g0.b = 2; g1.a = 3; g1.b = 4; d0.a = 5; d0.b = 6; y0.n = 7; y0.x.a = 8; y0.x.b = 0; copyString(text[0], 'ab'); copyString(text[1], 'b');
  for (const i of range(4)) { s[i].a = u64(i) + 10; s[i].b = u32(i); nums[i] = u32(i) * 3; nums[i + 4] = 0; y0.nums[i] = 1; y0.list[i].a = 0; y0.list[i].b = 1; }
  for (const i of range(6)) { h.delete(u32(i)); h2.delete(u32(i)); sums.delete(u32(i)); }
  for (const i of range(4)) { const e = m.get(i); if (e) { e.a = u64(i); e.b = 1; } }
  for (const i of range(8)) { q.pop(); q2.pop(); stackOfNumbers.pop(); first(items, lock); first(items2, lock2); least(); }
}
/** @noinline */
function end(at: u64): void {
${STATE.map((text, i) => `  out[at + ${i}] = u64(${text});`).join('\n')}
}
`;
}
