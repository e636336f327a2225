import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ArrayMap, LoadedScheduler } from '../../../native/runtime/index.js';
import { codeOf, compileObject, load, open, type Loose } from './objects.js';

const object = compileObject('every');
let loaded: LoadedScheduler<Loose>;
let g: Loose['globals'];
beforeAll(() => {
  loaded = load(object);
  g = loaded.globals;
});
afterAll(() => loaded.close());

const touch = (n: number, sum: bigint): { value: number; args: object } =>
  loaded.progs.touch.call({ n, sum, status: 0 });

describe('values of every BTF kind', () => {
  it('come from what BPF wrote, at the offsets that C gave them', () => {
    const before = g.every.n32;
    expect(touch(3, 0x1234_5678_9abc_def0n)).toEqual({
      value: 3,
      args: { n: 3, sum: 0x1234_5678_9abc_def0n, status: 7 },
    });
    const { every } = g;
    expect(every.n32).toBe(before + 3);
    expect(every.inner.b).toBe(0x1234_5678_9abc_def0n);
    expect(every.list[1].c).toEqual([0, 0, -7]);
    expect(every.bits).toMatchObject({ neg: -3, far: 0x12_3456_789an });
    expect(every.grid).toEqual([
      [0, 0, 0],
      [0, 0, 6],
    ]);
    expect(every.wide).toBe(0xffff_ffff_0000_0000n);
    expect(every.small).toBe(-2);
    expect(every.name).toBe('abc');
    expect(g.packed.odd).toBe(0x1234_5678_9abc_def0n);
    expect(g.matrix[1][1]).toBe(11);
    expect(g.negative).toBe(-5n);
    expect(g.title).toBe('hello');
  });

  it('are written whole, and read back the same by another handle', () => {
    const value = { ...g.every, n8: 255, z8: -128, n16: 65535, z16: -32768, z32: -1, flag: true };
    value.n64 = 2n ** 64n - 1n;
    value.z64 = -(2n ** 63n);
    value.bits = {
      one: 1,
      three: 5,
      neg: -16,
      rest: 0x7fffff,
      far: 2n ** 40n - 1n,
      near: 0n,
      yes: true,
    };
    value.list = [
      { a: 1, b: 2n, c: [3, -4, 5] },
      { a: 6, b: 7n, c: [8, 9, -10] },
    ];
    value.name = 'ünï';
    g.every = value;
    // The union's members share their place: the last one given is what is there.
    expect(g.every).toEqual({ ...value });
    touch(1, 5n);
    expect(g.every).toMatchObject({
      n8: 255,
      z64: -(2n ** 63n),
      bits: { one: 1, far: 0x12_3456_789an },
    });
  });

  it.each<[string, () => void]>([
    ['too large for u8', () => (g.every = { ...g.every, n8: 256 })],
    ['negative for u64', () => (g.big = -1n)],
    ['a fraction', () => (g.small_number = 0.5)],
    ['NaN', () => (g.small_number = NaN)],
    [
      'a bitfield out of range',
      () => (g.every = { ...g.every, bits: { ...g.every.bits, three: 8 } }),
    ],
    ['a string that is too long', () => (g.title = 'x'.repeat(17))],
    ['an array of another length', () => (g.hist = [1n])],
    ['a number for a bool', () => (g.toggled = 1)],
    ['an unknown field', () => (g.packed = { first: 1, odd: 1n, even: 2n })],
    ['a missing field', () => (g.packed = { first: 1 })],
    ['nothing', () => (g.big = undefined)],
    ['an object', () => (g.big = {})],
  ])('%s is refused, and nothing is stored', (_name, run) => {
    const before = { packed: g.packed, every: g.every, big: g.big };
    expect(codeOf(run)).toBe('ERR_VALUE');
    expect({ packed: g.packed, every: g.every, big: g.big }).toEqual(before);
  });

  it('names the field that does not fit', () => {
    expect(() => (g.pair = [g.pair[0], { a: 1, b: 2n, c: [1, 2, 99999] }])).toThrow(
      /pair\[1\]\.c\[2\] must be a whole number from -32768 to 32767, not 99999/,
    );
  });

  it('elements and members are set one by one, and nothing beside them', () => {
    const { every } = g;
    const before = structuredClone(loaded.globals.every.n64);
    every.list[1].c[2] = 12;
    every.bits.three = 2;
    g.hist[3] = 9n;
    g.hist.fill(4n, 0, 1);
    g.every.inner = { ...g.every.inner, b: 8n };
    expect(g.every.list[1].c[2]).toBe(12);
    expect(every.list[1].c[2]).toBe(12);
    expect(g.every.bits).toMatchObject({ three: 2, far: every.bits.far });
    expect([g.hist[3], g.hist[0], g.every.inner.b, g.every.n64]).toEqual([9n, 4n, 8n, before]);
    expect(codeOf(() => (g.every.list[1].c[2] = 99_999))).toBe('ERR_VALUE');
    expect(codeOf(() => (g.every.list[2] = g.every.list[1]))).toBe('ERR_RANGE');
    expect(codeOf(() => g.hist.push(1n))).toBe('ERR_RANGE');
    expect(codeOf(() => (g.every.nothing = 1))).toBe('ERR_VALUE');
    expect(codeOf(() => delete g.every.inner)).toBe('ERR_VALUE');
    expect(g.every.list[1].c[2]).toBe(12);
  });

  it('are what is printed', () => {
    g.small_number = 5;
    expect(inspect(g)).toMatch(/small_number: 5,/);
  });

  it('a variable that is none cannot be set', () => {
    expect(() => (g.nothing = 1)).toThrow(TypeError);
    expect(codeOf(() => (loaded.config as Loose['config']).limit++)).toBe('ERR_PHASE');
    expect(() => (loaded.config as Loose['config']).tuned.a++).toThrow(TypeError);
  });
});

