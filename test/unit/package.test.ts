import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

/** What would be published; `npm run test:package` installs and uses it. */
function packed(): string[] {
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts', '--loglevel=error'];
  const [{ files }] = JSON.parse(execFileSync('npm', args, { cwd: root, encoding: 'utf8' })) as [
    { files: { path: string }[] },
  ];
  return files.map((f) => f.path);
}

it('the links of the documents lead to files that are in the npm package', () => {
  const files = packed();
  const documents = files.filter((file) => file.endsWith('.md'));
  expect(documents.length).toBeGreaterThan(20);
  const broken = documents.flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, link]) => link!.split('#')[0]!)
      .filter((link) => link !== '' && !/^[a-z]+:/.test(link))
      .map((link) => normalize(join(dirname(file), link)).replace(/\/$/, ''))
      .filter((path) => !files.some((f) => f === path || f.startsWith(`${path}/`)))
      .map((path) => `${file} links to ${path}: add it to "files" of package.json`),
  );
  expect(broken).toEqual([]);
}, 60_000);
