import type { MapOperation } from '../map-kinds.js';
import { NotModelled } from './machine.js';
import type { MapInstance } from './map-instance.js';

type Does = (map: MapInstance, args: readonly bigint[]) => bigint;

function unknown(what: string): Does {
  return () => {
    throw new NotModelled(what);
  };
}

/** What each operation on a map gives; the map is not among the operands. */
export const MAP_OPERATIONS: Readonly<Record<MapOperation, Does>> = {
  get: (map, [key = 0n]) => map.get(key),
  create: unknown('storage of tasks and cgroups'),
  set: (map, [key = 0n, value = 0n, flags = 0n]) => map.set(key, value, flags),
  delete: (map, [key = 0n]) => map.delete(key),
  add: (map, [key = 0n, amount = 0n]) => {
    if (map.map.kind === 'bloomFilter') return map.push(key, 0n);
    map.add(key, amount);
    return 0n;
  },
  bump: (map, [key = 0n, amount = 0n]) => {
    map.add(key, amount);
    return 0n;
  },
  this: (map) => map.get(0n),
  of: (map, args) =>
    map.map.kind === 'percpu' ? map.of(0n, args[0] ?? 0n) : map.of(args[0] ?? 0n, args[1] ?? 0n),
  push: (map, [value = 0n, flags = 0n]) => map.push(value, flags),
  pop: (map, [to = 0n]) => map.take(to, false),
  peek: (map, [to = 0n]) => map.take(to, true),
  has: (map, [value = 0n]) => map.has(value),
  output: (map, [value = 0n]) => map.output(value),
  reserve: (map) => map.reserve(),
  pending: unknown('how full a ring is'),
  populate: () => 0n,
  alloc: (map) => map.alloc(),
  free: (map, [index = 0n]) => map.free(index),
  freeEntry: (map, [entry = 0n]) => map.free(map.indexOf(entry)),
  indexOf: (map, [entry = 0n]) => map.indexOf(entry),
};
