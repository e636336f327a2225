import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { freshObject, sourcesOf } from '../../codegen/files/fresh.js';
import { scratchFolder } from '../../native/runtime/scratch-folder.js';
import { tmpdir } from 'node:os';

const scratch = scratchFolder(tmpdir(), 'scxts-fresh-');
afterAll(() => scratch[Symbol.dispose]());
const at = (name: string): string => join(scratch.path, name);
const touch = (name: string, seconds: number): void => utimesSync(at(name), seconds, seconds);

beforeEach(() => {
  mkdirSync(at('lib'), { recursive: true });
  writeFileSync(
    at('s.ts'),
    "import { a } from './lib/a.js';\nimport type { b } from './b.ts';\nimport { u64 } from 'scxts';\nexport * from \"./lib/c.js\";\n",
  );
  writeFileSync(
    at('lib/a.ts'),
    "import {\n  d,\n} from '../d.js';\nimport { s } from '../s.js';\n",
  );
  for (const name of ['b.ts', 'lib/c.ts', 'd.ts', 's.bpf.o', 's.skel.ts'])
    writeFileSync(at(name), '');
  for (const name of ['s.ts', 'lib/a.ts', 'b.ts', 'lib/c.ts', 'd.ts']) touch(name, 1000);
  for (const name of ['s.bpf.o', 's.skel.ts']) touch(name, 2000);
});

it('finds what a source imports, at any depth, once each', () => {
  expect(sourcesOf(at('s.ts')).sort()).toEqual(
    ['b.ts', 'd.ts', 'lib/a.ts', 'lib/c.ts', 's.ts'].map(at).sort(),
  );
});

it('an object is as new as all that it is made of', () => {
  expect(freshObject(at('s.ts'))).toBe(at('s.bpf.o'));
});

it.each(['s.ts', 'lib/a.ts', 'b.ts', 'lib/c.ts', 'd.ts'])('and not where %s is newer', (name) => {
  touch(name, 3000);
  expect(freshObject(at('s.ts'))).toBeUndefined();
});
