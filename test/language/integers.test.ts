import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { buildFile, formatDiagnostic } from '../../codegen/index.js';
import { openObject, type SyscallProgram } from '../../native/runtime/index.js';
import { FIELDS, inputs } from './inputs.js';
import { runNatively } from './native.js';
import { makeExpression, random, TYPES } from './reference.js';

const dir = mkdtempSync(join(tmpdir(), 'scxts-integers-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const EXPRESSIONS = 250;
/** Functions are kept small enough for one verifier run each. */
const CHUNK = 25;
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
    const envs = Array.from({ length: 24 }, () => inputs(pick));
    const natively = runNatively(
      built.objectPath.replace(/\.o$/, '.c'),
      chunks.map((_, c) => `run${c}`),
      FIELDS,
      envs,
      EXPRESSIONS,
    );
    for (const [round, env] of envs.entries()) {
      const args = Object.fromEntries(
        FIELDS.map((f) => [f, TYPES[f.slice(0, -1)]!.bits === 64 ? env[f] : Number(env[f])]),
      );
      chunks.forEach((_, c) => programs[`run${c}`]!.run(args));
      const out = (loaded.globals as { out: bigint[] }).out;
      expressions.forEach((e, i) => {
        const expected = BigInt.asUintN(64, e.literal ?? e.evaluate(env));
        const native = natively[round]![i];
        if (out[i] !== expected || native !== expected) {
          throw new Error(
            `${e.text}\n  gave ${out[i]}, natively ${native}, should be ${expected}\n  with ${FIELDS.filter(
              (f) => e.text.includes(`x.${f}`),
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
