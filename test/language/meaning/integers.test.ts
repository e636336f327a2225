import { program } from '../../util/program.js';
import { meanings } from './meaning.js';

// Rule 4: types of integers come from one table.
const base = program(`interface X { a: u64; n: u32; s: s16 }
const m = hash<u32, X>(4);
const counts = hash<u32, u64>(4);
const small = hash<u32, u16>(4);
const BIG = 3_000_000_000;
const HUGE = 5_000_000_000;
const NEG = -5;
const SUM = BIG + 1;
let one: u64 = 1;
let a: u32 = 4_000_000_000;
let w: u64 = 5_000_000_000;
let b: u8 = 200;
let si: s32 = -7;
let sl: s64 = -7;
let arr: FixedArray<u64, 4> = [1, 2, 3, 4];
function dbl(n: u64) { return n * 2; }
function half(n: u32) { return n / 2; }
function neg(n: s32) { return -n; }
function two(k: bool) { if (k) return w; return 1; }`);
const run = (body: string) => base.syscall(body);

meanings([
  [
    'a named constant beside a sized value is what its literal is',
    [2705032704, 2705032704],
    run('out[0] = a + BIG; out[1] = a + 3_000_000_000;'),
  ],
  ['a named constant on the left', [2705032704], run('out[0] = BIG + a;')],
  ['a constant of constants beside a sized value', [2705032705], run('out[0] = a + SUM;')],
  [
    'a local constant beside a sized value',
    [2705032704],
    run('const K = 3_000_000_000; out[0] = a + K;'),
  ],
  ['a constant that does not fit is exact', [9_000_000_000], run('out[0] = a + HUGE;')],
  ['a negative constant beside a signed value', [-12n], run('out[0] = u64(s64(si + NEG));')],
  ['the product of constants is exact', [15_000_000_000], run('out[0] = BIG * 5;')],
  [
    'literals that a condition chooses are exact',
    [6_000_000_000, 1n << 40n],
    run(
      'out[0] = (one ? 2_000_000_000 : 1_000_000) * 3; const n = one + 39; out[1] = (one ? 1 : 2) << n;',
    ),
  ],
  [
    'named constants that a condition chooses are exact',
    [15_000_000_000],
    run('out[0] = (one ? BIG : 1) * 5;'),
  ],
  [
    'a literal chosen beside a sized value takes its type',
    [705032704],
    run('out[0] = (one ? 1_000_000_000 : 0) + a;'),
  ],
  [
    'a let of 0 is as wide as what is assigned to it',
    [5_000_000_000],
    run('m.set(1, { a: w, n: 1, s: 1 }); let x = 0; x = m.get(1)?.a ?? 0; out[0] = u64(x);'),
  ],
  [
    'a let of 0 that a function sets',
    [10_000_000_000],
    run('let y = 0; y = dbl(w); out[0] = u64(y);'),
  ],
  [
    'a let of 0 that sums a list',
    [5_000_000_001],
    run('let z = 0; for (const v of [w, 1]) z += v; out[0] = u64(z);'),
  ],
  [
    'a let of 0 that sums elements',
    [10],
    run('let z = 0; for (const v of arr) z += v; out[0] = u64(z);'),
  ],
  [
    'a let of 0 that is assigned in a branch',
    [5_000_000_000],
    run('let z = 0; if (one) { z = w; } out[0] = u64(z);'),
  ],
  [
    'a let of 0 that is assigned in a callback',
    [5_000_000_000],
    run(
      'counts.set(1, w); let z = 0; counts.forEach((k, v) => { z = v.value; }); out[0] = u64(z);',
    ),
  ],
  [
    'a let of 0 that a later let sets',
    [5_000_000_000],
    run('let z = 0; let y = 0; y = w; z = y; out[0] = u64(z);'),
  ],
  ['a let of 0 that a signed value sets', [-7n], run('let z = 0; z = sl; out[0] = u64(z);')],
  ['a let of a narrow value keeps its width', [144], run('let z = b; z += 200; out[0] = z;')],
  [
    'a let of a conditional has the common type',
    [5_000_000_000],
    run('let z = one ? w : 0; out[0] = z;'),
  ],
  [
    'a const of a mixed conditional has the common type',
    [5_000_000_000],
    run('const z = one ? w : a; out[0] = z;'),
  ],
  [
    'a function gives what its returns give',
    [10_000_000_000, 2_000_000_000, 7, 5_000_000_000],
    run('out[0] = dbl(w); out[1] = half(a); out[2] = u64(neg(si)); out[3] = two(one === 1);'),
  ],
  [
    '?? has the common type of its sides',
    [5_000_000_000, 9_000_000_000],
    run(
      'm.set(1, { a: w, n: a, s: 0 }); out[0] = m.get(1)?.a ?? 0; out[1] = (m.get(1)?.n ?? w) + w;',
    ),
  ],
  [
    '?? of a narrow value and a wide literal',
    [5_000_000_000],
    run('out[0] = m.get(2)?.n ?? 5_000_000_000;'),
  ],
  [
    '|| has the common type of its sides',
    [5_000_000_000],
    run('const z: u32 = u32(one - 1); out[0] = z || w;'),
  ],
  [
    'a signed and an unsigned side of a conditional',
    [-7n],
    run('const z = one ? sl : 1; out[0] = u64(z);'),
  ],
  [
    'range counts in the type of its end',
    [11, 11],
    run(
      'const n = (one << 32) + 3; for (const i of range(n)) { out[0]++; if (out[0] > 10) break; } const z: u32 = 4_000_000_000; for (const i of range(z)) { out[1]++; if (out[1] > 10) break; }',
    ),
  ],
  ['range of a byte', [200], run('for (const i of range(b)) out[0]++;')],
  ['range of a signed value that is negative', [0], run('for (const i of range(si)) out[0]++;')],
  [
    'an index is never cut',
    [7, 0],
    run('arr[1] = 7; out[0] = arr[one]; out[1] = arr[(one << 32) + 1];'),
  ],
  ['a write with a large index is dropped', [2], run('arr[(one << 32) + 1] = 9; out[0] = arr[1];')],
  [
    'a lookup in an array with a large index finds nothing',
    [5, 99],
    base
      .globals('const t = array<u64>(4);')
      .syscall(
        't.set(1, 5); out[0] = t.get(1)?.value ?? 99; out[1] = t.get((one << 32) + 1)?.value ?? 99;',
      ),
  ],
  [
    'a constant index that is too large is refused',
    'refused',
    base
      .globals('const t = array<u64>(4);')
      .syscall('t.set(1, 5); out[0] = t.get(2 ** 32 + 1)?.value ?? 99;'),
  ],
  [
    'narrow arithmetic wraps at its conversion',
    [44, 144],
    run('out[0] = u8(b + 100); let z: u8 = b; z += 200; out[1] = z;'),
  ],
  ['shifts of narrow values', [51200, 12], run('out[0] = b << 8; out[1] = b >> 4;')],
  [
    'signed division and remainder',
    [-3n, -1n],
    run('out[0] = u64(s64(si / 2)); out[1] = u64(s64(si % 2));'),
  ],
  ['unsigned shift of a signed value', [0x7fff_fffc], run('out[0] = u64(si >>> 1);')],
  ['negation of an unsigned value wraps', [0xffff_ffff_ffff_ffffn], run('out[0] = -one;')],
  ['complement', [0xffff_ffff_ffff_fffen, 294967295], run('out[0] = ~one; out[1] = ~a;')],
  [
    'an addition to a narrow map is refused as an atomic one is',
    'refused',
    run('«small.add(1, 3)»;'),
  ],
  [
    'bits wrap at their width',
    [1, 7],
    base
      .globals('interface D { x: Bits<u32, 3>; y: Bits<u32, 29> } const d = array<D>(1);')
      .syscall(
        'const e = d.get(0); if (e) { e.x = u32(one) + 8; out[0] = e.x; e.x = 254 + u32(one); out[1] = e.x; }',
      ),
  ],
  [
    'Math.max of a constant and a wide value',
    [5_000_000_000, 5_000_000_000],
    run('out[0] = Math.max(w, 1); out[1] = Math.max(1, w);'),
  ],
  [
    'a default parameter has the type of its parameter',
    [5_000_000_001],
    base.globals('function f(n: u64, k: u64 = 1) { return n + k; }').syscall('out[0] = f(w);'),
  ],
  [
    'a literal as an argument takes the type of the parameter',
    [8_000_000_000],
    base.globals('function f(n: u64) { return n * 2; }').syscall('out[0] = f(4_000_000_000);'),
  ],
  [
    'a generic function is compiled for each width',
    [5_000_000_000, 200],
    base
      .globals('function same<T>(x: T): T { return x; }')
      .syscall('out[0] = same(w); out[1] = same(b);'),
  ],
]);
