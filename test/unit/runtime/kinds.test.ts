import { closeSync, mkdirSync, openSync, readFileSync, rmdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScxtsError } from '../../../native/runtime/index.js';
import {
  ArrayMap,
  BPF_EXIST,
  BPF_NOEXIST,
  type HashMap,
  type LoadedScheduler,
} from '../../../native/runtime/index.js';
import { codeOf, compileObject, load, type Loose } from './objects.js';

interface Inner {
  a: number;
  b: bigint;
  c: number[];
}
const inner = (a: number): Inner => ({ a, b: BigInt(a) * 10n, c: [a, a - 50, 0] });
const object = compileObject('every');
let loaded: LoadedScheduler<Loose>;
let maps: Loose['maps'];
beforeAll(() => {
  loaded = load(object);
  maps = loaded.maps;
});
afterAll(() => loaded.close());

const errnoOf = (run: () => unknown): number | undefined => {
  try {
    run();
  } catch (error) {
    return (error as ScxtsError).errno;
  }
  return undefined;
};

describe('hash maps', () => {
  it('get, set, delete, with the flags of the kernel', () => {
    const { keyed } = maps as { keyed: HashMap<{ a: number; b: number }, Inner> };
    const key = { a: 1, b: 2 };
    expect(keyed.get(key)).toBeUndefined();
    keyed.set(key, inner(1), BPF_NOEXIST);
    expect(errnoOf(() => keyed.set(key, inner(1), BPF_NOEXIST))).toBe(17);
    expect(errnoOf(() => keyed.set({ a: 9, b: 9 }, inner(1), BPF_EXIST))).toBe(2);
    expect(keyed.get({ b: 2, a: 1 })).toEqual(inner(1));
    expect(keyed.has(key)).toBe(true);
    expect(keyed.delete(key)).toBe(true);
    expect(keyed.delete(key)).toBe(false);
  });

  it('write and read 10,000 entries in batches, as columns', () => {
    const { numbers } = maps as { numbers: HashMap<number, bigint> };
    const entries = Array.from({ length: 10_000 }, (_, i) => [i, BigInt(i) * 3n] as const);
    expect(numbers.write(entries)).toBe(10_000);
    const batch = numbers.read();
    expect(batch).toHaveLength(10_000);
    const keys = batch.keyColumn() as Uint32Array;
    const values = batch.column() as BigUint64Array;
    expect(keys).toBeInstanceOf(Uint32Array);
    expect(values).toBeInstanceOf(BigUint64Array);
    expect(new Set(keys).size).toBe(10_000);
    expect(keys.every((k, i) => values[i] === BigInt(k) * 3n)).toBe(true);
    expect(batch.key(5)).toBe(keys[5]);
    expect(batch.value(5)).toBe(values[5]);
    expect(codeOf(() => batch.value(10_000))).toBe('ERR_RANGE');
    expect(codeOf(() => batch.column('x'))).toBe('ERR_VALUE');
    expect(numbers.delete(4)).toBe(true);
    expect(numbers.read()).toHaveLength(9_999);
    numbers.clear();
    expect(numbers.read()).toHaveLength(0);
    expect([...numbers]).toEqual([]);
  });

  it('columns of a struct', () => {
    const { keyed } = maps as { keyed: HashMap<{ a: number; b: number }, Inner> };
    for (let i = 0; i < 20; i++) keyed.set({ a: i, b: 0 }, inner(i));
    const batch = keyed.read();
    expect([...(batch.column('b') as BigUint64Array)].sort()).toEqual(
      Array.from({ length: 20 }, (_, i) => BigInt(i) * 10n).sort(),
    );
    expect(batch.column('a')).toBeInstanceOf(Uint8Array);
    for (const [key, value] of batch) expect(value).toEqual(inner(key.a));
    expect(codeOf(() => batch.column())).toBe('ERR_VALUE');
    expect(codeOf(() => batch.column('c'))).toBe('ERR_VALUE');
    keyed.clear();
  });

  it('a walk gives every entry that stays once, whatever is deleted and added meanwhile', () => {
    const { numbers } = maps as { numbers: HashMap<number, bigint> };
    numbers.write(Array.from({ length: 12_000 }, (_, i) => [i, 0n] as const));
    const seen = new Map<number, number>();
    let next = 20_000;
    for (const [key] of numbers) {
      seen.set(key, (seen.get(key) ?? 0) + 1);
      // Every third one goes, its neighbours with it; new ones come.
      if (key % 3 === 0) {
        numbers.delete(key);
        numbers.delete(key + 1);
        if (next < 23_000) numbers.set(next++, 1n);
      }
    }
    for (let i = 2; i < 12_000; i += 3) expect(seen.get(i)).toBe(1);
    for (const times of seen.values()) expect(times).toBe(1);
    numbers.clear();
  });

  it('LRU, per-CPU and tries', () => {
    maps.lru.set(1, 5n);
    expect(maps.lru.get(1)).toBe(5n);
    for (const name of ['percpu_hash', 'lru_percpu']) {
      const values = maps[name].get(1) ?? [];
      expect(values).toEqual([]);
      const one = maps.per_cpu.get(0) as Inner[];
      maps[name].set(
        7,
        one.map((_, cpu) => BigInt(cpu + 1)),
      );
      expect(maps[name].get(7)).toEqual(one.map((_, cpu) => BigInt(cpu + 1)));
      expect(maps[name].sum(7)).toBe(BigInt((one.length * (one.length + 1)) / 2));
      expect([...maps[name].keys()]).toEqual([7]);
      expect(maps[name].read().value(0)).toEqual(maps[name].get(7));
      expect(codeOf(() => maps[name].set(7, [1n]))).toBe(
        one.length === 1 ? undefined : 'ERR_VALUE',
      );
    }
    maps.routes.set({ prefixlen: 8, data: [10, 0, 0, 0] }, 1);
    maps.routes.set({ prefixlen: 16, data: [10, 1, 0, 0] }, 2);
    expect(maps.routes.get({ prefixlen: 32, data: [10, 1, 2, 3] })).toBe(2);
    expect(maps.routes.get({ prefixlen: 32, data: [10, 9, 2, 3] })).toBe(1);
    expect(maps.routes.get({ prefixlen: 32, data: [11, 9, 2, 3] })).toBeUndefined();
    expect([...maps.routes.keys()]).toHaveLength(2);
  });
});

