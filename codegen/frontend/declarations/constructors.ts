import { MAP_KINDS, type MapKind } from '../../ir/map-kinds.js';

/** Kinds of maps by the constructor that declares one. */
export const MAP_CONSTRUCTORS: ReadonlyMap<string, MapKind> = new Map(
  (Object.keys(MAP_KINDS) as MapKind[])
    .filter((kind) => MAP_KINDS[kind].declared)
    .map((kind) => [kind, kind]),
);

/** Calls that declare state or programs and belong at module level. */
export const STATE_CONSTRUCTORS: ReadonlySet<string> = new Set([
  ...MAP_CONSTRUCTORS.keys(),
  'config',
  'configArray',
  'kconfig',
  'kernelPerCpu',
  'kernelVar',
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
