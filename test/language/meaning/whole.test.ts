import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { buildFile, formatDiagnostic } from '../../../codegen/index.js';
import { interpreted } from '../../util/interpreted.js';
import { runOnHost } from '../../util/on-host.js';
import { scratch } from '../../util/scratch.js';

/** Programs in which the rules meet; the first line says what `run` leaves in `out`. */
const folder = join(import.meta.dirname, 'whole');
const outDir = scratch('whole');

it.each(readdirSync(folder))('%s', async (name) => {
  const path = join(folder, name);
  const stated = /^\/\/ out = \[(.*)\]$/m.exec(readFileSync(path, 'utf8'))?.[1] ?? '';
  const expected = stated.split(',').map((n) => BigInt(n));
  const built = await buildFile(path, { outDir });
  expect(built.diagnostics.map((d) => formatDiagnostic(d, built.read))).toEqual([]);
  expect(interpreted(built.module!).slice(0, expected.length)).toEqual(expected);
  expect(runOnHost(built.objectPath).slice(0, expected.length)).toEqual(expected);
});
