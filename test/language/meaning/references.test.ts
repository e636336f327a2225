import { program } from '../../util/program.js';
import { meanings } from './meaning.js';

// Rule 1: variables of objects are references; what is assigned into a place is copied.
const base = program(`interface X { v: u64 }
interface Y { x: X; list: FixedArray<X, 4>; n: u32 }
interface Z { x: X; n: u32 }
interface L { a: u64; list: FixedArray<u64, 4> }
const m = array<X>(4);
const h = hash<u32, X>(8);
const q = queue<X>(8);
let one: u64 = 1;
let g: X = zeroed();
let g2: X = zeroed();
let gy: Y = zeroed();
let s: FixedArray<X, 4> = zeroed();
function mk(v: u64): X { return { v }; }
function rd(x: X): u64 { return x.v; }
function wr(x: X, v: u64): void { x.v = v; }
function cur(): X { return g; }
function id(x: X): X { return x; }
function both(a: X, b: X, v: u64): u64 { a.v = v; return b.v; }
function list(n: u64): L { return { a: n, list: [n, n + 1, n + 2, n + 3] }; }`);
const run = (body: string) => base.syscall(body);

meanings([
  [
    'the best entry of a map is the entry, not a copy',
    [100, 3],
    run(`for (const i of range(4)) { const e = m.get(i); if (e) e.v = u64(i); }
      let best: X = { v: 0 };
      for (const i of range(4)) { const e = m.get(i); if (e && e.v > best.v) best = e; }
      out[1] = best.v;
      best.v = 100;
      out[0] = m.get(3)?.v ?? 0;`),
  ],
  [
    'the worst entry that is not null',
    [0, 9],
    run(`for (const i of range(4)) { const e = m.get(i); if (e) e.v = u64(i) + 2; }
      let worst: X | null = null;
      for (const i of range(4)) { const e = m.get(i); if (e && (!worst || e.v < worst.v)) worst = e; }
      if (worst) worst.v = 9;
      out[1] = m.get(0)?.v ?? 0;`),
  ],
  [
    'two objects are swapped by their names',
    [2, 1],
    run(
      'let a: X = { v: 1 }; let b: X = { v: 2 }; const t = a; a = b; b = t; out[0] = a.v; out[1] = b.v;',
    ),
  ],
  [
    'swapped objects are written through their new names',
    [20, 10, 20, 10],
    run(`const o1: X = { v: 1 }; const o2: X = { v: 2 }; let a = o1; let b = o2; const t = a; a = b; b = t;
      a.v = 20; b.v = 10; out[0] = a.v; out[1] = b.v; out[2] = o2.v; out[3] = o1.v;`),
  ],
  ['a name of a global is the global', [4], run('let a = g; a.v = 4; out[0] = g.v;')],
  [
    'a variable leaves one object for another',
    [5, 0, 6],
    run(
      'let a: X = { v: 1 }; a = g; a.v = 5; a = g2; a.v = 6; out[0] = g.v; g.v = 0; out[1] = g.v; out[2] = g2.v;',
    ),
  ],
  ['a function gives the global itself', [7], run('cur().v = 7; out[0] = g.v;')],
  ['what a function gives is named', [8], run('const c = cur(); c.v = 8; out[0] = g.v;')],
  ['a function gives its argument', [9], run('const a: X = { v: 1 }; id(a).v = 9; out[0] = a.v;')],
  ['a function writes its argument', [3], run('const a: X = { v: 1 }; wr(a, 3); out[0] = a.v;')],
  ['two arguments may be one object', [6], run('const a: X = { v: 1 }; out[0] = both(a, a, 6);')],
  [
    'a parameter that is assigned leaves the object of the caller',
    [1, 5],
    base
      .globals('function point(x: X): void { x = g; x.v = 5; }')
      .syscall('const a: X = { v: 1 }; point(a); out[0] = a.v; out[1] = g.v;'),
  ],
  [
    'each call of a function that makes an object makes another',
    [1, 2],
    run('const a = mk(1); const b = mk(2); out[0] = a.v; out[1] = b.v;'),
  ],
  [
    'objects made in a row are each their own',
    [1, 2, 10],
    run(
      'let a = mk(1); const b = a; a = mk(2); out[0] = b.v; out[1] = a.v; b.v = 10; out[2] = b.v;',
    ),
  ],
  [
    'an object or null is returned',
    [1, 77],
    base
      .globals('function some(k: u64): X | null { if (k > 5) return null; return { v: k }; }')
      .syscall('const a = some(one); out[0] = a ? a.v : 99; out[1] = some(6)?.v ?? 77;'),
  ],
  [
    'one of two literals is returned',
    [1, 2],
    base
      .globals('function pick(k: bool): X { return k ? { v: 1 } : { v: 2 }; }')
      .syscall('out[0] = pick(one === 1).v; out[1] = pick(one === 2).v;'),
  ],
  [
    'a literal or null is returned by a conditional',
    [1, 8],
    base
      .globals('function pick(k: bool): X | null { return k ? { v: 1 } : null; }')
      .syscall('out[0] = pick(one === 1)?.v ?? 8; out[1] = pick(one === 2)?.v ?? 8;'),
  ],
  [
    'an entry or a literal is returned',
    [3, 4],
    base
      .globals('function at(k: u32): X { return h.get(k) ?? { v: 3 }; }')
      .syscall('out[0] = at(1).v; h.set(1, { v: 4 }); out[1] = at(1).v;'),
  ],
  [
    'an entry that a function returns is the entry',
    [11],
    base
      .globals('function at(k: u32): X { return h.get(k) ?? { v: 3 }; }')
      .syscall('h.set(1, { v: 4 }); at(1).v = 11; out[0] = h.get(1)?.v ?? 0;'),
  ],
  ['an object of a call is an argument', [5], run('out[0] = rd(mk(5));')],
  [
    'an object of a call is stored in a map',
    [6],
    run('h.set(1, mk(6)); out[0] = h.get(1)?.v ?? 0;'),
  ],
  [
    'an object of a call is pushed',
    [7],
    run('q.push(mk(7)); const e = q.pop(); out[0] = e ? e.v : 0;'),
  ],
  ['an object of a call is indexed', [10], run('const i = one + 1; out[0] = list(8).list[i];')],
  [
    'an object of a call is returned on',
    [8],
    base
      .globals('function twice(n: u64): X { return mk(n * 2); }')
      .syscall('const t = twice(4); out[0] = t.v;'),
  ],
  [
    'objects of calls in a conditional',
    [2],
    run('const t = one === 2 ? mk(1) : mk(2); out[0] = t.v;'),
  ],
  [
    'an object of a call in a conditional argument',
    [2],
    run('out[0] = rd(one === 2 ? mk(1) : mk(2));'),
  ],
  ['an object of a call assigned to a global is copied', [3], run('g = mk(3); out[0] = g.v;')],
  ['an object of a call assigned to a field', [3], run('gy.x = mk(3); out[0] = gy.x.v;')],
  ['an object of a call assigned to an element', [3], run('s[one] = mk(3); out[0] = s[1].v;')],
  [
    'an object of a call in a literal',
    [4],
    run('const y: Z = { x: mk(4), n: 1 }; out[0] = y.x.v;'),
  ],
  [
    'an object assigned to a global is copied',
    [1, 9],
    run('const a: X = { v: 1 }; g = a; a.v = 9; out[0] = g.v; out[1] = a.v;'),
  ],
  [
    'an object assigned to a field is copied',
    [1],
    run('const a: X = { v: 1 }; gy.x = a; a.v = 9; out[0] = gy.x.v;'),
  ],
  [
    'an object assigned to an element is copied',
    [1],
    run('const a: X = { v: 1 }; s[2] = a; a.v = 9; out[0] = s[2].v;'),
  ],
  [
    'an object set in a map is copied',
    [1],
    run('const a: X = { v: 1 }; h.set(3, a); a.v = 9; out[0] = h.get(3)?.v ?? 0;'),
  ],
  [
    'an object pushed is copied',
    [1],
    run('const a: X = { v: 1 }; q.push(a); a.v = 9; const e = q.pop(); out[0] = e?.v ?? 0;'),
  ],
  ['an element is a reference', [6], run('const e = s[1]; e.v = 6; out[0] = s[1].v;')],
  [
    'a variable element is a reference',
    [6],
    run('const e = s[one + 1]; e.v = 6; out[0] = s[2].v;'),
  ],
  ['an object in an object is a reference', [6], run('const e = gy.x; e.v = 6; out[0] = gy.x.v;')],
  [
    'each element of a loop is the element',
    [4, 4],
    run('for (const e of s) e.v = 4; out[0] = s[0].v; out[1] = s[3].v;'),
  ],
  [
    'one of two objects is written',
    [1, 9],
    run(
      'const a: X = { v: 1 }; const b: X = { v: 2 }; const p = one === 2 ? a : b; p.v = 9; out[0] = a.v; out[1] = b.v;',
    ),
  ],
  [
    'the object that ??= gives is the global',
    [5],
    run('let a: X | null = null; a ??= g; a.v = 5; out[0] = g.v;'),
  ],
  [
    'the entry that ?? gives is the entry',
    [5],
    run('const e = m.get(1) ?? g; e.v = 5; out[0] = m.get(1)?.v ?? 0;'),
  ],
  [
    'an object that is compared with itself',
    [1, 0, 1],
    run(
      'const a = g; const b = g2; out[0] = a === g ? 1 : 0; out[1] = a === b ? 1 : 0; out[2] = a !== b ? 1 : 0;',
    ),
  ],
  [
    'a reference to a place that is overwritten is an error',
    'refused',
    run('s[0].v = 1; s[1].v = 2; const t = s[0]; s[0] = s[1]; s[1] = t; out[0] = s[1].v;'),
  ],
  [
    'a reference to a global that is overwritten is an error',
    'refused',
    run('const t = g; g = g2; g2 = t; out[0] = g2.v;'),
  ],
  [
    'a reference to a field that is overwritten is an error',
    'refused',
    run('const t = gy.x; gy.x = { v: 4 }; out[0] = t.v;'),
  ],
  [
    'a copy is an object of its own',
    [2, 1],
    run(
      's[0].v = 1; s[1].v = 2; const t = copy(s[0]); s[0] = s[1]; s[1] = t; out[0] = s[0].v; out[1] = s[1].v;',
    ),
  ],
  [
    'a copy of a global',
    [3, 9],
    run('g.v = 3; const t = copy(g); g.v = 9; out[0] = t.v; out[1] = g.v;'),
  ],
  [
    'an object is swapped in a loop',
    [8, 4],
    run(`let a: X = { v: 3 }; let b: X = { v: 5 };
      for (const i of range(3)) { const t = a; a = b; b = t; a.v += 1; b.v += 0; }
      out[0] = a.v + b.v - 3; out[1] = b.v + 0;`),
  ],
]);
