import { program } from '../../util/program.js';
import { meanings } from './meaning.js';

// Rule 3: left to right, each operand once.
const base = program(`interface V { a: u64; b: u64 }
interface W { b: V; a: u64 }
const p = percpu<V>();
const h = hash<u32, V>(8);
let c: u64 = 0;
let one: u64 = 1;
let g: V = zeroed();
let arr: FixedArray<u64, 8> = zeroed();
function at(): V { c++; return p.this(); }
function n(): u64 { return ++c; }
function say(x: u64): u64 { c = c * 10 + x; return x; }
function three(a: u64, b: u64, d: u64): u64 { return a * 100 + b * 10 + d; }`);
const run = (body: string) => base.syscall(body);

meanings([
  [
    'a step out of range gives what it would have made',
    [1, 0, 2 ** 32 - 1, 5, 0],
    program('let few: FixedArray<u32, 4> = zeroed();\nlet at: u32 = 9;').syscall(
      'out[0] = ++few[at]; out[1] = few[at]++; out[2] = --few[at]; out[3] = few[at] += 5; out[4] = few[at];',
    ),
  ],
  [
    'the comma operator gives what comes last',
    [3, 2, 5, 1, 7],
    program('let k: u64 = 1;\nfunction two(a: u64, b: u64): u64 { return a * 10 + b; }').syscall(
      `let x = (k++, k + 1); out[0] = x; out[1] = k;
       for (k = 4, x = 5; k < 5; k++, out[3]++) out[2] = x;
       if ((k = 0, k++, k === 1)) out[4] = two(k, (k += 2, k)) - 6;`,
    ),
  ],
  [
    '+= adds to what was there before',
    [7, 6],
    run('let j: u64 = 2; j += (j = 5); out[0] = j; let i: u64 = 3; i += i++; out[1] = i;'),
  ],
  ['+= on a global', [7], run('c = 2; c += (c = 5); out[0] = c;')],
  ['+= on a field', [7], run('g.a = 2; g.a += (g.a = 5); out[0] = g.a;')],
  ['+= on an element', [7], run('arr[1] = 2; arr[one] += (arr[one] = 5); out[0] = arr[1];')],
  ['+= with a call that writes the target', [5], run('c = 4; c += n(); out[0] = c - 4;')],
  [
    '-= *= <<= from the old value',
    [0xffff_ffff_ffff_fffdn, 10, 64],
    run(
      'let j: u64 = 2; j -= (j = 5); out[0] = j; let k: u64 = 2; k *= (k = 5); out[1] = k; let l: u64 = 2; l <<= (l = 5); out[2] = l;',
    ),
  ],
  [
    'a sum of a variable and its increment',
    [3, 5],
    run('let i: u64 = 1; out[0] = i + ++i; i = 2; out[1] = i++ + i;'),
  ],
  [
    'a variable beside its assignment',
    [7, 10],
    run('let i: u64 = 2; out[0] = i + (i = 5); i = 2; out[1] = (i = 5) + i;'),
  ],
  [
    'a global beside a call that writes it',
    [3, 3],
    run('c = 1; out[0] = c + n(); c = 0; out[1] = n() + n();'),
  ],
  [
    'a global compared with what a call makes of it',
    [1, 0],
    run('c = 0; out[0] = c < n() ? 1 : 0; c = 0; out[1] = n() < c ? 1 : 0;'),
  ],
  [
    'members of a literal as they are written',
    [1, 0],
    run('let i = 0; const v: V = { b: u64(i++), a: u64(i++) }; out[0] = v.a; out[1] = v.b;'),
  ],
  [
    'members with calls',
    [2, 1],
    run('const v: V = { b: n(), a: n() }; out[0] = v.a; out[1] = v.b;'),
  ],
  [
    'members of a literal in a literal',
    [3, 2, 1],
    run(
      'const w: W = { a: n(), b: { b: n(), a: n() } }; out[0] = w.b.a; out[1] = w.b.b; out[2] = w.a;',
    ),
  ],
  [
    'members of a literal that is set',
    [2, 1],
    run('h.set(1, { b: n(), a: n() }); const v = h.get(1); if (v) { out[0] = v.a; out[1] = v.b; }'),
  ],
  [
    'members of a literal that is assigned',
    [2, 1],
    run('g = { b: n(), a: n() }; out[0] = g.a; out[1] = g.b;'),
  ],
  [
    'members of a literal that is returned',
    [2, 1],
    base
      .globals('function mk(): V { return { b: n(), a: n() }; }')
      .syscall('const v = mk(); out[0] = v.a; out[1] = v.b;'),
  ],
  [
    'a literal that reads what it is assigned to',
    [2, 1],
    run('g.a = 1; g.b = 2; g = { a: g.b, b: g.a }; out[0] = g.a; out[1] = g.b;'),
  ],
  [
    'elements of an array',
    [1, 2, 3],
    run(
      'const t: FixedArray<u64, 3> = [n(), n(), n()]; out[0] = t[0]; out[1] = t[1]; out[2] = t[2];',
    ),
  ],
  [
    'arguments from left to right',
    [123, 123],
    run('out[0] = three(n(), n(), n()); c = 0; three(say(1), say(2), say(3)); out[1] = c;'),
  ],
  ['an argument before a later one writes it', [123], run('c = 1; out[0] = three(c, n(), n());')],
  [
    'operators from left to right',
    [123],
    run('let t = say(1) * say(2) + say(3); out[0] = c; t += 1; out[5] = t;'),
  ],
  ['a comparison from left to right', [12], run('if (say(1) < say(2)) out[0] = c;')],
  ['both sides of a shift', [21], run('const t = say(2) << say(1); out[0] = c; out[4] = t;')],
  ['||= evaluates its target once', [1, 4], run('at().a ||= 4; out[0] = c; out[1] = p.this().a;')],
  [
    '||= with an increment as the index',
    [1, 5],
    run('let i: u32 = 0; arr[i++] ||= 5; out[0] = i; out[1] = arr[0];'),
  ],
  [
    '&&= evaluates its target once',
    [1, 5, 0],
    run(
      'let i: u32 = 0; arr[0] = 3; arr[i++] &&= 5; out[0] = i; out[1] = arr[0]; out[2] = arr[1];',
    ),
  ],
  [
    '+= evaluates its target once',
    [1, 5, 1],
    run('at().a += 5; out[0] = c; out[1] = p.this().a; let i: u32 = 0; arr[i++] += 5; out[2] = i;'),
  ],
  [
    '++ evaluates its target once',
    [1, 1, 1],
    run('at().a++; out[0] = c; out[1] = p.this().a; let i: u32 = 0; ++arr[i++]; out[2] = i;'),
  ],
  [
    'the value of an increment of an element',
    [3, 4, 5],
    run('arr[2] = 3; out[0] = arr[2]++; out[1] = arr[2]; out[2] = ++arr[one + 1];'),
  ],
  [
    '||= does not evaluate its value where it need not',
    [3, 0],
    run('arr[1] = 3; arr[one] ||= n(); out[0] = arr[1]; out[1] = c;'),
  ],
  [
    '&&= does not evaluate its value where it need not',
    [0, 0],
    run('arr[one] &&= n(); out[0] = arr[1]; out[1] = c;'),
  ],
  [
    'the index of a target before its value',
    [5, 0],
    run('let i: u32 = 0; arr[i] = u64(i = 1) + 4; out[0] = arr[0]; out[1] = arr[1];'),
  ],
  ['a target with a call before its value', [12], run('arr[say(1)] = say(2); out[0] = c;')],
  [
    'a write out of range drops the write, not its value',
    [1],
    run('arr[one + 99] = n(); out[0] = c;'),
  ],
  [
    'an addition out of range drops the write, not its value',
    [1],
    run('arr[one + 99] += n(); out[0] = c;'),
  ],
  [
    'a write to what is missing in a map does not happen, its key does',
    [1, 0],
    run('const e = h.get(u32(n())); if (e) e.a = n(); out[0] = c; out[1] = h.get(1)?.a ?? 0;'),
  ],
  [
    'an object out of range drops the write, not its value',
    [2],
    base
      .globals('let vs: FixedArray<V, 4> = zeroed();')
      .syscall('vs[one + 99] = { a: n(), b: n() }; out[0] = c;'),
  ],
  ['a call in a statement is made', [1, 3], run('n(); out[0] = c; n(), n(); out[1] = c;')],
  ['calls in an expression statement are made', [2], run('n() + n(); out[0] = c;')],
  [
    'a condition in a statement is evaluated',
    [2, 2],
    run('n() && n(); out[0] = c; n() || n(); out[1] = c - 1;'),
  ],
  ['a conditional in a statement is evaluated', [2], run('one ? n() : 0; n(); out[0] = c;')],
  [
    'an assignment has the value that was stored',
    [44, 44],
    base
      .globals('let small: u8 = 0;')
      .syscall('const t = (small = u8(300 + u32(one) - 1)); out[0] = t; out[1] = small;'),
  ],
  [
    'assignments from right to left',
    [6, 6, 6],
    run('let i: u64 = 0; let j: u64 = 0; i = j = c = 6; out[0] = i; out[1] = j; out[2] = c;'),
  ],
  [
    'an assignment as a condition',
    [4],
    run('h.set(1, { a: 4, b: 0 }); let e: V | null = null; if ((e = h.get(1))) out[0] = e.a;'),
  ],
  [
    'an assignment as the condition of a loop',
    [3],
    run('let i: u64 = 3; let t: u64 = 0; while ((t = i)) { i--; out[0]++; }'),
  ],
  [
    'an assignment beside a condition',
    [1, 5],
    run('let t: u64 = 0; if (one && (t = 5)) out[0] = 1; out[1] = t;'),
  ],
  [
    '?? evaluates its right side only where it must',
    [1, 3, 0],
    run(
      'h.set(1, { a: 1, b: 0 }); out[0] = h.get(1)?.a ?? n(); out[2] = c; c = 2; out[1] = h.get(2)?.a ?? n();',
    ),
  ],
  [
    'an optional chain evaluates its left side once',
    [1, 0],
    base
      .globals('function look(): V | null { c++; return h.get(1); }')
      .syscall('out[1] = look()?.a ?? 0; out[0] = c;'),
  ],
]);
