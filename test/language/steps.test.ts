import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { buildFile, formatDiagnostic } from '../../codegen/index.js';
import { openObject, type SyscallProgram } from '../../native/runtime/index.js';
import { inputs } from './inputs.js';
import { runNatively } from './native.js';
import { random, TYPES } from './reference.js';
import { LOCALS, smallProgram, TABLE } from './statements.js';

const dir = mkdtempSync(join(tmpdir(), 'scxts-steps-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const PROGRAMS = 10;
const ROUNDS = 20;
const VALUES = LOCALS.length + TABLE;

it.each([1, 2, 3, 4])(
  'small random programs do what the reference, the kernel and clang say (seed %i)',
  async (seed) => {
    const pick = random(seed * 104729);
    const programs = Array.from({ length: PROGRAMS }, () => smallProgram(pick));
    const body = programs.map(
      ({ text }, n) => `export const run${n} = syscall((x: In) => {
${LOCALS.map((l) => `  let ${l}: ${l.slice(0, -1)} = x.${l};`).join('\n')}
  for (let i = 0; i < ${TABLE}; i++) table[i] = u64(i);
${text.join('\n')}
${LOCALS.map((l, i) => `  out[${n * VALUES + i}] = u64(${l});`).join('\n')}
  for (let i = 0; i < ${TABLE}; i++) out[${n * VALUES + LOCALS.length} + i] = table[i];
  return 0;
});`,
    );
    const file = join(dir, `seed${seed}.ts`);
    writeFileSync(
      file,
      `import { range, scheduler, syscall, zeroed, u8, u16, u32, u64, s8, s16, s32, s64, type FixedArray } from 'scxts';
interface In {\n${LOCALS.map((f) => `  ${f}: ${f.slice(0, -1)};`).join('\n')}\n}
let out: FixedArray<u64, ${PROGRAMS * VALUES}> = zeroed();
let table: FixedArray<u64, ${TABLE}> = zeroed();
${body.join('\n')}
export default scheduler({ name: 'steps' });
`,
    );
    const built = await buildFile(file);
    expect(built.diagnostics.map((d) => formatDiagnostic(d, built.read))).toEqual([]);

    const envs = Array.from({ length: ROUNDS }, () => inputs(pick));
    const natively = runNatively(
      built.objectPath.replace(/\.o$/, '.c'),
      programs.map((_, n) => `run${n}`),
      LOCALS,
      envs,
      PROGRAMS * VALUES,
    );
    const loaded = openObject(built.objectPath).loadWithoutScheduler();
    const runners = loaded.progs as Record<string, SyscallProgram<object>>;
    envs.forEach((env, round) => {
      const args = Object.fromEntries(
        LOCALS.map((f) => [f, TYPES[f.slice(0, -1)]!.bits === 64 ? env[f] : Number(env[f])]),
      );
      programs.forEach((_, n) => runners[`run${n}`]!.run(args));
      const out = (loaded.globals as { out: bigint[] }).out;
      programs.forEach((program, n) => {
        const table = Array.from({ length: TABLE }, (_, i) => BigInt(i));
        const after = program.run(env, table);
        const expected = [...LOCALS.map((l) => after[l]!), ...table].map((v) =>
          BigInt.asUintN(64, v),
        );
        const names = [...LOCALS, ...table.map((_, i) => `table[${i}]`)];
        for (const [way, values] of [
          ['the kernel', out],
          ['clang', natively[round]!],
        ] as const) {
          const wrong = names.findIndex((_, i) => values[n * VALUES + i] !== expected[i]);
          if (wrong < 0) continue;
          throw new Error(
            `${way} says ${names[wrong]} = ${values[n * VALUES + wrong]}, should be ${expected[wrong]} after\n${program.text.join('\n')}\nwith ${LOCALS.map((l) => `${l} = ${env[l]}`).join(', ')}`,
          );
        }
      });
    });
    loaded[Symbol.dispose]();
  },
);
