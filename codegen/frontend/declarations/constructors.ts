import type { MapKind } from '../../ir/module.js';

/** Which type arguments a map constructor takes, and what its first argument is. */
export interface MapShape {
  types: 'value' | 'key value' | 'none';
  size: 'entries' | 'bytes' | 'none';
}

export const MAP_CONSTRUCTORS: ReadonlyMap<string, MapShape & { kind: MapKind }> = new Map([
  ['array', { kind: 'array', types: 'value', size: 'entries' }],
  ['percpuArray', { kind: 'percpuArray', types: 'value', size: 'entries' }],
  ['percpu', { kind: 'percpu', types: 'value', size: 'none' }],
  ['hash', { kind: 'hash', types: 'key value', size: 'entries' }],
  ['lruHash', { kind: 'lruHash', types: 'key value', size: 'entries' }],
  ['percpuHash', { kind: 'percpuHash', types: 'key value', size: 'entries' }],
  ['lruPercpuHash', { kind: 'lruPercpuHash', types: 'key value', size: 'entries' }],
  ['lpmTrie', { kind: 'lpmTrie', types: 'key value', size: 'entries' }],
  ['taskStorage', { kind: 'taskStorage', types: 'value', size: 'none' }],
  ['cgroupStorage', { kind: 'cgroupStorage', types: 'value', size: 'none' }],
  ['queue', { kind: 'queue', types: 'value', size: 'entries' }],
  ['stack', { kind: 'stack', types: 'value', size: 'entries' }],
  ['bloomFilter', { kind: 'bloomFilter', types: 'value', size: 'entries' }],
  ['ringbuf', { kind: 'ringbuf', types: 'value', size: 'bytes' }],
  ['arena', { kind: 'arena', types: 'value', size: 'entries' }],
  ['userRingbuf', { kind: 'userRingbuf', types: 'value', size: 'bytes' }],
]);

/** Calls that declare state or programs and belong at module level. */
export const STATE_CONSTRUCTORS: ReadonlySet<string> = new Set([
  ...MAP_CONSTRUCTORS.keys(),
  'config',
  'configArray',
  'kconfig',
  'counter',
  'spinLock',
  'list',
  'rbTree',
  'arrayOfMaps',
  'hashOfMaps',
  'timer',
  'syscall',
  'tp_btf',
  'tracepoint',
  'raw_tp',
  'kprobe',
  'kretprobe',
  'fentry',
  'fexit',
  'perf_event',
  'iter',
  'component',
  'scheduler',
]);
