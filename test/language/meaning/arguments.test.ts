import { program } from '../../util/program.js';
import { meanings } from './meaning.js';

// Rule 6: maps, lists, trees, locks, timers and rings given as arguments are those.
const base = program(`interface N { v: u64 }
const k = spinLock();
const k2 = spinLock();
const l1 = list<N>(k);
const l2 = list<N>(k);
const t1 = rbTree<N>((a, b) => a.v < b.v, k);
const t2 = rbTree<N>((a, b) => a.v < b.v, k);
const m1 = hash<u32, N>(4);
const m2 = hash<u32, N>(8);
const c1 = hash<u32, u64>(4);
const c2 = hash<u32, u64>(8);
const a1 = array<u64>(4);
const a2 = array<u64>(4);
const q1 = queue<N>(4);
const q2 = queue<N>(4);
export const n1 = counter('one');
export const n2 = counter('two');
let one: u64 = 1;`);

meanings([
  [
    'lists',
    [7, 5],
    base
      .globals(
        `function put(l: List<N>, v: u64): void { const n = alloc<N>(); if (!n) return; n.v = v; using h = k.hold(); l.pushBack(n); }
function take(l: List<N>): u64 { using h = k.hold(); using n = l.popFront(); return n ? n.v : 0; }`,
      )
      .syscall('put(l1, 5); put(l2, 7); out[0] = take(l2); out[1] = take(l1);'),
  ],
  [
    'lists given on by a function',
    [7, 5],
    base
      .globals(
        `function put(l: List<N>, v: u64): void { const n = alloc<N>(); if (!n) return; n.v = v; using h = k.hold(); l.pushBack(n); }
function also(l: List<N>, v: u64): void { put(l, v); }
function take(l: List<N>): u64 { using h = k.hold(); using n = l.popFront(); return n ? n.v : 0; }`,
      )
      .syscall('also(l1, 5); also(l2, 7); out[0] = take(l2); out[1] = take(l1);'),
  ],
  [
    'trees',
    [7, 5],
    base
      .globals(
        `function put(t: RbTree<N>, v: u64): void { const n = alloc<N>(); if (!n) return; n.v = v; using h = k.hold(); t.add(n); }
function least(t: RbTree<N>): u64 { using h = k.hold(); const f = t.first(); if (!f) return 0; using n = t.remove(f); return n ? n.v : 0; }`,
      )
      .syscall('put(t1, 5); put(t2, 7); out[0] = least(t2); out[1] = least(t1);'),
  ],
  [
    'locks',
    [2],
    base
      .globals('let n: u64 = 0; function bump(l: SpinLock): void { using h = l.hold(); n++; }')
      .syscall('bump(k); bump(k2); out[0] = n;'),
  ],
  [
    'a lock that a function holds beside another that its caller holds is an error',
    'refused',
    base
      .globals('let n: u64 = 0; function bump(l: SpinLock): void { using h = l.hold(); n++; }')
      .syscall('using h = k.hold(); bump(k);'),
  ],
  [
    'maps',
    [1, 2, 9],
    base
      .globals(
        `function put(m: typeof m1, v: u64): void { m.set(1, { v }); } function got(m: typeof m1): u64 { return m.get(1)?.v ?? 9; }`,
      )
      .syscall('put(m1, 1); out[0] = got(m1); out[2] = got(m2); put(m2, 2); out[1] = got(m2);'),
  ],
  [
    'maps of numbers, chosen by the caller of the caller',
    [3, 4],
    base
      .globals(
        'function put(m: typeof c1, v: u64): void { m.set(1, v); } function via(m: typeof c1, v: u64): void { put(m, v); }',
      )
      .syscall(
        'via(c1, 3); via(c2, 4); out[0] = c1.get(1)?.value ?? 0; out[1] = c2.get(1)?.value ?? 0;',
      ),
  ],
  [
    'arrays',
    [3, 4],
    base
      .globals(
        'function put(m: typeof a1, v: u64): void { const e = m.get(1); if (e) e.value = v; }',
      )
      .syscall(
        'put(a1, 3); put(a2, 4); out[0] = a1.get(1)?.value ?? 0; out[1] = a2.get(1)?.value ?? 0;',
      ),
  ],
  [
    'queues',
    [4, 3],
    base
      .globals(
        'function put(q: typeof q1, v: u64): void { q.push({ v }); } function take(q: typeof q1): u64 { return q.pop()?.v ?? 0; }',
      )
      .syscall('put(q1, 3); put(q2, 4); out[0] = take(q2); out[1] = take(q1);'),
  ],
  [
    'counters',
    'builds',
    base.globals('function up(c: typeof n1): void { c.inc(); }').syscall('up(n1); up(n2);'),
  ],
  [
    'timers',
    'builds',
    program(
      'const t1 = timer(() => { out[0]++; }); const t2 = timer(() => { out[1]++; }); function go(t: typeof t1): void { t.start(1_000_000); }',
    ).syscall('go(t1); go(t2);'),
  ],
  [
    'a place given by reference',
    [8],
    base
      .globals('function bump(r: Ref<u64>): void { r.value += 5; }')
      .syscall('const r: Ref<u64> = { value: 3 }; bump(r); out[0] = r.value;'),
  ],
  [
    'an array given as an argument is that array',
    [9],
    base
      .globals(
        'let arr: FixedArray<u64, 4> = zeroed(); function put(a: FixedArray<u64, 4>): void { a[1] = 9; }',
      )
      .syscall('put(arr); out[0] = arr[1];'),
  ],
]);
