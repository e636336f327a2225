import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { typed } from '../../../native/runtime/errors.js';
import { ScxtsError, type LoadedScheduler } from '../../../native/runtime/index.js';
import { allocate } from '../../../native/runtime/memory.js';
import { codeOf, codeOfAsync, compileObject, load, open, type Loose } from './objects.js';

const every = compileObject('every');
type Loaded = LoadedScheduler<Loose>;

/** An object whose first field, when it is read, does something. */
function trap<T extends object>(value: T, act: () => void): T {
  const [first] = Object.keys(value) as (keyof T)[];
  const held = value[first!];
  return Object.defineProperty(value, first!, {
    enumerable: true,
    get: () => {
      act();
      return held;
    },
  });
}
/** An array that does it when its first element is read. */
function trapped<T>(values: T[], act: () => void): T[] {
  return new Proxy(values, {
    get(target, key) {
      if (key === '0') act();
      return Reflect.get(target, key) as unknown;
    },
  });
}
const inner = () => ({ a: 1, b: 2n, c: [1, 2, 3] });
const order = () => ({ id: 1, amount: 2n, tags: [0, 0, 0, 1] });
const args = () => ({ n: 1, sum: 0n, status: 0 });

describe('a value that closes the object while it is read: ERR_CLOSED', () => {
  it.each<[string, (l: Loaded, close: () => void) => unknown]>([
    ['a key', (l, close) => l.maps.keyed.get(trap({ a: 1, b: 2 }, close))],
    ['a key to delete', (l, close) => l.maps.keyed.delete(trap({ a: 1, b: 2 }, close))],
    ['a key to store', (l, close) => l.maps.keyed.set(trap({ a: 1, b: 2 }, close), inner())],
    ['a value to store', (l, close) => l.maps.keyed.set({ a: 1, b: 2 }, trap(inner(), close))],
    [
      'entries',
      (l, close) =>
        l.maps.numbers.write({
          *[Symbol.iterator]() {
            close();
            yield [1, 2n];
          },
        }),
    ],
    ['an element of entries', (l, close) => l.maps.numbers.write([trapped([1, 2n], close)])],
    ['an entry of an array', (l, close) => l.maps.unmapped.set(0, trap(inner(), close))],
    [
      'an entry of a mapped array',
      (l, close) => l.maps.mapped.set(0, trap({ ...l.maps.mapped.get(0) }, close)),
    ],
    [
      'a field where it lies',
      (l, close) => {
        l.maps.mapped.at(0).inner = trap(inner(), close);
      },
    ],
    [
      'values of all CPUs',
      (l, close) => l.maps.per_cpu.set(0, trapped(l.maps.per_cpu.get(0) as unknown[], close)),
    ],
    [
      'a value of one CPU',
      (l, close) => {
        const values = l.maps.per_cpu.get(0) as object[];
        trap(values[0]!, close);
        l.maps.per_cpu.set(0, values);
      },
    ],
    ['an owner', (l, close) => l.maps.tasks.set(trap({ fd: 0 }, close), inner())],
    ['a value of an owner', (l, close) => l.maps.tasks.set(process.pid, trap(inner(), close))],
    ['a record', (l, close) => l.maps.orders.send(trap(order(), close))],
    ['records', (l, close) => l.maps.orders.sendAll(trapped([order()], close))],
    [
      'a reserved record',
      (l, close) => {
        const reserved = l.maps.orders.reserve();
        reserved.record.tags = trapped([1, 2, 3, 4], close);
        reserved.submit();
      },
    ],
    [
      'a global',
      (l, close) => {
        l.globals.pair = trapped([inner(), inner()], close);
      },
    ],
    [
      'a part of a global',
      (l, close) => {
        l.globals.pair[1] = trap(inner(), close);
      },
    ],
    ['arguments', (l, close) => l.progs.touch.run(trap(args(), close))],
    ['arguments of a call', (l, close) => l.progs.touch.call(trap(args(), close))],
  ])('%s', (_what, use) => {
    const loaded = load(every);
    let closed = 0;
    const code = codeOf(() =>
      use(loaded, () => {
        closed++;
        loaded.close();
      }),
    );
    expect(closed).toBeGreaterThan(0);
    expect(code).toBe('ERR_CLOSED');
  });

  it('arguments of a call on another thread', async () => {
    const loaded = load(every);
    expect(
      await codeOfAsync(() => loaded.progs.touch.callAsync(trap(args(), () => loaded.close()))),
    ).toBe('ERR_CLOSED');
  });

  it('an initial value', () => {
    for (const set of [
      (o: ReturnType<typeof open>, v: object) => (o.globals.pair[0] = v),
      (o: ReturnType<typeof open>, v: object) => (o.config.tuned = v),
    ]) {
      const opened = open(every);
      expect(
        codeOf(() =>
          set(
            opened,
            trap(inner(), () => opened[Symbol.dispose]()),
          ),
        ),
      ).toBe('ERR_CLOSED');
    }
  });
});

