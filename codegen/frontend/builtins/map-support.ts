import type { MapIr, MapKind } from '../../ir/module.js';

/** Operations of each kind of map, by their name in the language. */
const INDEXED = ['get', 'set', 'add', 'forEach'];
const KEYED = ['get', 'set', 'delete', 'add', 'forEach'];

export const MAP_METHODS: Readonly<Record<MapKind, readonly string[]>> = {
  array: INDEXED,
  percpuArray: [...INDEXED, 'of'],
  percpu: ['this', 'of'],
  hash: KEYED,
  lruHash: KEYED,
  percpuHash: [...KEYED, 'of'],
  lruPercpuHash: [...KEYED, 'of'],
  lpmTrie: ['get', 'set', 'delete', 'add'],
  taskStorage: ['get', 'create', 'delete'],
  cgroupStorage: ['get', 'create', 'delete'],
  queue: ['push', 'pop', 'peek'],
  stack: ['push', 'pop', 'peek'],
  bloomFilter: ['add', 'push', 'has'],
  ringbuf: ['output', 'reserve', 'pending'],
  userRingbuf: ['drain'],
  arrayOfMaps: ['get'],
  hashOfMaps: ['get'],
  arena: ['populate', 'get', 'alloc', 'free'],
};

export function isPerCpu(map: MapIr): boolean {
  return (
    map.kind === 'percpuArray' ||
    map.kind === 'percpuHash' ||
    map.kind === 'lruPercpuHash' ||
    map.kind === 'percpu'
  );
}
