import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../codegen/root.js';

/** What a file imports when it is loaded: types and what is asked for later do not count. */
const IMPORT = /^(?:import|export)\s+(?!type\b)(?:[^'"]*?\sfrom\s+)?['"]([^'"]+)['"]/gm;

it('a model loads nothing of Node.js: it runs in browsers', () => {
  const found: string[] = [];
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const [, name] of readFileSync(file, 'utf8').matchAll(IMPORT)) {
      const next = join(dirname(file), name!.replace(/\.js$/, '.ts'));
      if (name!.startsWith('.') && existsSync(next)) visit(next);
      else found.push(`${relative(packageRoot(), file)}: ${name}`);
    }
  };
  for (const start of ['sim/run/run.ts', 'sim/report/lcov.ts', 'sim/kernels/read.ts'])
    visit(join(packageRoot(), start));
  expect(seen.size).toBeGreaterThan(80);
  expect(found).toEqual([]);
});
