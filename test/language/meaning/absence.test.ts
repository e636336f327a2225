import { program } from '../../util/program.js';
import { meanings } from './meaning.js';

// Rule 5: null and undefined compare as in TypeScript.
const base = program(`interface X { n: u64; s: s32; f: bool }
interface O { x: X; k: u32 }
const m = hash<u32, X>(4);
const o = hash<u32, O>(4);
const r = hash<u32, u64>(4);
let one: u64 = 1;
let gs: X = zeroed();
function is(b: boolean): u64 { return b ? 1 : 0; }`);
const run = (body: string) => base.syscall(body);
const FILL = 'm.set(1, { n: 0, s: -1, f: true }); m.set(2, { n: 5, s: 5, f: false }); r.set(1, 0);';

meanings([
  [
    'two missing fields are equal',
    [1, 0],
    run(
      'const a = m.get(1); const b = m.get(2); out[0] = is(a?.n === b?.n); out[1] = is(a?.n !== b?.n);',
    ),
  ],
  [
    'a missing field is not 0',
    [0, 1],
    run(
      `${FILL} const a = m.get(1); const b = m.get(3); out[0] = is(a?.n === b?.n); out[1] = is(a?.n !== b?.n);`,
    ),
  ],
  [
    'two fields that are there',
    [0, 1],
    run(
      `${FILL} out[0] = is(m.get(1)?.n === m.get(2)?.n); out[1] = is(m.get(1)?.n !== m.get(2)?.n);`,
    ),
  ],
  [
    'a missing field beside a value',
    [0, 1, 1],
    run(
      `${FILL} out[0] = is(m.get(3)?.n === 0); out[1] = is(m.get(3)?.n !== 0); out[2] = is(m.get(1)?.n === 0);`,
    ),
  ],
  [
    'a value beside a missing field',
    [0, 1],
    run('out[0] = is(0 === m.get(3)?.n); out[1] = is(0 !== m.get(3)?.n);'),
  ],
  [
    'a missing field and undefined',
    [1, 0, 0, 1],
    run(
      `${FILL} out[0] = is(m.get(3)?.n === undefined); out[1] = is(m.get(1)?.n === undefined); out[2] = is(m.get(3)?.n !== undefined); out[3] = is(m.get(1)?.n !== undefined);`,
    ),
  ],
  [
    'a missing entry and null',
    [1, 0],
    run(`${FILL} out[0] = is(m.get(3) === null); out[1] = is(m.get(1) === null);`),
  ],
  [
    'a missing field as a condition',
    [0, 0, 1],
    run(
      `${FILL} if (m.get(3)?.n) out[0] = 1; if (m.get(1)?.n) out[1] = 1; if (m.get(2)?.n) out[2] = 1;`,
    ),
  ],
  [
    'not of a missing field',
    [1, 1, 0],
    run(`${FILL} out[0] = is(!m.get(3)?.n); out[1] = is(!m.get(1)?.n); out[2] = is(!m.get(2)?.n);`),
  ],
  [
    '?? and || of a missing field and of 0',
    [7, 0, 7, 7],
    run(
      `${FILL} out[0] = m.get(3)?.n ?? 7; out[1] = m.get(1)?.n ?? 7; out[2] = m.get(3)?.n || 7; out[3] = m.get(1)?.n || 7;`,
    ),
  ],
  [
    'a chain of two',
    [3, 9],
    run(
      'o.set(1, { x: { n: 3, s: 0, f: false }, k: 1 }); out[0] = o.get(1)?.x.n ?? 9; out[1] = o.get(2)?.x.n ?? 9;',
    ),
  ],
  [
    '?? of ?? ',
    [5, 8],
    run(
      `${FILL} out[0] = m.get(3)?.n ?? m.get(2)?.n ?? 8; out[1] = m.get(3)?.n ?? m.get(4)?.n ?? 8;`,
    ),
  ],
  [
    'a reference to a number that is missing',
    [9, 0],
    run(`${FILL} out[0] = r.get(2)?.value ?? 9; out[1] = r.get(1)?.value ?? 9;`),
  ],
  [
    'a missing field compared by size',
    [0, 1],
    run(`${FILL} out[0] = is((m.get(3)?.n ?? 0) > 3); out[1] = is((m.get(2)?.n ?? 0) > 3);`),
  ],
  [
    'a missing truth value',
    [0, 1, 0],
    run(
      `${FILL} out[0] = is(m.get(3)?.f === true); out[1] = is(m.get(1)?.f === true); out[2] = is(m.get(3)?.f === false);`,
    ),
  ],
  [
    'a write behind a question mark is refused by TypeScript',
    { code: 'TS2779' },
    run('«m.get(1)?.n» = 4;'),
  ],
  [
    'an object that is always there',
    [1, 1],
    run('if (gs !== null) out[0] = 1; const l: X = { n: 1, s: 0, f: true }; out[1] = l?.n ?? 9;'),
  ],
  [
    'a literal that is never null',
    [1],
    run('const l: X = { n: 1, s: 0, f: true }; if (l) out[0] = 1;'),
  ],
  ['a global as a condition', [1, 0], run('if (gs) out[0] = 1; if (!gs) out[1] = 1;')],
  [
    'a null variable that stays null',
    [4],
    run('let e: X | null = null; if (one === 2) e = m.get(1); out[0] = e?.n ?? 4;'),
  ],
  [
    'a parameter that may be null',
    [3, 5],
    base
      .globals('function of(x: X | null): u64 { return x?.n ?? 3; }')
      .syscall(`${FILL} out[0] = of(null); out[1] = of(m.get(2));`),
  ],
  [
    'a loop that tests a reference that may be null',
    [0, 40],
    base
      .globals(
        'const mm = hash<u32, u32>(4); function bump(r: Ref<u32>): void { r.value++; } function f(r: Ref<u32> | null): void { for (const i of range(40)) { if (r) bump(r); } }',
      )
      .syscall(
        'f(mm.get(3)); out[0] = mm.get(3)?.value ?? 0; mm.set(3, 0); f(mm.get(3)); out[1] = mm.get(3)?.value ?? 0;',
      ),
  ],
  [
    'a loop that tests an entry that may be null',
    [0, 40],
    base
      .globals('function f(x: X | null): void { for (const i of range(40)) { if (x) x.n++; } }')
      .syscall(
        'f(m.get(3)); out[0] = m.get(3)?.n ?? 0; m.set(3, { n: 0, s: 0, f: false }); f(m.get(3)); out[1] = m.get(3)?.n ?? 0;',
      ),
  ],
  [
    'an optional call of a method',
    [5],
    run(`${FILL} let e: X | null = m.get(2); out[0] = e ? e.n : 0; e = null;`),
  ],
]);
