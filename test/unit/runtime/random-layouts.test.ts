import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildFile } from '../../../codegen/index.js';
import {
  openObject,
  type LoadedScheduler,
  type OpenScheduler,
} from '../../../native/runtime/index.js';
import { project, typeErrors } from '../user-project.js';
import type { Loose } from './objects.js';
import {
  expression,
  Layouts,
  plain,
  random,
  setIn,
  source,
  zero,
  type Step,
  type Struct,
} from './random-layouts.js';
import { scratch } from '../../util/scratch.js';

const dir = scratch('layouts');
const { folder, write } = project(dir, 'project');

/** Places that are written, by what the userspace half says; with 64-bit integers as numbers or as bigint. */
const PLACES: Record<string, { on: 'open' | 'loaded'; numbers?: boolean }> = {
  'open.globals.initial': { on: 'open' },
  'l.globals.g': { on: 'loaded' },
  'l.views.v': { on: 'loaded' },
  'l.numbers.n': { on: 'loaded', numbers: true },
  'l.maps.m.at(1)': { on: 'loaded' },
  'l.maps.m.numbers(2)': { on: 'loaded', numbers: true },
  'l.maps.a.at(1)': { on: 'loaded' },
  'l.maps.a.numbers(2)': { on: 'loaded', numbers: true },
  'l.maps.p.of(0)!': { on: 'loaded' },
  'batch.value(0)': { on: 'loaded' },
  'records.at(0)!': { on: 'loaded' },
  'order.record': { on: 'loaded' },
};
const SEEDS = [1, 2, 3, 4, 5];
const WRITES = 12;
const LOOKS = 6;

interface Write {
  path: Step[];
  statement: string;
  apply: (model: unknown) => void;
}

interface Case {
  seed: number;
  name: string;
  root: Struct;
  writes: Record<string, Write[]>;
  /** Ways to integers that BPF reads in m[1]. */
  looks: Step[][];
  program: string;
}

function makeCase(seed: number): Case {
  const layouts = new Layouts(random(seed));
  const inner = layouts.struct(3);
  // Never a layout in which nothing is nested.
  const root: Struct = {
    kind: 'struct',
    name: 'Root',
    fields: [
      [
        'grid',
        { kind: 'array', count: 2, of: { kind: 'array', count: 3, of: layouts.path(inner).leaf } },
      ],
      ['list', { kind: 'array', count: 2, of: inner }],
      ...inner.fields,
    ],
  };
  const writes = Object.fromEntries(
    Object.entries(PLACES).map(([place, { numbers }]) => [
      place,
      Array.from({ length: WRITES }, (): Write => {
        const { path, leaf } = layouts.path(root);
        const value = layouts.value(leaf, numbers === true);
        const isWide = leaf.kind === 'int' && leaf.bits === 64 && !numbers;
        const text =
          typeof value === 'string' ? JSON.stringify(value) : `${value}${isWide ? 'n' : ''}`;
        return {
          path,
          statement: `${place}${expression(path)} = ${text};`,
          apply: (model) => setIn(model, path, leaf, value),
        };
      }),
    ]),
  );
  const looks = Array.from({ length: 200 }, () => layouts.path(root))
    .filter(({ leaf }) => leaf.kind === 'int')
    .slice(0, LOOKS)
    .map(({ path }) => path);
  const bpf = (path: Step[]): string => expression(path).replaceAll('!', '');
  const name = `layout_${seed}`;
  const program = `import { arena, array, hash, percpu, ringbuf, scheduler, syscall, userRingbuf, zeroed, s64,
  type bool, type CString, type FixedArray, type u8, type u16, type u32, type u64, type s8, type s16, type s32 } from 'scxts';
${[...layouts.structs, root].map((s) => `interface ${s.name} { ${s.fields.map(([n, t]) => `${n}: ${source(t)}`).join('; ')} }`).join('\n')}
const m = array<Root>(4);
const p = percpu<Root>();
const h = hash<u32, Root>(8);
const a = arena<Root>(4);
const r = ringbuf<Root>(64 * 1024);
const u = userRingbuf<Root>(64 * 1024);
let initial: Root = zeroed();
let g: Root = zeroed();
let v: Root = zeroed();
let n: Root = zeroed();
let empty: Root = zeroed();
export const prepare = syscall((args: { n: u32 }) => {
  r.output(empty);
  return a.populate();
});
export const look = syscall((args: { ${looks.map((_, i) => `w${i}: s64`).join('; ')} }) => {
  const e = m.get(1);
  if (!e) return -1;
  ${looks.map((path, i) => `args.w${i} = s64(e${bpf(path)});`).join('\n  ')}
  return 0;
});
export default scheduler({ name: '${name}', running() { p.this(); h.delete(1); a.get(0); } });
`;
  return { seed, name, root, writes, looks, program };
}

const cases = SEEDS.map(makeCase);
const objects = new Map<number, string>();

