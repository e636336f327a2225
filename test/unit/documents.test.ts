import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { buildFile } from '../../codegen/index.js';

const dir = mkdtempSync(join(tmpdir(), 'scxts-docs-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

it('the program in README.md builds', async () => {
  const readme = readFileSync(join(import.meta.dirname, '..', '..', 'README.md'), 'utf8');
  const snippet = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const file = join(dir, 'readme.ts');
  writeFileSync(file, snippet);
  expect((await buildFile(file)).diagnostics).toEqual([]);
});
