import { ArenaView, type ArenaEntries } from './arena.js';
import { ArrayMap } from './array.js';
import { BpfMap, type MapParts } from './base.js';
import { HashMap, LpmTrieMap } from './hash.js';
import { MapOfMaps } from './nested.js';
import { PerfEventsMap } from './perf.js';
import { PercpuArrayMap, PercpuHashMap, PercpuVar } from './percpu.js';
import { BloomFilterMap, QueueMap, StackMap } from './queue.js';
import { RingBuffer, UserRingBuffer } from './rings.js';
import { CgroupStorageMap, TaskStorageMap } from './storage.js';

export { ArenaView, type ArenaEntries } from './arena.js';
export { ArrayMap, type LiveEntry } from './array.js';
export { Batch } from './batch.js';
export { BPF_ANY, BPF_EXIST, BPF_NOEXIST, BpfMap, type MapParts } from './base.js';
export { HashMap, LpmTrieMap } from './hash.js';
export { MapOfMaps } from './nested.js';
export { PerfEventsMap, type PerfCounter } from './perf.js';
export { PercpuArrayMap, PercpuHashMap, PercpuVar } from './percpu.js';
export { BloomFilterMap, QueueMap, StackMap } from './queue.js';
export { RecordBatch } from './records.js';
export { Reservation, RingBuffer, UserRingBuffer, type RingOptions } from './rings.js';
export { CgroupStorageMap, TaskStorageMap } from './storage.js';

export const BPF_MAP_TYPE_STRUCT_OPS = 26;
export const BPF_MAP_TYPE_ARENA = 33;

/** BPF_MAP_TYPE_* to the class that serves it. */
const CLASSES: Record<number, (parts: MapParts) => BpfMap> = {
  1: (p) => new HashMap(p),
  2: (p) => new ArrayMap(p),
  4: (p) => new PerfEventsMap(p),
  5: (p) => new PercpuHashMap(p),
  6: (p) => (p.info.maxEntries === 1 ? new PercpuVar(p) : new PercpuArrayMap(p)),
  9: (p) => new HashMap(p),
  10: (p) => new PercpuHashMap(p),
  11: (p) => new LpmTrieMap(p),
  12: (p) => new MapOfMaps(p, makeMap),
  13: (p) => new MapOfMaps(p, makeMap),
  22: (p) => new QueueMap(p),
  23: (p) => new StackMap(p),
  27: (p) => new RingBuffer(p),
  29: (p) => new TaskStorageMap(p),
  30: (p) => new BloomFilterMap(p),
  31: (p) => new UserRingBuffer(p),
  32: (p) => new CgroupStorageMap(p),
};

/** The map's class by its type; of other types a BpfMap, which can be pinned and asked for its info. */
export function makeMap(parts: MapParts): BpfMap {
  return CLASSES[parts.info.type]?.(parts) ?? new BpfMap(parts);
}

export function makeArena(
  parts: MapParts,
  map: () => { buffer: ArrayBuffer; base: bigint },
  entries: ArenaEntries | undefined,
): ArenaView {
  return new ArenaView(parts, map, entries);
}
