import { fileURLToPath } from 'node:url';
import { openInfo } from './object.js';
import { OpenScheduler } from './scheduler.js';
import type { SkeletonTypes } from './types.js';

export { ScxtsError } from './errors.js';
export type { ExitInfo } from './exit.js';
export type { CounterView } from './counters.js';
export { schedExtState, preflight, type SchedExtState } from './kernel.js';
export { ArrayMap, HashMap, PercpuArrayMap, PercpuHashMap, PercpuVar, QueueMap } from './maps.js';
export { TaskStorageMap, CgroupStorageMap } from './storage.js';
export { RingBuffer } from './rings.js';
export { AttachedLink } from './link.js';
export { LoadedScheduler, OpenScheduler, openObject } from './scheduler.js';
export type { OpsData, SkeletonTypes, SyscallProgram, TracingProgram } from './types.js';

export interface Skeleton<T extends SkeletonTypes> {
  readonly name: string;
  /** Path of the object file. */
  readonly object: string;
  /** Opens the object; no kernel is touched before load(). */
  open(): OpenScheduler<T>;
}

/** What generated skeletons call. */
export function defineSkeleton<T extends SkeletonTypes>(definition: {
  name: string;
  object: URL;
}): Skeleton<T> {
  const object = fileURLToPath(definition.object);
  return {
    name: definition.name,
    object,
    open: () => new OpenScheduler<T>(openInfo(object), definition.name),
  };
}
