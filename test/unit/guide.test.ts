// docs/guide: what its pages show is what the model kernel does today. `npm run guide` writes outputs and pictures anew.
import { execa } from 'execa';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { buildFile } from '../../codegen/index.js';
import { simulate } from '../../sim/index.js';
import { objectOf } from '../../sim/node/object.js';
import { programsOf, readChapter, runChapter, shownOf, withOutput } from '../guide/chapter.js';
import { pages, pictures, root } from '../guide/files.js';
import { runPicture, type Facts } from '../guide/run-picture.js';
import { sequencePicture } from '../guide/sequence-picture.js';
import { sequences } from '../guide/sequences.js';
import { factsOf } from '../guide/svg.js';
import { scratch } from '../util/scratch.js';
import { project, typeErrors } from './user-project.js';

// The halves have the runtime of this process, whose backend the model is.
vi.mock('scxts/runtime', () => import('../../native/runtime/index.js'));

const writing = process.env['SCXTS_GUIDE'] === 'write';
const TODO = 'run `npm run guide`, and look whether the page is still right';
const chapters = readdirSync(pages)
  .filter((name) => /^\d\d-/.test(name))
  .sort();
const folders = readdirSync(join(root, 'examples/guide'))
  .filter((name) => existsSync(join(root, 'examples/guide', name, 'chapter.ts')))
  .sort();
if (writing) mkdirSync(pictures, { recursive: true });

/** The same words, and numbers of about the same size: pages tell of those, not of single ns. */
function similar(shown: string, now: string): boolean {
  const parts = (text: string): string[] => text.match(/[\d.]+|[^\d\s.]+/g) ?? [];
  const [a, b] = [parts(shown), parts(now)];
  if (a.length !== b.length) return false;
  return a.every((word, i) => {
    const [x, y] = [Number(word), Number(b[i])];
    if (Number.isNaN(x) || Number.isNaN(y)) return word === b[i];
    return Math.abs(x - y) <= 5 + 0.25 * Math.max(x, y);
  });
}

describe.each(chapters)('docs/guide/%s', (page) => {
  const chapter = readChapter(page);

  it('shows what its command prints, and a picture of it', async () => {
    const run = await runChapter(chapter);
    const output = shownOf(run);
    const { file, title, from, to } = chapter.picture;
    const svg = runPicture(run, title, { from, to });
    if (writing) {
      writeFileSync(join(pages, page), withOutput(chapter.text, output));
      writeFileSync(file, svg);
      return;
    }
    if (!similar(chapter.output, output)) expect(output, TODO).toBe(chapter.output);
    const [old, now] = [readFileSync(file, 'utf8'), svg].map((text) => factsOf(text) as Facts);
    for (const key of new Set([...Object.keys(old!), ...Object.keys(now!)]))
      expect(Math.abs((old![key] ?? 0) - (now![key] ?? 0)), `${key}: ${TODO}`).toBeLessThan(10);
  });

  it('has snippets that are parts of its programs', () => {
    const programs = programsOf(chapter.folder);
    const snippets = [...chapter.text.matchAll(/^```ts\n([^]*?)^```/gm)].map((m) => m[1]!);
    expect(snippets.length).toBeGreaterThan(page.startsWith('03') ? -1 : 0);
    for (const snippet of snippets)
      expect(
        programs.some((program) => program.includes(snippet)),
        snippet,
      ).toBe(true);
  });

  it('has a task, and the chapter after it', () => {
    for (const name of ['chapter.ts', 'task.ts', 'solution.ts', 'task.test.ts'])
      if (!(name === 'solution.ts' && existsSync(join(chapter.folder, 'solution.half.ts'))))
        expect(existsSync(join(chapter.folder, name)), name).toBe(true);
    expect(chapter.text).toContain(
      `npx vitest run --root examples/guide ${chapter.folder.split('/').at(-1)!}\n`,
    );
    const next = chapters[chapters.indexOf(page) + 1];
    if (next) expect(chapter.text).toContain(`](${next})`);
    expect(readFileSync(join(pages, 'README.md'), 'utf8')).toContain(`](${page})`);
  });
});

it('docs/guide/pictures/callbacks.svg has the calls that the model makes', async () => {
  const file = join(pictures, 'callbacks.svg');
  const found = await sequences(await objectOf(join(root, 'examples/guide/callbacks/chapter.ts')));
  const svg = sequencePicture(found);
  if (writing) writeFileSync(file, svg);
  expect(readFileSync(file, 'utf8'), TODO).toBe(svg);
}, 60_000);

it('everything type-checks in a project of its own', async () => {
  const { folder } = project(scratch('guide'), 'guide');
  symlinkSync(join(root, 'node_modules/vitest'), join(folder, 'node_modules/vitest'));
  cpSync(join(root, 'examples/guide'), join(folder, 'guide'), { recursive: true });
  for (const file of ['halves/chapter', 'halves/task', 'topology/chapter', 'production/chapter']) {
    const { diagnostics } = await buildFile(join(folder, 'guide', `${file}.ts`));
    expect(diagnostics).toEqual([]);
  }
  expect(await typeErrors(folder, ['guide/**/*.ts'])).toBe('');
}, 60_000);

it('docs/guide/pictures/moving.svg is what README says', async () => {
  const file = join(pictures, 'moving.svg');
  const run = await simulate(join(root, 'examples/simple.ts'), {
    ...{ machine: { cpus: 4 }, duration: '500ms' },
    tasks: [
      { name: 'build', count: 3, run: 'forever' },
      { name: 'web', count: 4, loop: [{ run: ['2ms', '6ms'] }, { sleep: ['5ms', '25ms'] }] },
      { name: 'frame', count: 2, loop: [{ run: '5ms' }, { period: '16667us' }] },
    ],
  });
  const svg = runPicture(run, 'simple.ts on four CPUs', { from: 100, to: 300, moving: true });
  if (writing) writeFileSync(file, svg);
  expect(factsOf(readFileSync(file, 'utf8')), TODO).toEqual(factsOf(svg));
  expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain(relative(root, file));
});

interface Report {
  testResults: { name: string; assertionResults: { status: string; fullName: string }[] }[];
}
/** What `npx vitest run --root examples/guide` tells of each folder, with the sources of scxts and not what was built of them. */
async function tasks(env: Record<string, string>): Promise<Map<string, string[]>> {
  const { stdout, stderr } = await execa(
    join(root, 'node_modules/.bin/vitest'),
    ['run', '--root', root, '--config', 'test/guide/vitest.config.ts', '--reporter', 'json'],
    { cwd: root, env, reject: false },
  );
  const at = stdout.indexOf('{"num');
  expect(at, stdout + stderr).toBeGreaterThanOrEqual(0);
  const { testResults } = JSON.parse(stdout.slice(at)) as Report;
  return new Map(
    testResults.map((file) => [
      file.name.split('/').at(-2)!,
      file.assertionResults.map((result) => result.status),
    ]),
  );
}

describe('the tasks of the guide', () => {
  it('are not solved where one starts', async () => {
    const found = await tasks({});
    expect([...found.keys()].sort()).toEqual(folders);
    for (const [folder, results] of found) expect(results, folder).toContain('failed');
  }, 180_000);

  it('have solutions that pass', async () => {
    const found = await tasks({ SOLUTION: '1' });
    expect([...found.keys()].sort()).toEqual(folders);
    for (const [folder, results] of found)
      expect(new Set(results), folder).toEqual(new Set(['passed']));
  }, 180_000);
});