beforeAll(async () => {
  for (const { seed, name, program } of cases) {
    const built = await buildFile(write(`${name}.ts`, program));
    expect(built.diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
    objects.set(seed, built.objectPath);
  }
}, 180_000);

it('what is written through is allowed by the skeleton’s types, at every depth', async () => {
  const files = cases.map(({ name, seed, writes }) => {
    const statements = (on: 'open' | 'loaded'): string =>
      Object.entries(writes)
        .filter(([place]) => PLACES[place]!.on === on)
        .flatMap(([, list]) => list.map((w) => w.statement))
        .join('\n');
    write(
      `${name}-run.ts`,
      `import { Layout${seed} } from './${name}.skel.js';
const open = Layout${seed}.open();
${statements('open')}
const l = open.loadWithoutScheduler();
const batch = l.maps.h.read();
const records = l.maps.r.read();
using order = l.maps.u.reserve()!;
${statements('loaded')}
l.maps.h.write(batch);
`,
    );
    return `${name}-run.ts`;
  });
  expect(await typeErrors(folder, files)).toBe('');
}, 120_000);

describe.each(cases)('layout $seed', ({ seed, root, writes, looks }) => {
  const model = (place: string): unknown => {
    const value = zero(root);
    for (const { apply } of writes[place]!) apply(value);
    return value;
  };
  /** Executes the very statements that were type-checked. */
  const run = (place: string, scope: Record<string, unknown>): void => {
    const code = writes[place]!.map((w) => w.statement.replaceAll('!', '')).join('\n');
    new Function(...Object.keys(scope), code)(...Object.values(scope));
  };
  let open: OpenScheduler<Loose>;
  let l: LoadedScheduler<Loose>;
  beforeAll(() => {
    open = openObject(objects.get(seed)!) as OpenScheduler<Loose>;
    run('open.globals.initial', { open });
    l = open.loadWithoutScheduler();
    expect(l.progs.prepare.run({ n: 0 })).toBe(0);
    l.maps.h.set(7, zero(root));
  });
  afterAll(() => l.close());

  it('reaches globals before and after loading', () => {
    expect(plain(root, l.globals.initial)).toEqual(model('open.globals.initial'));
    for (const [place, name] of [
      ['l.globals.g', 'g'],
      ['l.views.v', 'v'],
      ['l.numbers.n', 'n'],
    ] as const) {
      run(place, { l });
      expect(plain(root, l.globals[name])).toEqual(model(place));
      expect(plain(root, (l.views as Loose['globals'])[name])).toEqual(model(place));
    }
  });

  it('reaches arrays, as BPF sees them', () => {
    run('l.maps.m.at(1)', { l });
    run('l.maps.m.numbers(2)', { l });
    expect(l.maps.m.get(1)).toEqual(model('l.maps.m.at(1)'));
    expect(plain(root, l.maps.m.at(1))).toEqual(model('l.maps.m.at(1)'));
    expect(l.maps.m.get(2)).toEqual(model('l.maps.m.numbers(2)'));
    expect(l.maps.m.get(0)).toEqual(zero(root));
    const { value, args } = l.progs.look.call(
      Object.fromEntries(looks.map((_, i) => [`w${i}`, 0n])),
    );
    expect(value).toBe(0);
    const seen = looks.map((path) =>
      path.reduce<unknown>(
        (at, step) => (at as Record<Step, unknown>)[step],
        model('l.maps.m.at(1)'),
      ),
    );
    expect(looks.map((_, i) => args[`w${i}`])).toEqual(
      seen.map((x) => BigInt.asIntN(64, BigInt(x as bigint))),
    );
  });

  it('reaches arenas, per-CPU values, batches and records', () => {
    run('l.maps.a.at(1)', { l });
    run('l.maps.a.numbers(2)', { l });
    expect(plain(root, l.maps.a.at(1))).toEqual(model('l.maps.a.at(1)'));
    expect(plain(root, l.maps.a.at(2))).toEqual(model('l.maps.a.numbers(2)'));
    expect(plain(root, l.maps.a.at(0))).toEqual(zero(root));

    run('l.maps.p.of(0)!', { l });
    expect(l.maps.p.all()[0]).toEqual(model('l.maps.p.of(0)!'));
    expect(l.maps.p.all()[1]).toEqual(zero(root));

    const batch = l.maps.h.read();
    run('batch.value(0)', { batch });
    expect(plain(root, batch.value(0))).toEqual(model('batch.value(0)'));
    expect([...batch][0][1]).toEqual(model('batch.value(0)'));
    expect(l.maps.h.get(7)).toEqual(zero(root));
    expect(l.maps.h.write(batch)).toBe(1);
    expect(l.maps.h.get(7)).toEqual(model('batch.value(0)'));

    const records = l.maps.r.read();
    expect(records.length).toBe(1);
    run('records.at(0)!', { records });
    expect([...records][0]).toEqual(model('records.at(0)!'));

    const order = l.maps.u.reserve();
    run('order.record', { order });
    expect(plain(root, order.record)).toEqual(model('order.record'));
    order.record = model('l.maps.m.at(1)');
    expect(plain(root, order.record)).toEqual(model('l.maps.m.at(1)'));
    order.discard();
  });
});
