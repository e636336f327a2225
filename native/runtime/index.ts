export { ScxtsError } from './errors.js';
export { printable } from './printable.js';
export { durationMs } from './duration.js';
export { after, every, pause, type Timer } from './timers.js';
export { defineSkeleton, openObject, type OpenOptions, type Skeleton } from './skeleton.js';
export { OpenScheduler, type OpenMaps, type OpenPrograms } from './open.js';
export { OpenMap, OpenProgram } from './open-parts.js';
export { LoadedScheduler } from './loaded.js';
export { AttachedLink } from './attached.js';
export { keepRunning, type RunOptions, type UserspaceContext } from './run.js';
export {
  userspaceHalf,
  type HalfFor,
  type HalfTypes,
  type Halves,
  type LoadedComponent,
  type OpenComponent,
  type TypesOfHalf,
  type TypesOfState,
  type UserspaceHalf,
} from './components.js';
export type { ExitInfo } from './exit.js';
export type { CounterView } from './counters.js';
export { IteratorProgram } from './iterator.js';
export { SyscallProgram } from './programs.js';
export { TracingProgram, type AttachOptions, type PerfSampling } from './tracing.js';
export { isPrivileged, preflight } from './kernel.js';
export { addonState } from './addon.js';
export {
  currentBackend,
  machineRoot,
  withBackend,
  type Backend,
  type Clock,
  type Repeating,
} from './backend.js';
export { schedExtState, type SchedExtState } from './sysfs.js';
export {
  cpusBy,
  Cpumask,
  formatCpuList,
  nrCpuIds,
  onlineCpus,
  parseCpuList,
  possibleCpus,
  readTopology,
  type CapacitySource,
  type Cpu,
  type Level,
  type Topology,
} from './topology/index.js';
export { attachedSchedulers, type AttachedScheduler, type SchedulerProcess } from './owners.js';
export { parseDump, queuedTasks, queueName, type QueuedTask } from './queues.js';
export { openPinnedMap } from './pinned.js';
export * from './kernel-numbers.js';
export type { MapInfo, ProgramInfo } from './addon.js';
export type {
  Live,
  LiveArray,
  LiveNumber,
  LiveNumbers,
  LiveValue,
  TypedArray,
} from './layout/index.js';
export type { LiveViews, LoadOptions, NumberViews, OpsData, SkeletonTypes } from './types.js';
export {
  ArenaView,
  ArrayMap,
  Batch,
  BloomFilterMap,
  BPF_ANY,
  BPF_EXIST,
  BPF_NOEXIST,
  BpfMap,
  CgroupStorageMap,
  HashMap,
  LpmTrieMap,
  MapOfMaps,
  PerfEventsMap,
  type PerfCounter,
  PercpuArrayMap,
  PercpuHashMap,
  PercpuVar,
  QueueMap,
  RecordBatch,
  Reservation,
  RingBuffer,
  StackMap,
  TaskStorageMap,
  UserRingBuffer,
  type RingOptions,
} from './maps/index.js';
