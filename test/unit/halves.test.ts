import { execa } from 'execa';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildFile } from '../../codegen/index.js';
import { scratch } from '../util/scratch.js';

const root = join(import.meta.dirname, '..', '..');
const dir = scratch('halves');

/** Made by a half that ran though nobody had named it. */
const marker = join(dir, 'ran');
/** Long, so that another specifier fits into its place in the object. */
const HALF = `./meter-${'x'.repeat(200)}.js`;
const half = (name: string): string =>
  `import { userspaceHalf } from 'scxts/runtime';
export default userspaceHalf({ open: () => ({}), load: () => ({ name: '${name}' }) });\n`;

beforeAll(async () => {
  writeFileSync(
    join(dir, 'meter.ts'),
    `import { component, type u64 } from 'scxts';
let seen: u64 = 0;
export const meter = component({ name: 'meter', userspace: '${HALF}', ops: { running() { seen += 1; } } });\n`,
  );
  writeFileSync(
    join(dir, 's.ts'),
    `import { scheduler } from 'scxts';
import { meter } from './meter.js';
export default scheduler({ name: 's', use: [meter] });\n`,
  );
  writeFileSync(join(dir, HALF.replace('.js', '.ts')), half('built'));
  writeFileSync(join(dir, 'other.ts'), half('named'));
  writeFileSync(
    join(dir, 'evil.mjs'),
    `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(marker)}, '');\n${half('evil')}`,
  );
  mkdirSync(join(dir, 'node_modules'));
  symlinkSync(root, join(dir, 'node_modules', 'scxts'));
  expect((await buildFile(join(dir, 's.ts'))).diagnostics).toEqual([]);
});

/** Halves of an object as `scxts load` finds them: their names, or the error. */
async function halves(object: string, ...named: string[]): Promise<unknown> {
  const script = `
    const { halvesOf } = await import('${root}/dist/cli/load/halves.js');
    try {
      const halves = await halvesOf(process.argv[1], process.argv.slice(2));
      console.log(JSON.stringify(Object.fromEntries(Object.entries(halves).map(([k, h]) => [k, h?.load().name ?? null]))));
    } catch (e) { console.log(JSON.stringify(e.message + ' | ' + e.hint)); }`;
  const { stdout } = await execa(
    process.execPath,
    ['--input-type=module', '-e', script, object, ...named],
    { cwd: dir },
  );
  expect(existsSync(marker)).toBe(false);
  return JSON.parse(stdout);
}

/** A folder with the object, and with its skeleton unless that is undefined; both changed. */
function copy(
  name: string,
  specifier: string | undefined,
  skeleton: ((text: string) => string) | undefined,
): string {
  const folder = join(dir, name);
  mkdirSync(folder);
  const object = readFileSync(join(dir, 's.bpf.o'));
  if (specifier !== undefined) {
    const at = object.indexOf(HALF);
    object.fill(0, at, at + HALF.length);
    object.write(specifier, at);
  }
  writeFileSync(join(folder, 's.bpf.o'), object);
  copyFileSync(join(dir, HALF.replace('.js', '.ts')), join(folder, HALF.replace('.js', '.ts')));
  if (skeleton)
    writeFileSync(
      join(folder, 's.skel.ts'),
      skeleton(readFileSync(join(dir, 's.skel.ts'), 'utf8')),
    );
  return join(folder, 's.bpf.o');
}
const as = (text: string): string => text;
const EVIL = [
  `data:text/javascript,import{writeFileSync}from'node:fs';writeFileSync('${marker}','')`,
  join(dir, 'evil.mjs'),
  `file://${join(dir, 'evil.mjs')}`,
  '../evil.mjs',
];

describe('userspace halves', () => {
  it('come from the skeleton, whatever the object says', async () => {
    expect(await halves(join(dir, 's.bpf.o'))).toEqual({ meter: 'built' });
    for (const [i, specifier] of EVIL.entries())
      expect(await halves(copy(`skeleton${i}`, specifier, as))).toEqual({ meter: 'built' });
  });

  it('never from an object alone', async () => {
    const refusal =
      /^component 'meter' has a half in user space, and an object alone does not say which program that is \| keep s\.skel\.ts beside the object, .* --half meter=/;
    expect(await halves(copy('alone', undefined, undefined))).toMatch(refusal);
    for (const [i, specifier] of EVIL.entries())
      expect(await halves(copy(`alone${i}`, specifier, undefined))).toMatch(refusal);
  });

  it('are packages or files beside the skeleton, and nothing else', async () => {
    for (const [i, specifier] of EVIL.slice(0, 3).entries())
      for (const quote of [(s: string) => `'${s.replace(/'/g, "\\'")}'`, JSON.stringify])
        expect(
          await halves(
            copy(`url${i}${quote.name}`, undefined, (text) =>
              text.replace(/from '\.\/meter-.*';/, () => `from ${quote(specifier)};`),
            ),
          ),
        ).toMatch(/^component 'meter' has a half/);
  });

  it('are what the user names', async () => {
    const object = copy('named', undefined, as);
    expect(await halves(object, 'meter=./other.ts')).toEqual({ meter: 'named' });
    expect(await halves(object, `meter=${join(dir, 'other.ts')}`)).toEqual({ meter: 'named' });
    expect(await halves(object, 'other=./other.ts')).toMatch(/no component 'other'; it has meter/);
    expect(await halves(object, 'meter=data:text/javascript,1')).toMatch(
      /--half takes COMPONENT=MODULE/,
    );
    expect(await halves(object, 'meter')).toMatch(/--half takes COMPONENT=MODULE/);
    expect(await halves(object, 'meter=./none.ts')).toMatch(/cannot be imported/);
    expect(await halves(object, 'meter=./meter.ts')).toMatch(
      /cannot be imported|no userspaceHalf\(\)/,
    );
  });
});
