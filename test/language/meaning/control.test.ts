import { program } from '../../util/program.js';
import { meanings } from './meaning.js';

// Rule 8: one switch is one scope; and what control flow means besides.
const base = program(`interface X { v: u64 }
let one: u64 = 1;
let c: u64 = 0;
const DEBUG = 2;
const OFF = 0;
const m = hash<u32, u64>(8);
function n(): u64 { return ++c; }`);
const run = (body: string) => base.syscall(body);

meanings([
  [
    'the cases of a switch are one scope',
    [2],
    run(
      'switch (one) { case 0: let x: u64; x = 1; out[0] = x; break; case 1: x = 2; out[0] = x; break; }',
    ),
  ],
  [
    'a name of a switch and one outside',
    [2, 7],
    run(
      'const x = 7; switch (one) { case 0: let x: u64; x = 1; out[0] = x; break; case 1: x = 2; out[0] = x; break; } out[1] = x;',
    ),
  ],
  [
    'a switch on a constant that no case has',
    'builds',
    run('switch (u32(3)) { case 1: out[0] = 1; break; case 2: out[0] = 2; break; }'),
  ],
  [
    'a switch on a constant',
    [2, 1],
    run(
      'switch (u64(DEBUG)) { case 1: out[0] = 1; break; case 2: out[0] = 2; break; } out[1] = 1;',
    ),
  ],
  [
    'a switch that falls through',
    [1, 2, 0],
    run(
      'switch (one) { case 0: out[2] = 9; case 1: out[0] = 1; case 2: out[1] = 2; break; case 3: out[2] = 3; }',
    ),
  ],
  [
    'a default in the middle',
    [1, 2],
    run(
      'switch (one + 8) { case 0: out[3] = 9; break; default: out[0] = 1; case 2: out[1] = 2; break; case 3: out[2] = 3; }',
    ),
  ],
  [
    'a default before the case that matches',
    [0, 4],
    run('switch (one) { default: out[0] = 3; break; case 1: out[1] = 4; }'),
  ],
  [
    'cases that are expressions',
    [5],
    run('const k = one; switch (u64(1)) { case k: out[0] = 5; break; case 2: out[0] = 6; }'),
  ],
  [
    'the value of a switch is evaluated once',
    [1, 1],
    run(
      'switch (n()) { case 3: out[1] = 3; break; case 2: out[1] = 2; break; case 1: out[1] = 1; } out[0] = c;',
    ),
  ],
  ['an empty switch evaluates its value', [1], run('switch (n()) { } out[0] = c;')],
  [
    'a switch on a wide value',
    [1],
    run('switch ((one << 32) + 1) { case 1: out[0] = 9; break; default: out[0] = 1; }'),
  ],
  [
    'a switch on a signed value',
    [1],
    run('const s: s32 = -3; switch (s) { case -3: out[0] = 1; break; default: out[0] = 2; }'),
  ],
  [
    'continue in a switch in a loop',
    [5],
    run('for (const i of range(6)) { switch (i) { case 2: continue; default: break; } out[0]++; }'),
  ],
  [
    'break out of a loop from a switch',
    [2],
    run(
      'loop: for (const i of range(6)) { switch (i) { case 2: break loop; default: break; } out[0]++; }',
    ),
  ],
  [
    'a switch in a switch',
    [3],
    run(
      'switch (one) { case 1: switch (one + 1) { case 2: out[0] = 3; break; default: out[0] = 4; } break; default: out[0] = 5; }',
    ),
  ],
  [
    'a constant as a condition',
    [1, 0, 1],
    run('if (DEBUG) out[0] = 1; if (OFF) out[1] = 1; if (!OFF) out[2] = 1;'),
  ],
  [
    'a constant beside a condition',
    [1, 0, 1, 1],
    run(
      'if (one > 0 && DEBUG) out[0] = 1; if (one > 0 && OFF) out[1] = 1; if (DEBUG || one > 5) out[2] = 1; if (one > 5 || DEBUG) out[3] = 1;',
    ),
  ],
  ['a constant condition of a conditional', [4], run('out[0] = DEBUG ? 4 : 5;')],
  [
    'a constant condition of a loop',
    [3],
    run('while (DEBUG) { out[0]++; if (out[0] === 3) break; }'),
  ],
  [
    'literal conditions',
    [1, 2],
    run('if (true) out[0] = 1; if (false) out[0] = 2; if (1 && one) out[1] = 2;'),
  ],
  [
    'a comparison of constants',
    [1],
    run('if (DEBUG === 2) out[0] = 1; if (DEBUG > 2) out[0] = 2;'),
  ],
  [
    'a comparison of a value with itself',
    [1, 0],
    run('if (one === one) out[0] = 1; if (one !== one) out[1] = 1;'),
  ],
  ['a for without any part', [3], run('for (;;) { out[0]++; if (out[0] === 3) break; }')],
  [
    'a for with two variables',
    [15, 5],
    run(
      'for (let i: u64 = 0, j: u64 = 5; i < j; i++, j--) { out[0] += j; if (i === 1) { out[1] = 5; } } out[0] += 3;',
    ),
  ],
  [
    'an assignment beside the step of a loop',
    [3],
    run('let i: u64 = 0; for (; i < 3; i += 1) { } out[0] = i;'),
  ],
  ['do runs once', [1], run('do { out[0]++; } while (one > 5);')],
  [
    'continue in a do tests',
    [3],
    run('let i: u64 = 0; do { i++; if (i < 3) continue; out[0] = i; } while (i < 3);'),
  ],
  [
    'continue to an outer loop',
    [4],
    run(
      'outer: for (const i of range(4)) { for (const j of range(4)) { if (j === 1) continue outer; out[0]++; } }',
    ),
  ],
  [
    'a labelled break of two loops',
    [1],
    run(
      'outer: for (const i of range(4)) { for (const j of range(4)) { out[0]++; break outer; } }',
    ),
  ],
  [
    'the counter of a for is one variable',
    [2],
    run('for (let i: u64 = 0; i < 10; i++) { i += 4; out[0]++; }'),
  ],
  [
    'a variable of a block hides one outside',
    [1, 2],
    run('const x: u64 = 1; { const x: u64 = 2; out[1] = x; } out[0] = x;'),
  ],
  [
    'each round has its own variable',
    [3, 1],
    run('for (const i of range(3)) { let k: u64 = 0; k++; out[1] = k; out[0]++; }'),
  ],
  [
    'an early return of a function',
    [1, 2],
    base
      .globals(
        'function f(k: u64): u64 { if (k > 3) return 1; for (const i of range(5)) { if (i === 2) return u64(i); } return 9; }',
      )
      .syscall('out[0] = f(4); out[1] = f(1);'),
  ],
  [
    'a short loop whose counter a callback reads',
    [9],
    run(
      'm.set(1, 1); for (let i = 0; i < 3; i++) m.forEach((k, v) => { out[0] += v.value + u64(i) + 1; });',
    ),
  ],
  [
    'forEach goes over all and stops where it returns true',
    [3, 1],
    run(
      'm.set(1, 1); m.set(2, 1); m.set(3, 1); m.forEach((k, v) => { out[0] += v.value; return false; }); m.forEach((k, v) => { out[1]++; return true; });',
    ),
  ],
  ['a nested conditional', [2], run('out[0] = one === 0 ? 1 : one === 1 ? 2 : 3;')],
  [
    'logical values as numbers',
    [3, 1, 0, 3],
    run(
      'out[0] = one && 3; out[1] = one || 3; const z = one - 1; out[2] = z && 3; out[3] = z || 3;',
    ),
  ],
  [
    'a condition as a truth value',
    [1],
    run('const b: bool = one > 0 && one < 5; out[0] = b ? 1 : 0;'),
  ],
]);
