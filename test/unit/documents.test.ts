import { execa } from 'execa';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
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

it('the programs in docs/language.md build', async () => {
  const text = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'language.md'), 'utf8');
  const snippets = [...text.matchAll(/```ts\n([\s\S]*?)```/g)].map((m) => m[1] ?? '');
  expect(snippets.length).toBeGreaterThan(1);
  for (const [i, snippet] of snippets.entries()) {
    const file = join(dir, `language${i}.ts`);
    writeFileSync(file, snippet);
    expect((await buildFile(file)).diagnostics).toEqual([]);
  }
});

it('the programs in docs/components.md build, and both halves type-check', async () => {
  const root = join(import.meta.dirname, '..', '..');
  const text = readFileSync(join(root, 'docs', 'components.md'), 'utf8');
  const snippet = (tag: string): string => {
    const found = new RegExp(`\`\`\`ts${tag && ` ${tag}`}\\n([\\s\\S]*?)\`\`\``).exec(text)?.[1];
    if (!found) throw new Error(`docs/components.md has no '\`\`\`ts ${tag}'`);
    return found;
  };
  const folder = join(dir, 'components');
  mkdirSync(join(folder, 'node_modules', '@types'), { recursive: true });
  symlinkSync(root, join(folder, 'node_modules', 'scxts'));
  symlinkSync(join(root, 'node_modules/@types/node'), join(folder, 'node_modules/@types/node'));
  const write = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  write('package.json', '{"type":"module"}');
  write('main.ts', snippet('userspace'));
  write(
    'wakeups.ts',
    snippet('component').replace("name: 'wakeups',", "$& userspace: './userspace.js',"),
  );
  write('userspace.ts', snippet('half'));
  const mine = write('mine.ts', snippet(''));
  const counting = write(
    'counting.ts',
    "import { scheduler } from 'scxts';\nimport { wakeups } from './wakeups.js';\nexport default scheduler({ name: 'counting', use: [wakeups] });\n",
  );
  for (const file of [mine, counting]) expect((await buildFile(file)).diagnostics).toEqual([]);
  write(
    'tsconfig.json',
    JSON.stringify({
      extends: join(root, 'tsconfig.json'),
      compilerOptions: { noEmit: true, rootDir: '/' },
      include: ['main.ts', 'userspace.ts', 'counting.skel.ts'],
      exclude: [],
    }),
  );
  const { stdout } = await execa(join(root, 'node_modules/.bin/tsc'), ['-p', folder], {
    reject: false,
  });
  expect(stdout).toBe('');
}, 60_000);
