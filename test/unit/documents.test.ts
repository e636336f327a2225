import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { buildFile } from '../../codegen/index.js';
import { project, typeErrors } from './user-project.js';

const root = join(import.meta.dirname, '..', '..');
const dir = mkdtempSync(join(tmpdir(), 'scxts-docs-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

it('the program in README.md builds', async () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const snippet = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const file = join(dir, 'readme.ts');
  writeFileSync(file, snippet);
  expect((await buildFile(file)).diagnostics).toEqual([]);
});

it.each(['language', 'production'])('the programs in docs/%s.md build', async (page) => {
  const text = readFileSync(join(root, 'docs', `${page}.md`), 'utf8');
  const snippets = [...text.matchAll(/```ts\n([\s\S]*?)```/g)].map((m) => m[1] ?? '');
  expect(snippets.length).toBeGreaterThan(0);
  for (const [i, snippet] of snippets.entries()) {
    const file = join(dir, `${page}${i}.ts`);
    writeFileSync(file, snippet);
    expect((await buildFile(file)).diagnostics).toEqual([]);
  }
});

// Each page has one program, named as its scheduler, and snippets of the other half that belong together.
it.each([
  ['runtime', 'tour', 9],
  ['energy', 'frugal', 1],
  ['qos', 'classes', 1],
])(
  'docs/%s.md: its program builds, and its userspace half type-checks against the skeleton',
  async (page, name, least) => {
    const text = readFileSync(join(root, 'docs', `${page}.md`), 'utf8');
    const snippets = (tag: string): string[] =>
      [...text.matchAll(new RegExp(`^\`\`\`ts${tag}\\n([^]*?)^\`\`\``, 'gm'))].map(
        (m) => m[1] ?? '',
      );
    const { folder, write } = project(dir, page);
    const [program, ...others] = snippets('');
    expect(others).toEqual([]);
    expect((await buildFile(write(`${name}.ts`, program ?? ''))).diagnostics).toEqual([]);
    const half = snippets(' userspace');
    expect(half.length).toBeGreaterThanOrEqual(least);
    write('main.ts', half.join('\n'));
    expect(await typeErrors(folder, ['main.ts'])).toBe('');
  },
  60_000,
);

it('the programs in docs/components.md build, and both halves type-check', async () => {
  const text = readFileSync(join(root, 'docs', 'components.md'), 'utf8');
  const snippet = (tag: string): string => {
    const found = new RegExp(`\`\`\`ts${tag && ` ${tag}`}\\n([\\s\\S]*?)\`\`\``).exec(text)?.[1];
    if (!found) throw new Error(`docs/components.md has no '\`\`\`ts ${tag}'`);
    return found;
  };
  const { folder, write } = project(dir, 'components');
  write('main.ts', snippet('userspace'));
  write(
    'wakeups.ts',
    snippet('component').replace("name: 'wakeups',", "$& userspace: './userspace.js',"),
  );
  write('userspace.ts', snippet('half'));
  write('policy.ts', snippet('policy'));
  const mine = write('mine.ts', snippet(''));
  const counting = write(
    'counting.ts',
    "import { scheduler } from 'scxts';\nimport { wakeups } from './wakeups.js';\nexport default scheduler({ name: 'counting', use: [wakeups] });\n",
  );
  for (const file of [mine, counting]) expect((await buildFile(file)).diagnostics).toEqual([]);
  expect(
    await typeErrors(folder, ['main.ts', 'userspace.ts', 'policy.ts', 'counting.skel.ts']),
  ).toBe('');
}, 60_000);