describe('a value that uses the same map while it is read', () => {
  it('is stored under its own key, whatever else is looked up meanwhile', () => {
    using loaded = load(every);
    const { keyed, per_cpu, unmapped } = loaded.maps;
    const other = (): void => {
      keyed.set({ a: 9, b: 9 }, { a: 9, b: 9n, c: [9, 9, 9] });
      keyed.get({ a: 8, b: 8 });
      unmapped.set(3, { a: 9, b: 9n, c: [9, 9, 9] });
    };
    keyed.set(trap({ a: 1, b: 2 }, other), trap(inner(), other));
    expect(keyed.get({ a: 1, b: 2 })).toEqual(inner());
    expect([...keyed.keys()].length).toBe(2);
    unmapped.set(0, trap(inner(), other));
    expect(unmapped.get(0)).toEqual(inner());
    const values = (per_cpu.get(0) as object[]).map(() => inner());
    per_cpu.set(
      0,
      trapped(values, () => per_cpu.get(1)),
    );
    expect(per_cpu.get(0)).toEqual(values);
  });

  it('is a whole global, whatever others are written meanwhile', () => {
    using loaded = load(every);
    loaded.globals.pair = [
      trap(inner(), () => {
        loaded.globals.matrix = [
          [7, 7, 7],
          [7, 7, 7],
        ];
        loaded.globals.packed = { first: 7, odd: 7n };
      }),
      inner(),
    ];
    expect(JSON.parse(JSON.stringify(loaded.globals.pair, big))).toEqual([
      { a: 1, b: '2', c: [1, 2, 3] },
      { a: 1, b: '2', c: [1, 2, 3] },
    ]);
  });
});
const big = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? String(value) : value;

it('setters on the prototypes of everything see nothing of what native code describes', () => {
  const runtime = new URL('../../../dist/native/runtime/', import.meta.url).href;
  // A process of its own: nothing else may see these prototypes.
  const script = `
    const { addon } = await import(${JSON.stringify(`${runtime}addon.js`)});
    const { readFileSync } = await import('node:fs');
    const bytes = readFileSync(${JSON.stringify(every)});
    const { BpfObject } = addon();
    let victim, ran = 0;
    const names = ['name', 'type', 'kind', 'size', 'section', 'base', 'buffer', 'id', 'code', 'errno', 'log', 'inner', 'members', 'offset',
      'values', 'instructions', 'maps', 'structs', 'pinPath', 'value', 'context'];
    const out = [];
    for (const call of ['maps', 'programs', 'types', 'load', 'programInfo', 'map', 'none']) {
      victim = new BpfObject(bytes, 'x');
      if (['programInfo', 'map'].includes(call)) victim.load();
      const set = Object.assign(Object.create(null), { configurable: true, set() { ran++; victim.close(); } });
      for (const name of names) Object.defineProperty(Object.prototype, name, set);
      for (let i = 0; i < 200; i++) Object.defineProperty(Array.prototype, i, set);
      let result;
      try { result = victim[call === 'none' ? 'readInitial' : call](...(call === 'programInfo' ? ['touch'] : call === 'map' ? ['numbers'] : [])); }
      catch (e) { result = e; }
      for (const name of names) delete Object.prototype[name];
      for (let i = 0; i < 200; i++) delete Array.prototype[i];
      out.push([call, result?.length ?? result?.code ?? typeof result]);
      victim.close();
    }
    console.log(JSON.stringify({ ran, out }));`;
  const text = execFileSync(process.execPath, ['--input-type=module', '-e', script]).toString();
  const { ran, out } = JSON.parse(text) as { ran: number; out: [string, unknown][] };
  expect(ran).toBe(0);
  expect(Object.fromEntries(out)).toMatchObject({
    maps: expect.any(Number) as number,
    types: expect.any(Number) as number,
    programInfo: 'object',
    none: 'ERR_ARGUMENT',
  });
});

