import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { buildFile, formatDiagnostic } from '../../codegen/index.js';
import { Machine } from '../../codegen/ir/interpreter/machine.js';
import { openObject, type SyscallProgram } from '../../native/runtime/index.js';

const out = mkdtempSync(join(tmpdir(), 'scxts-meanings-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

/** Programs that check themselves, and how many checks they have; test/vm loads them on the kernels. */
it.each([
  ['meanings', 63],
  ['absences', 28],
  ['places', 37],
  ['tables', 31],
])('%s: what the kernel computes is what TypeScript says', async (name, checks) => {
  const source = join(import.meta.dirname, 'accepted', `${name}.ts`);
  const built = await buildFile(source, { outDir: out });
  expect(built.diagnostics.map((d) => formatDiagnostic(d, built.read))).toEqual([]);
  const machine = new Machine(built.module!);
  machine.run('run');
  const [ran, failed] = [machine.numbersOf('ran'), machine.numbersOf('failures')];
  expect([ran, failed], 'as the IR says').toEqual([[BigInt(checks)], [0n]]);
  const loaded = openObject(built.objectPath).loadWithoutScheduler();
  const { run } = loaded.progs as Record<string, SyscallProgram>;
  run!.run();
  const globals = loaded.globals as { ran: number; failures: number; failed: number[] };
  expect(globals.failed.flatMap((f, id) => (f ? [id] : []))).toEqual([]);
  expect([globals.ran, globals.failures]).toEqual([checks, 0]);
  loaded[Symbol.dispose]();
});
