import { mkdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { configFlags } from '../../cli/flags.js';
import { buildFile } from '../../codegen/index.js';
import {
  openObject,
  type ArrayMap,
  type LoadedScheduler,
  type OpenScheduler,
} from '../../native/runtime/index.js';
import { project, typeErrors } from './user-project.js';
import type { Loose } from './runtime/objects.js';
import { scratch } from '../util/scratch.js';

const dir = scratch('names');
const root = join(import.meta.dirname, '..', '..');

async function built(path: string): Promise<string> {
  const { diagnostics, objectPath } = await buildFile(path);
  expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
  return objectPath;
}
const opened = (object: string): OpenScheduler<Loose> => openObject(object) as OpenScheduler<Loose>;

/** Names that C, libbpf, the kernel's headers or JavaScript have a meaning for; each is used for all kinds of state in turn. */
const NAMES =
  `auto register signed typedef union volatile asm goto inline restrict extern char short
  main exit log max min abs index round floor printf memcpy strlen abort linux unix likely offsetof
  ctx SEC LICENSE cgroup task_struct bpf_map
  constructor toString hasOwnProperty length name prototype of type async get set
  Object Map Record URL $dollar _ größe`.split(/\s+/);

describe('names that mean something elsewhere', () => {
  const KINDS = ['config', 'global', 'counter', 'map', 'program'] as const;
  const kindOf = (i: number, shift: number): (typeof KINDS)[number] =>
    KINDS[(i + shift) % KINDS.length]!;

  const { folder, write } = project(dir, 'reserved');
  it.each([0, 1, 2, 3, 4])(
    'are the author’s in skeleton and object (%i)',
    async (shift) => {
      const of = (kind: string): string[] => NAMES.filter((_, i) => kindOf(i, shift) === kind);
      const lines = NAMES.map((name, i) => {
        switch (kindOf(i, shift)) {
          case 'config':
            return `export const ${name} = config<u32>(${i}, 'config ${i}');`;
          case 'global':
            return `let ${name}: u32 = ${i};`;
          case 'counter':
            return `export const ${name} = counter('counter ${i}');`;
          case 'map':
            return `const ${name} = array<u64>(4);`;
          case 'program':
            return `export const ${name} = syscall((args: { n: u32 }) => { args.n = ${i}; return 0; });`;
        }
      });
      const path = write(
        `reserved${shift}.ts`,
        `import { scheduler, array, config, counter, syscall, type u32, type u64 } from 'scxts';
${lines.join('\n')}
export const touch = syscall((args: { sum: u64 }) => {
  ${of('counter')
    .map((n) => `${n}.inc();`)
    .join(' ')}
  ${of('map')
    .map((n) => `${n}.set(0, 7);`)
    .join(' ')}
  ${of('global')
    .map((n) => `${n} += 1;`)
    .join(' ')}
  args.sum = ${[...of('config'), '0'].join(' + ')};
  return 0;
});
export default scheduler({ name: 'reserved${shift}' });
`,
      );
      const object = await built(path);
      const open = opened(object);
      expect(Object.keys(open.config as object).sort()).toEqual(of('config').sort());
      const flags = configFlags(open as OpenScheduler).map((f) => f.flag);
      expect(flags).toEqual(
        expect.arrayContaining(of('config').map((n) => `--${n.replace(/_/g, '-')}`)),
      );
      for (const name of of('config')) open.config[name] = 100;
      using l = open.loadWithoutScheduler() as LoadedScheduler<Loose>;
      const { args } = l.progs.touch.call({ sum: 0n });
      expect(args.sum).toBe(BigInt(100 * of('config').length));
      expect(Object.keys(l.globals as object)).toEqual(expect.arrayContaining(of('global')));
      for (const name of of('global')) expect(l.globals[name]).toBe(NAMES.indexOf(name) + 1);
      expect(Object.keys(l.readCounters()).sort()).toEqual(of('counter').sort());
      for (const name of of('counter'))
        expect((l.readCounters() as Record<string, bigint>)[name]).toBe(1n);
      for (const name of of('map')) {
        expect((l.maps[name] as ArrayMap<bigint>).get(0)).toBe(7n);
        expect(l.maps[name].name).toBe(name);
      }
      for (const name of of('program'))
        expect(l.progs[name].call({ n: 0 }).args.n).toBe(NAMES.indexOf(name));

      const uses = NAMES.map((name, i) => {
        const at = JSON.stringify(name);
        switch (kindOf(i, shift)) {
          case 'config':
            return `open.config[${at}] = 5;`;
          case 'global':
            return `l.globals[${at}] = 6;`;
          case 'counter':
            return `l.counters[${at}].total();`;
          case 'map':
            return `l.maps[${at}].set(0, 1n);`;
          case 'program':
            return `l.progs[${at}].run({ n: 1 });`;
        }
      });
      const own = kindOf(0, shift) === 'config' ? 'open' : 'l';
      write(
        `reserved${shift}-run.ts`,
        `import { Reserved${shift} } from './reserved${shift}.skel.js';
const open = Reserved${shift}.open();
${uses.filter((u) => u.startsWith('open')).join('\n')}
const l = open.loadWithoutScheduler();
${uses.filter((u) => !u.startsWith('open')).join('\n')}
// @ts-expect-error: no such thing
${own}.maps.absent;
`,
      );
    },
    60_000,
  );

  it('type-check in the skeleton', async () => {
    expect(await typeErrors(folder, ['reserved*-run.ts'])).toBe('');
  }, 60_000);
});

const TWO_MODULES = {
  'a.bpf.ts': `import { array, counter, type u32, type u64 } from 'scxts';
export interface Entry { hits: u64; cpu: u32 }
export const stats = array<Entry>(4);
export const hits = counter('of a');
let state: u32 = 1;
export function touchA(): void { state++; hits.inc(); const e = stats.get(0); if (e) e.hits++; }
`,
  'b.bpf.ts': `import { counter, hash, type s32, type u8, type u64 } from 'scxts';
export interface Entry { who: u8; when: u64 }
export const stats = hash<s32, Entry>(16);
export const hits = counter('of b');
let state: u64 = 2;
export function touchB(pid: s32): void { state++; hits.inc(); stats.set(pid, { who: 1, when: state }); }
`,
  'two.ts': `import { scheduler, syscall, type s32 } from 'scxts';
import { touchA } from './a.bpf.js';
import { touchB } from './b.bpf.js';
interface Entry { z: s32 }
let last: Entry = { z: 5 };
let state: s32 = 3;
export const touch = syscall((args: Entry) => { touchA(); touchB(args.z); last.z = args.z; state += 1; return 0; });
export default scheduler({ name: 'two' });
`,
};

describe('two modules with state of the same name', () => {
  it('have it under the name of each module; the scheduler’s own file has the name alone', async () => {
    const { folder, write } = project(dir, 'modules');
    for (const [file, text] of Object.entries(TWO_MODULES)) write(file, text);
    const object = await built(join(folder, 'two.ts'));
    using l = opened(object).loadWithoutScheduler() as LoadedScheduler<Loose>;
    l.progs.touch.run({ z: 9 });
    expect({ ...l.globals }).toEqual({ a_state: 2, b_state: 3n, last: { z: 9 }, state: 4 });
    expect(Object.keys(l.maps as object).sort()).toEqual(['a_stats', 'b_stats']);
    expect(l.maps.a_stats.get(0)).toEqual({ hits: 1n, cpu: 0 });
    expect(l.maps.b_stats.get(9)).toEqual({ who: 1, when: 3n });
    expect(l.readCounters()).toEqual({ a_hits: 1n, b_hits: 1n });
    write(
      'two-run.ts',
      `import { Two, type AEntry, type BEntry, type Entry } from './two.skel.js';
const l = Two.open().loadWithoutScheduler();
const [a, b, own]: [AEntry, BEntry, Entry] = [{ hits: 1n, cpu: 2 }, { who: 1, when: 2n }, { z: 3 }];
l.maps.a_stats.set(0, a);
l.maps.b_stats.set(1, b);
l.globals.last = own;
console.log(l.globals.a_state + l.globals.state, l.globals.b_state + 1n, l.counters.b_hits.total());
`,
    );
    expect(await typeErrors(folder, ['two-run.ts'])).toBe('');
  }, 60_000);

  it('is refused where even that leaves two by one name', async () => {
    const { folder, write } = project(dir, 'same-file');
    for (const name of ['a', 'b']) {
      mkdirSync(join(folder, name));
      write(
        `${name}/cache.ts`,
        `import { array, type u64 } from 'scxts';\nexport const stats = array<u64>(4);\n`,
      );
    }
    const { diagnostics } = await buildFile(
      write(
        'same.ts',
        `import { scheduler } from 'scxts';
import { stats as first } from './a/cache.js';
import { stats as second } from './b/cache.js';
export default scheduler({ name: 'same', running() { first.add(0, 1); second.add(0, 1); } });
`,
      ),
    );
    expect(diagnostics.map((d) => [d.code, d.message, basename(dirname(d.span!.file))])).toEqual([
      ['SCX3108', expect.stringContaining("by the name 'cache_stats'") as string, 'b'],
    ]);
  });
});

it('an author’s interfaces and names come before those of the skeleton itself', async () => {
  const { folder, write } = project(dir, 'taken');
  await built(
    write(
      'taken.ts',
      `import { array, scheduler, type u32, type u64 } from 'scxts';
interface ArrayMap { a: u32 }
interface SkeletonTypes { b: u64 }
interface TakenTypes { c: u32 }
interface Record { d: u32 }
interface defineSkeleton { e: u32 }
const first = array<ArrayMap>(2);
const second = array<SkeletonTypes>(2);
const third = array<TakenTypes>(2);
const fourth = array<Record>(2);
const fifth = array<defineSkeleton>(2);
export const URL = 3;
export const Shared = { __proto__x: 1 } as const;
const own = 5;
export { own as class, own as 'two words' };
export default scheduler({ name: 'taken', running() { first.get(0); second.get(0); third.get(0); fourth.get(0); fifth.get(0); } });
`,
    ),
  );
  write(
    'taken-run.ts',
    `import { Taken, URL, class as word, 'two words' as words, type ArrayMap, type Record, type SkeletonTypes, type TakenTypes, type defineSkeleton } from './taken.skel.js';
const l = Taken.open().loadWithoutScheduler();
const [a, b, c, d, e]: [ArrayMap, SkeletonTypes, TakenTypes, Record, defineSkeleton] = [{ a: 1 }, { b: 2n }, { c: 3 }, { d: 4 }, { e: 5 }];
l.maps.first.set(0, a);
l.maps.second.set(0, b);
l.maps.third.set(0, c);
l.maps.fourth.set(0, d);
l.maps.fifth.set(0, e);
const three: 3 = URL;
const five: [5, 5] = [word, words];
console.log(three, five, l.maps.first.get(0)?.a);
`,
  );
  expect(await typeErrors(folder, ['taken-run.ts'])).toBe('');
  const { stdout } = await execa(process.execPath, [
    join(root, 'dist/cli/bin.js'),
    'run',
    join(folder, 'taken-run.ts'),
  ]);
  expect(stdout).toBe('3 [ 5, 5 ] 1');
}, 60_000);

const FILE_NAMES = [
  'a#b',
  'a?b',
  'a%b',
  'a%23b',
  "a'b",
  'a"b',
  'a`${b}`',
  'a\nb',
  'a\u2028b',
  'ä ö',
  'a.b.c',
  '1st',
];

describe('files called by odd names', () => {
  const { folder, write } = project(dir, 'files');
  const bin = join(root, 'dist/cli/bin.js');
  const objects: string[] = [];

  it('are built, and what is generated parses and finds its object', async () => {
    write(
      'half.ts',
      `import { userspaceHalf } from 'scxts/runtime';
export default userspaceHalf({ open: () => ({}), load: () => ({ works: true }) });
`,
    );
    const mains: string[] = [];
    for (const [i, stem] of FILE_NAMES.entries()) {
      write(
        `${stem}-part.ts`,
        `import { component, type u32 } from 'scxts';
let n: u32 = 1;
export const part = component({ name: 'part', userspace: './half.js', ops: { running() { n += 1; } } });
`,
      );
      const specifier = stem.replace(
        /[\\'\n\u2028]/g,
        (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
      );
      const path = write(
        `${stem}.ts`,
        `import { scheduler, config, type u32 } from 'scxts';
import { part } from './${specifier}-part.js';
export const wide = config<u32>(7, 'help with */ in it, "quotes" and \\n lines');
export default scheduler({ name: 'odd_file', use: [part], init() { return wide === 0 ? -1 : 0; } });
`,
      );
      const object = await built(path);
      expect(basename(object)).toBe(`${stem}.bpf.o`);
      objects.push(object);
      write(`copy${i}.skel.ts`, readFileSync(join(folder, `${stem}.skel.ts`), 'utf8'));
      mains.push(
        `import { OddFile as Odd${i} } from './copy${i}.skel.js';
{
  using l = Odd${i}.open({ config: { wide: ${i} } }).loadWithoutScheduler();
  console.log(l.config.wide, l.components.part.works);
}`,
      );
    }
    write('main.ts', mains.join('\n'));
    expect(await typeErrors(folder, ['main.ts'])).toBe('');
    const { stdout } = await execa(process.execPath, [bin, 'run', join(folder, 'main.ts')]);
    expect(stdout.split('\n')).toEqual(FILE_NAMES.map((_, i) => `${i} true`));
  }, 180_000);

  it('can be loaded from the command line', async () => {
    const help = await execa(process.execPath, [bin, 'load', objects[0]!, '--help']);
    expect(help.stdout).toContain('--wide');
  }, 30_000);

  it('with a backslash in the path are refused: TypeScript cannot read them', async () => {
    const { diagnostics } = await buildFile(write('a\\b.ts', 'export {};'));
    expect(diagnostics.map((d) => d.code)).toEqual(['SCX0008']);
  });
});