describe('views', () => {
  it('of integers and arrays are the memory itself', () => {
    const { hist, big, shorts } = loaded.views as Record<string, BigUint64Array>;
    expect(hist).toBeInstanceOf(BigUint64Array);
    expect(shorts).toBeInstanceOf(Int16Array);
    expect(big).toHaveLength(1);
    const before = hist![2]!;
    touch(2, 77n);
    expect(hist![2]).toBe(before + 1n);
    expect(big![0]).toBe(77n);
    hist![2] = 1000n;
    touch(2, 78n);
    expect(g.hist[2]).toBe(1001n);
  });

  it('of structs are live, nested and in arrays', () => {
    const views = loaded.views as Loose['globals'];
    const { inner, list, bits } = views.every;
    touch(1, 41n);
    expect(inner.b).toBe(41n);
    inner.b = 42n;
    expect(g.every.inner.b).toBe(42n);
    expect(list[1].c).toBeInstanceOf(Int16Array);
    expect(list[1].c[2]).toBe(-7);
    list[0].a = 9;
    expect(g.every.list[0].a).toBe(9);
    bits.three = 6;
    expect(g.every.bits).toMatchObject({ three: 6, neg: -3 });
    expect(codeOf(() => (bits.three = 9))).toBe('ERR_VALUE');
    expect(codeOf(() => (inner.b = 'x'))).toBe('ERR_VALUE');
    expect(
      JSON.parse(JSON.stringify(views.pair[1], (_, v) => (typeof v === 'bigint' ? String(v) : v))),
    ).toEqual({ a: 0, b: '0', c: [0, 0, 0] });
  });

  it('of arrays keep their length and order, and show what they hold', () => {
    const { grid, list } = (loaded.views as Loose['globals']).every;
    g.every.grid[1][2] = 6;
    expect(grid[1]).toBeInstanceOf(Uint32Array);
    expect(Array.isArray(list)).toBe(true);
    expect(list).toHaveLength(2);
    expect(inspect(grid)).toBe(inspect(g.every.grid));
    expect(JSON.stringify(grid)).toBe(JSON.stringify(g.every.grid));
    expect([...list].map((l: { a: number }) => l.a)).toEqual(
      g.every.list.map((l: { a: number }) => l.a),
    );
    grid[0] = [7, 8, 9];
    list[0] = { a: 5, b: 6n, c: [1, 2, 3] };
    list[1] = list[0];
    expect(g.every.grid[0]).toEqual([7, 8, 9]);
    expect(g.every.list).toEqual([
      { a: 5, b: 6n, c: [1, 2, 3] },
      { a: 5, b: 6n, c: [1, 2, 3] },
    ]);
    for (const [code, run] of [
      ['ERR_RANGE', () => (grid[2] = [1, 2, 3])],
      ['ERR_RANGE', () => list.push(list[0])],
      ['ERR_RANGE', () => (list.length = 1)],
      ['ERR_VALUE', () => (list.more = 1)],
      ['ERR_VALUE', () => (grid[0] = [1, 2])],
      ['ERR_VALUE', () => (grid[0] = [1, 2, 2 ** 32])],
      ['ERR_VALUE', () => list.sort()],
      ['ERR_VALUE', () => list.reverse()],
      ['ERR_VALUE', () => delete list[0]],
      ['ERR_RANGE', () => Object.defineProperty(list, '0', { value: 1 })],
    ] as const)
      expect(codeOf(run)).toBe(code);
    expect(g.every.list[0].a).toBe(5);
  });

  it('take values whose getters use the same memory', () => {
    const { every } = loaded.views as Loose['globals'];
    const before = g.every.bits;
    every.inner = {
      get a() {
        every.bits.three = 5;
        every.list[0] = { ...g.every.list[0], a: 77 };
        return g.every.list[0].a as number;
      },
      b: 2n,
      c: [1, 2, 3],
    };
    expect(g.every.inner).toEqual({ a: 77, b: 2n, c: [1, 2, 3] });
    expect(g.every.bits).toEqual({ ...before, three: 5 });
  });

  it('of numbers give 64-bit values without bigint', () => {
    const numbers = loaded.numbers as Loose['globals'];
    g.big = 2n ** 53n - 1n;
    expect(numbers.big).toBe(Number.MAX_SAFE_INTEGER);
    numbers.big = 5;
    expect(g.big).toBe(5n);
    expect(numbers.negative).toBe(-5);
    g.every = { ...g.every, z64: -(2n ** 40n) };
    expect(numbers.every.z64).toBe(-(2 ** 40));
    expect(numbers.every.inner.b).toBe(Number(g.every.inner.b));
    expect(numbers.packed.odd).toBe(Number(g.packed.odd));
  });

  it('of array entries are live', () => {
    const mapped = loaded.maps.mapped as ArrayMap<{
      n64: bigint;
      list: { b: bigint }[];
      named: { word: bigint };
    }>;
    const entry = mapped.at(1);
    touch(1, 99n);
    expect(entry.n64).toBe(99n);
    expect(mapped.numbers(1).n64).toBe(99);
    expect((entry.list as unknown as { b: bigint }[])[0]!.b).toBe(3n);
    entry.named.word = 0x0102n;
    expect(mapped.get(1)).toMatchObject({
      named: { word: 0x0102n, bytes: [2, 1, 0, 0, 0, 0, 0, 0] },
    });
    expect(codeOf(() => mapped.at(4))).toBe('ERR_RANGE');
    expect(codeOf(() => mapped.view())).toBe('ERR_MAP');
    const narrow = loaded.maps.narrow as ArrayMap<number>;
    narrow.set(4, -9);
    expect(narrow.at(4)).toEqual(Int32Array.of(-9));
    expect([...narrow]).toEqual([0, 0, 0, 0, -9]);
    expect(codeOf(() => (loaded.maps.unmapped as ArrayMap<unknown>).at(0))).toBe('ERR_MAP');
  });

  it('never tear a 64-bit value that another thread writes', async () => {
    const { Worker } = await import('node:worker_threads');
    // The writer is BPF's stand-in: it maps the same array and stores whole words.
    const { mapped } = loaded.maps;
    const pin = `/sys/fs/bpf/scxts-tear-${process.pid}`;
    const { ensureBpfFs } = await import('./bpffs.js');
    ensureBpfFs();
    mapped.pin(pin);
    const stop = new Int32Array(new SharedArrayBuffer(4));
    const worker = new Worker(
      `const { workerData: [runtime, pin, stop] } = require('node:worker_threads');
       import(runtime).then(({ openPinnedMap }) => {
         const words = new BigUint64Array(openPinnedMap(pin).buffer());
         while (!Atomics.load(stop, 0)) for (let i = 0; i < 1000; i++) { words[2] = 0n; words[2] = 0xffffffffffffffffn; }
       });`,
      {
        eval: true,
        workerData: [
          new URL('../../../dist/native/runtime/index.js', import.meta.url).href,
          pin,
          stop,
        ],
      },
    );
    const live = mapped.at(0) as { n64: bigint };
    const seen = new Set<bigint>();
    // n64 is the third 8-byte word.
    for (let i = 0; i < 200_000; i++) {
      seen.add(live.n64);
      seen.add((mapped.get(0) as { n64: bigint }).n64);
    }
    Atomics.store(stop, 0, 1);
    await new Promise((resolve) => worker.once('exit', resolve));
    mapped.unpin(pin);
    expect(seen).toEqual(new Set([0n, 2n ** 64n - 1n]));
  });

  it('stay valid memory after close, and are refused as objects', () => {
    const other = load(object);
    const { hist } = other.views as Record<string, BigUint64Array>;
    const entry = (other.maps.mapped as ArrayMap<{ n64: bigint }>).at(0);
    const live = (other.views as Loose['globals']).every;
    other.close();
    hist![0] = 3n;
    expect(hist![0]).toBe(3n);
    expect(codeOf(() => entry.n64)).toBe('ERR_CLOSED');
    expect(codeOf(() => live.n32)).toBe('ERR_CLOSED');
    expect(codeOf(() => other.globals.big)).toBe('ERR_CLOSED');
    expect(codeOf(() => (other.numbers as Loose['globals']).big)).toBe('ERR_CLOSED');
  });
});

describe('before loading', () => {
  it('globals and config hold what the object says, and what is set', () => {
    const opened = open(object);
    expect(opened.globals.every).toMatchObject({ n8: 8, name: 'abc' });
    expect(opened.config.limit).toBe(7);
    opened.config.limit = 9;
    opened.config.tuned = { a: 1, b: 2n, c: [3, 4, 5] };
    opened.globals.hist = [1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n];
    opened.globals.title = 'set';
    using made = opened.load();
    expect(made.config).toMatchObject({ limit: 9, tuned: { a: 1, b: 2n, c: [3, 4, 5] } });
    expect(made.globals.hist[7]).toBe(8n);
    expect(made.globals.title).toBe('set');
    expect(made.progs.touch.call({ n: 0, sum: 0n, status: 0 }).args.status).toBe(9);
    expect(codeOf(() => (opened.config.limit = 1))).toBe('ERR_PHASE');
  });
});
