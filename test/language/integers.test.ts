import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { buildFile, formatDiagnostic } from '../../codegen/index.js';
import { openObject, type SyscallProgram } from '../../native/runtime/index.js';
import { cut, makeExpression, random, TYPES, type Env } from './reference.js';

const dir = mkdtempSync(join(tmpdir(), 'scxts-integers-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const FIELDS = Object.keys(TYPES).flatMap((t) => [`${t}0`, `${t}1`]);
const EXPRESSIONS = 250;
/** Functions are kept small enough for one verifier run each. */
const CHUNK = 25;
const EDGES = [
  0n,
  1n,
  -1n,
  2n,
  127n,
  128n,
  255n,
  256n,
  32767n,
  65535n,
  0x7fffffffn,
  0x80000000n,
  0xffffffffn,
  1n << 62n,
  (1n << 63n) - 1n,
  1n << 63n,
];

function inputs(pick: (n: number) => number): Env {
  const env: Env = {};
  for (const field of FIELDS) {
    const wide =
      pick(3) === 0
        ? EDGES[pick(EDGES.length)]!
        : (BigInt(pick(1 << 30)) << 34n) ^ (BigInt(pick(1 << 30)) << 10n) ^ BigInt(pick(1 << 16));
    env[field] = cut(pick(4) === 0 ? BigInt(pick(20) - 10) : wide, TYPES[field.slice(0, -1)]!);
  }
  return env;
}

it.each([1, 2, 3, 4, 5, 6, 7, 8])(
  'random integer expressions have the values of the reference (seed %i)',
  async (seed) => {
    const pick = random(seed * 7919);
    const expressions = Array.from({ length: EXPRESSIONS }, () =>
      makeExpression(pick, 1 + pick(4)),
    );
    const chunks = Array.from({ length: EXPRESSIONS / CHUNK }, (_, c) => {
      const lines = expressions
        .slice(c * CHUNK, (c + 1) * CHUNK)
        .map((e, i) => `  out[${c * CHUNK + i}] = u64(${e.text});`);
      return `export const run${c} = syscall((x: In) => {\n${lines.join('\n')}\n  return 0;\n});`;
    });
    const source = `import { scheduler, syscall, zeroed, u8, u16, u32, u64, s8, s16, s32, s64, type FixedArray } from 'scxts';
interface In {\n${FIELDS.map((f) => `  ${f}: ${f.slice(0, -1)};`).join('\n')}\n}
let out: FixedArray<u64, ${EXPRESSIONS}> = zeroed();
${chunks.join('\n')}
export default scheduler({ name: 'integers' });
`;
    const file = join(dir, `seed${seed}.ts`);
    writeFileSync(file, source);
    const built = await buildFile(file);
    expect(built.diagnostics.map((d) => formatDiagnostic(d, built.read))).toEqual([]);

    const loaded = openObject(built.objectPath).loadWithoutScheduler();
    const programs = loaded.progs as Record<string, SyscallProgram<object>>;
    for (let round = 0; round < 24; round++) {
      const env = inputs(pick);
      const args = Object.fromEntries(
        FIELDS.map((f) => [f, TYPES[f.slice(0, -1)]!.bits === 64 ? env[f] : Number(env[f])]),
      );
      chunks.forEach((_, c) => programs[`run${c}`]!.run(args));
      const out = (loaded.globals as { out: bigint[] }).out;
      expressions.forEach((e, i) => {
        const expected = BigInt.asUintN(64, e.literal ?? e.evaluate(env));
        if (out[i] !== expected) {
          throw new Error(
            `${e.text}\n  gave ${out[i]}, should be ${expected}\n  with ${FIELDS.filter((f) =>
              e.text.includes(`x.${f}`),
            )
              .map((f) => `${f} = ${env[f]}`)
              .join(', ')}`,
          );
        }
      });
    }
    loaded[Symbol.dispose]();
  },
);