describe('every error is a ScxtsError', () => {
  const strange: unknown[] = [
    Symbol('s'),
    Object.create(null),
    { valueOf: () => 0, toString: () => '0' },
    new Proxy([], {}),
    new Proxy(new Uint8Array(4), {}),
    Object.create(Uint8Array.prototype),
    () => 1,
    NaN,
    -0.5,
    null,
    undefined,
  ];
  it('for whatever is given as an index, a key, a value or a size', () => {
    using loaded = load(every);
    const opened = open(every);
    const { mapped, narrow, per_cpu, keyed, numbers, tasks, cgroups, orders, queue, table } =
      loaded.maps;
    for (const value of strange) {
      for (const use of [
        () => mapped.at(value),
        () => mapped.set(value, value),
        () => narrow.set(0, value),
        () => per_cpu.set(0, value),
        () => keyed.set(value, value),
        () => keyed.get(value),
        () => numbers.set(1, value),
        // The iterator of a counterfeit array throws of its own.
        () => value instanceof Uint8Array || numbers.write(value),
        () => numbers.write([value]),
        () => numbers.read().value(value),
        () => numbers.read().column(value),
        () => tasks.set(value, value),
        () => cgroups.get(value),
        () => orders.send(value),
        () => orders.sendAll(value),
        () => orders.sendBytes(value),
        () => queue.push(value),
        () => table.set(0, value),
        () => table.set(value, loaded.maps.left),
        () => loaded.maps.events.waitSync(value),
        () => (loaded.globals.pair = value),
        () => (loaded.globals.title = value),
        () => (loaded.globals.pair[0] = value),
        () => (opened.maps.numbers!.maxEntries = value as number),
        () => (opened.maps.numbers!.pinPath = value as string),
        () => opened.maps.numbers!.reuse(value as never),
        () => (opened.progs.touch!.logLevel = value as number),
        () => (opened.config.limit = value),
        () => loaded.progs.touch.run(value),
        () => loaded.progs.on_switch.attach({ cookie: value }),
        () => loaded.maps.numbers.pin(value),
        () => loaded.maps.numbers.unpin(value),
        () => open(value as string),
      ])
        try {
          use();
        } catch (error) {
          if (!(error instanceof ScxtsError) || error.code === 'ERR_INTERNAL')
            throw new Error(`${String(use)} with ${typeof value}`, { cause: error });
        }
    }
    opened[Symbol.dispose]();
  });

  it('for arrays that say other things of themselves than they are', () => {
    class Liar extends Uint8Array {
      override get byteLength(): number {
        return 4;
      }
      override get length(): number {
        return 4;
      }
    }
    using loaded = load(every);
    expect(loaded.maps.orders.sendBytes(new Liar(16))).toBe(true);
    expect(loaded.maps.orders.sendBytes(new Liar(64))).toBe(true);
  });

  it('for memory that is not there', () => {
    expect(codeOf(() => allocate(2 ** 52))).toBe('ERR_MEMORY');
    expect(codeOf(() => allocate(-1))).toBe('ERR_MEMORY');
    expect(typed(new Error('std::bad_alloc'))).toMatchObject({ code: 'ERR_MEMORY', errno: 12 });
    expect(typed(new TypeError('x'))).toMatchObject({ code: 'ERR_INTERNAL' });
    const opened = open(every);
    opened.maps.routes!.maxEntries = 0xffff_ffff;
    using loaded = opened.load();
    expect(codeOf(() => loaded.maps.routes.read())).toBe('ERR_MEMORY');
    expect([...loaded.maps.routes]).toEqual([]);
  });
});
