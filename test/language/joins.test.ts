import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkWithStats } from '../../codegen/index.js';
import { openObject } from '../../native/runtime/index.js';
import { program } from '../util/program.js';

/** Branches in a row, each of which changes what the next one tests. */
const chain = (n: number, change: (i: number) => string): string =>
  Array.from({ length: n }, (_, i) => `acc = acc * ${i + 3} + ${i}; ${change(i)}`).join('\n');

/** What `chain` gives, in exact integers of 64 bits. */
function expected(n: number, change: (acc: bigint, i: number) => bigint): bigint {
  let acc = 1n;
  for (let i = 0; i < n; i++)
    acc = BigInt.asUintN(64, change(BigInt.asUintN(64, acc * BigInt(i + 3) + BigInt(i)), i));
  return acc;
}

const step = (acc: bigint, i: number): bigint =>
  acc % BigInt(i + 2) === 1n ? acc ^ BigInt(i) : acc;

const one = program('let one: u64 = 1;');

describe('many branches in a row are not too much for the verifier', () => {
  it.each<[string, string]>([
    ['if', chain(48, (i) => `if (acc % ${i + 2} === 1) acc ^= ${i};`)],
    ['?:', chain(48, (i) => `acc = acc % ${i + 2} === 1 ? acc ^ ${i} : acc;`)],
    ['a function', chain(48, (i) => `acc = step(acc, ${i});`)],
    [
      'switch',
      chain(48, (i) => `switch (acc % ${i + 2}) { case 1: acc ^= ${i}; break; default: }`),
    ],
  ])('of %s', async (_name, body) => {
    await one
      .globals(
        'function step(a: u64, i: u64): u64 { if (a % (i + 2) === 1) return a ^ i; return a; }',
      )
      .syscall(`let acc: u64 = one;\n${body}\nout[0] = acc;`)
      .runs([expected(48, step)]);
  });

  it('also of members of an object', async () => {
    await one
      .globals('interface P { a: u64; b: u64 }')
      .syscall(
        `const o: P = { a: one, b: 0 };\n${Array.from({ length: 40 }, (_, i) => `o.a = o.a * ${i + 3} + ${i}; if (o.a % ${i + 2} === 1) o.a ^= ${i};`).join('\n')}\nout[0] = o.a;`,
      )
      .runs([expected(40, step)]);
  });

  it('indexes keep their bounds', async () => {
    await one
      .globals('let t: FixedArray<u64, 8> = zeroed();')
      .syscall(
        `let acc: u64 = one; let at: u32 = 0;\n${Array.from({ length: 20 }, (_, i) => `acc = acc * ${i + 3}; if (acc % ${i + 2} === 1) { acc ^= ${i}; at = ${i % 8}; }\nt[at] += acc;`).join('\n')}\nout[0] = acc; for (const i of range(8)) out[1] += t[i];`,
      )
      .builds()
      .then(({ objectPath }) => openObject(objectPath).loadWithoutScheduler().close());
  });

  it('programs with few of them stay as they are', async () => {
    const { objectPath } = await one
      .syscall(
        `let acc: u64 = one;\n${chain(8, (i) => `if (acc % ${i + 2} === 1) acc ^= ${i};`)}\nout[0] = acc;`,
      )
      .builds();
    expect(readFileSync(objectPath.replace(/o$/, 'c'), 'utf8')).not.toContain('scxts_zero');
  });

  it('check --stats counts what is to be kept apart', () => {
    const count = (n: number): unknown =>
      checkWithStats(
        one
          .syscall(
            `let acc: u64 = one;\n${chain(n, (i) => `if (acc % ${i + 2} === 1) acc ^= ${i};`)}\nout[0] = acc;`,
          )
          .write().path,
      ).stats;
    expect(count(32)).toEqual([{ program: "'run'", branches: 32, joined: true }]);
    expect(count(3)).toEqual([{ program: "'run'", branches: 3, joined: false }]);
  });
});
