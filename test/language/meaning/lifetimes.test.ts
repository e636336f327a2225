import { program } from '../../util/program.js';
import { meanings } from './meaning.js';

// Rule 2: an object lives as long as something refers to it, or it is an error where it is kept.
const base = program(`interface X { v: u64 }
const q = queue<X>(8);
const st = stack<X>(8);
const h = hash<u32, X>(8);
let one: u64 = 1;
let g: X = zeroed();
function take(): X | null { return q.pop(); }`);
const run = (body: string) => base.syscall(body);

meanings([
  [
    'an object made in an if is kept beyond it',
    [4],
    run(
      'let k: X = g; if (one) { const o: X = { v: 4 }; k = o; } let noise: X = { v: 9 }; noise.v += one; out[0] = k.v;',
    ),
  ],
  [
    'an object made in a block is kept beyond it',
    [4, 10],
    run(
      'let k: X | null = null; { const o: X = { v: 4 }; k = o; } { const o: X = { v: 9 }; o.v += one; out[1] = o.v; } out[0] = k ? k.v : 0;',
    ),
  ],
  [
    'a literal assigned in an if is kept',
    [3],
    run('let k: X | null = null; if (one) k = { v: 3 }; out[0] = k?.v ?? 0;'),
  ],
  [
    'each arm keeps its own',
    [2, 3],
    run(`let k: X | null = null; let j: X | null = null;
      if (one) { const o: X = { v: 2 }; k = o; }
      if (one === 1) { const o: X = { v: 3 }; j = o; }
      out[0] = k?.v ?? 0; out[1] = j?.v ?? 0;`),
  ],
  [
    'an object of an arm of a switch is kept',
    [7],
    run(
      'let k: X = g; switch (one) { case 1: { const o: X = { v: 7 }; k = o; break; } default: { const o: X = { v: 8 }; k = o; } } out[0] = k.v;',
    ),
  ],
  [
    'the object of the last round is read after it',
    [3],
    run(
      'let k: X = g; for (const i of range(3)) { const o: X = { v: u64(i) + 1 }; g.v = o.v; } k = g; out[0] = k.v;',
    ),
  ],
  [
    'a name that comes after the loop keeps what was made in it',
    [2, 12],
    run(`let k: X = g;
      for (const j of range(2)) {
        for (const i of range(3)) { const o: X = { v: u64(i) + u64(j) * 10 }; if (i === 2) k = o; }
        const after = k; out[j] = after.v;
      }`),
  ],
  [
    'a name of another block keeps nothing here',
    [4],
    run(`let k: X = g; let c = 0;
      for (const j of range(2)) {
        if (j === 1) { const other = k; c += other.v === 1 ? 1 : 0; }
        for (const i of range(2)) { const o: X = { v: u64(i) }; if (i === 1) k = o; c++; }
      }
      out[0] = u64(c) - 1;`),
  ],
  [
    'objects of two rounds that are kept',
    [1, 2],
    run(`let first: X | null = null; let second: X | null = null;
      for (const i of range(3)) { const o: X = { v: u64(i) + 1 }; if (!first) first = o; else if (!second) second = o; }
      out[0] = first?.v ?? 0; out[1] = second?.v ?? 0;`),
  ],
  [
    'two elements that a function takes are two objects',
    [1, 3],
    run(
      'q.push({ v: 1 }); q.push({ v: 3 }); const a = take(); const b = take(); if (a && b) { out[0] = a.v; out[1] = b.v; }',
    ),
  ],
  [
    'two elements taken in a row',
    [1, 3],
    run(
      'q.push({ v: 1 }); q.push({ v: 3 }); const a = q.pop(); const b = q.pop(); if (a && b) { out[0] = a.v; out[1] = b.v; }',
    ),
  ],
  [
    'two elements peeked at are copies',
    [1, 1, 9],
    run(
      'q.push({ v: 1 }); const a = q.peek(); const b = q.peek(); if (a && b) { out[0] = a.v; out[1] = b.v; a.v = 9; out[2] = a.v + b.v - 1; }',
    ),
  ],
  [
    'elements of a stack given on by two functions',
    [3, 1],
    base
      .globals(
        'function top(): X | null { const e = st.pop(); return e; } function top2(): X | null { return top(); }',
      )
      .syscall(
        'st.push({ v: 1 }); st.push({ v: 3 }); const a = top2(); const b = top2(); if (a && b) { out[0] = a.v; out[1] = b.v; }',
      ),
  ],
  [
    'an element that a function alters before it gives it',
    [11, 13],
    base
      .globals(
        'function more(): X | null { const e = q.pop(); if (!e) return null; e.v += 10; return e; }',
      )
      .syscall(
        'q.push({ v: 1 }); q.push({ v: 3 }); const a = more(); const b = more(); if (a && b) { out[0] = a.v; out[1] = b.v; }',
      ),
  ],
  [
    'an element that is taken in an if is kept beyond it',
    [3],
    run(
      'q.push({ v: 3 }); let k: X | null = null; if (one) { k = q.pop(); } let n: X = { v: 5 }; n.v += one; out[0] = k ? k.v : 0;',
    ),
  ],
  [
    'a parameter that is returned, of an object made in the call',
    [5, 6],
    base
      .globals('function same(x: X): X { return x; }')
      .syscall('const a = same({ v: 5 }); const b = same({ v: 6 }); out[0] = a.v; out[1] = b.v;'),
  ],
  [
    'a local object that a function returns',
    [5, 6, 7],
    base
      .globals('function made(n: u64): X { const x: X = { v: n }; x.v += 1; return x; }')
      .syscall(
        'const a = made(4); const b = made(5); out[0] = a.v; out[1] = b.v; a.v = 7; out[2] = a.v;',
      ),
  ],
]);
