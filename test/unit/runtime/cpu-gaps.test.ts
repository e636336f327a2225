// Machines whose CPUs have gaps between their numbers, or more CPUs than counters have places for: no machine here is one, so
// what the kernel would give is made up.
import { describe, expect, it, vi } from 'vitest';
import type { MapInfo, NativeMap } from '../../../native/runtime/addon.js';
import { checkCounterRoom, CounterSet } from '../../../native/runtime/counters.js';
import { integer } from '../../../native/runtime/layout/index.js';
import { PercpuHashMap, PercpuVar } from '../../../native/runtime/maps/index.js';
import { Cpumask } from '../../../native/runtime/topology/index.js';

const POSSIBLE = [1, 2, 5, 8];
vi.mock('../../../native/runtime/topology/current.js', async () => {
  const { Cpumask: Mask } = await import('../../../native/runtime/topology/cpumask.js');
  const cpus = Mask.of([1, 2, 5, 8]);
  return { possibleCpus: () => cpus, onlineCpus: () => cpus, nrCpuIds: () => 9 };
});

/** A per-CPU map of one entry, as the kernel hands it out: values of the possible CPUs, one after the other. */
function mapOf(values: bigint[]) {
  const scratch = new ArrayBuffer(8 + values.length * 8);
  const kernel = BigUint64Array.from(values);
  const place = new BigUint64Array(scratch, 8);
  const handle = {
    scratch: () => scratch,
    get: () => (place.set(kernel), true),
    put: () => kernel.set(place),
  } as unknown as NativeMap;
  const info = { keySize: 4, valueSize: 8, valueOffset: 8, maxEntries: 1, flags: 0 };
  const parts = {
    name: 'm',
    handle,
    info: { ...info, userValueSize: values.length * 8 } as unknown as MapInfo,
    key: integer(4, false),
    value: integer(8, false),
  };
  return { parts, kernel };
}

describe('CPUs 1, 2, 5 and 8', () => {
  it('have values of per-CPU maps under their numbers', () => {
    const { parts, kernel } = mapOf([10n, 20n, 50n, 80n]);
    const map = new PercpuVar<bigint>(parts);
    expect(POSSIBLE.map((cpu) => map.of(cpu))).toEqual([10n, 20n, 50n, 80n]);
    expect([0, 3, 4, 6, 7, 9].map((cpu) => map.of(cpu))).toEqual(Array(6).fill(undefined));
    expect(map.sum(0)).toBe(160n);
    const values = map.all();
    values[5] = 55n;
    map.set(0, values);
    expect([...kernel]).toEqual([10n, 20n, 55n, 80n]);
    expect(() => map.set(0, [1n, 2n, 3n, 4n])).toThrow(/takes 9 values/);
    expect(new PercpuHashMap<number, bigint>(parts).get(0)?.[8]).toBe(80n);
  });

  it('have counters under their numbers', () => {
    const words = new BigUint64Array(8 * 16);
    for (const cpu of POSSIBLE) words[cpu * 8] = BigInt(cpu);
    const place = { buffer: words.buffer, offset: 0, slots: 16, size: 64 };
    const set = new CounterSet(place, [{ name: 'n', help: '', index: 0 }], () => undefined);
    expect(set.views()['n']!.total()).toBe(16n);
    expect(set.views()['n']!.perCpu()).toEqual([0n, 1n, 2n, 0n, 0n, 5n, 0n, 0n, 8n]);
  });
});

it('refuses a machine that has more CPUs than there are counters for', () => {
  expect(() => checkCounterRoom(1024, 1024)).not.toThrow();
  expect(() => checkCounterRoom(1024, 1025)).toThrow(
    expect.objectContaining({
      code: 'ERR_CPUS',
      message: expect.stringContaining('room for CPUs 0 to 1023') as string,
      hint: expect.stringContaining('percpu<T>()') as string,
    }),
  );
  expect(String(Cpumask.of(POSSIBLE))).toBe('1-2,5,8');
});