describe('arrays', () => {
  it('of a value on each CPU', () => {
    const before = maps.per_cpu.sum(0, 'b') as bigint;
    loaded.progs.touch.run({ n: 5, sum: 0n, status: 0 });
    expect(maps.per_cpu.sum(0, 'b')).toBe(before + 5n);
    expect(codeOf(() => maps.per_cpu.sum(0))).toBe('ERR_VALUE');
    expect(codeOf(() => maps.per_cpu.sum(0, 'c'))).toBe('ERR_VALUE');
    const all = (maps.per_cpu.get(1) as Inner[]).map((_, cpu) => inner(cpu));
    maps.per_cpu.set(1, all);
    expect(maps.per_cpu.get(1)).toEqual(all);
    expect(maps.per_cpu.get(3)).toBeUndefined();
    expect(codeOf(() => maps.per_cpu.set(3, all))).toBe('ERR_RANGE');
  });

  it('that cannot be mapped', () => {
    maps.unmapped.set(3, inner(3));
    expect(maps.unmapped.get(3)).toEqual(inner(3));
    expect(maps.unmapped.get(4)).toBeUndefined();
    expect(codeOf(() => maps.unmapped.set(4, inner(1)))).toBe('ERR_RANGE');
    expect([...maps.unmapped]).toHaveLength(4);
  });
});

describe('queues and sets', () => {
  it('first in first out, last in first out, full', () => {
    for (const [map, order] of [
      [maps.queue, [1, 2, 3]],
      [maps.stack, [3, 2, 1]],
    ]) {
      for (const n of [1, 2, 3]) map.push(n);
      expect(errnoOf(() => map.push(4))).toBe(7);
      expect(map.peek()).toBe(order[0]);
      expect([map.pop(), map.pop(), map.pop(), map.pop()]).toEqual([...order, undefined]);
      for (const n of [1, 2, 3]) map.push(n);
      map.push(4, { dropOldest: true });
      expect([map.pop(), map.pop(), map.pop()].sort()).toEqual([2, 3, 4]);
    }
  });

  it('bloom filters', () => {
    for (let i = 0; i < 50; i++) maps.bloom.add(i * 7);
    for (let i = 0; i < 50; i++) expect(maps.bloom.has(i * 7)).toBe(true);
    let wrong = 0;
    for (let i = 0; i < 1000; i++) if (maps.bloom.has(1_000_000 + i)) wrong++;
    expect(wrong).toBeLessThan(200);
  });
});

describe('storage', () => {
  it('of tasks, by pid and by pidfd', () => {
    const { tasks } = maps;
    expect(tasks.get(process.pid)).toBeUndefined();
    tasks.set(process.pid, inner(4));
    expect(tasks.get(process.pid)).toEqual(inner(4));
    expect(codeOf(() => tasks.get({ fd: 999_999 }))).toBe('ERR_MAP');
    expect(codeOf(() => tasks.get(0))).toBe('ERR_NO_PROCESS');
    expect(codeOf(() => tasks.get(-1))).toBe('ERR_ARGUMENT');
    expect(codeOf(() => tasks.set(2 ** 30, inner(1)))).toBe('ERR_NO_PROCESS');
    expect(tasks.delete(process.pid)).toBe(true);
    expect(tasks.delete(process.pid)).toBe(false);
  });

  it('of cgroups, by path and by descriptor', () => {
    const mount = /^\S+ (\S+) cgroup2 /m.exec(readFileSync('/proc/mounts', 'utf8'))?.[1];
    expect(mount, 'a cgroup2 file system').toBeDefined();
    const path = `${mount}/scxts-test-${process.pid}`;
    mkdirSync(path);
    try {
      expect(maps.cgroups.get(path)).toBeUndefined();
      maps.cgroups.set(path, 9n);
      expect(maps.cgroups.get(path)).toBe(9n);
      const fd = openSync(path, 'r');
      expect(maps.cgroups.get({ fd })).toBe(9n);
      closeSync(fd);
      expect(maps.cgroups.delete(path)).toBe(true);
      expect(codeOf(() => maps.cgroups.get(`${path}/nothing`))).toBe('ERR_NO_CGROUP');
    } finally {
      rmdirSync(path);
    }
  });
});

describe('maps of maps', () => {
  it('give the inner map of the object itself, and BPF writes what it shows', () => {
    const { table, left, right } = maps;
    loaded.progs.touch.run({ n: 1, sum: 0n, status: 0 });
    expect(table.get(0)).toBe(left);
    expect(table.get(1)).toBe(right);
    expect(table.get(2)).toBeUndefined();
    expect(table.get(0).get(1)).toMatchObject({ b: 99n });
    table.set(2, right);
    expect(table.get(2)).toBe(right);
    table.delete(2);
    expect(table.get(2)).toBeUndefined();
    expect(errnoOf(() => table.get(77))).toBeUndefined();
  });

  it('take maps of another object, and know their types', () => {
    using other = load(object);
    other.maps.left.set(0, inner(8));
    maps.by_name.set(5, other.maps.left);
    const found = maps.by_name.get(5) as ArrayMap<Inner>;
    expect(found).toBeInstanceOf(ArrayMap);
    expect(found).not.toBe(other.maps.left);
    expect(found.get(0)).toEqual(inner(8));
    found.set(1, inner(9));
    expect(other.maps.left.get(1)).toEqual(inner(9));
    expect(maps.by_name.get(5)).toBe(found);
    expect(maps.by_name.delete(5)).toBe(true);
  });

  it('refuse what is no map, and maps of other sizes', () => {
    expect(codeOf(() => maps.by_name.set(1, {}))).toBe('ERR_VALUE');
    expect(codeOf(() => maps.by_name.set(1, 3))).toBe('ERR_VALUE');
    expect(codeOf(() => maps.by_name.set(1, maps.numbers))).toBe('ERR_MAP');
  });
});

it('info says what the kernel made', () => {
  expect(maps.numbers.info()).toMatchObject({
    name: 'numbers',
    type: 1,
    keySize: 4,
    valueSize: 8,
    maxEntries: 20_000,
  });
  expect(maps.numbers.info().id).toBeGreaterThan(0);
});
