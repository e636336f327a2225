import type { CounterView } from './counters.js';
import type { LiveNumbers, LiveValue, Narrow } from './layout/index.js';

/** What a generated skeleton says of its scheduler. */
export interface SkeletonTypes {
  config: object;
  globals: object;
  /** Names of counters. */
  counters: string;
  maps: object;
  progs: object;
  /** Components, by name: HalfTypes of each. */
  components?: object;
}

/** The same with nothing in it that can be assigned. */
export type DeepReadonly<V> = V extends object
  ? { readonly [K in keyof V]: DeepReadonly<V[K]> }
  : V;

/** Data members of struct sched_ext_ops that can be set before load. */
export interface OpsData {
  /** SCX_OPS_* flags. */
  flags: bigint;
  /** Watchdog timeout in ms, at most 30000; 0 is the kernel's default of 30 s. */
  timeout_ms: number;
  /** Bytes of the debug dump; 0 is the default of 32768. */
  exit_dump_len: number;
  dispatch_max_batch: number;
  /** What it was when the object was opened: if CPUs have come or gone since, the kernel asks for a restart. 0n: it does not look. */
  hotplug_seq: bigint;
}

/** Globals with their integers as JavaScript numbers: above 2^53 the last digits are lost. */
export type NumberViews<G> = {
  [
    K in keyof G as G[K] extends number | bigint
      ? K
      : G[K] extends boolean | string | unknown[]
        ? never
        : K
  ]: G[K] extends number | bigint ? number : LiveNumbers<G[K]>;
};

/** Globals where they lie in BPF's own memory: typed arrays of integers, live structs. */
export type LiveViews<G> = {
  readonly [K in keyof G as G[K] extends boolean | string ? never : K]: G[K] extends
    bigint | bigint[]
    ? BigUint64Array | BigInt64Array
    : G[K] extends number | number[]
      ? Narrow
      : LiveValue<G[K]>;
};

export type Counters<T extends SkeletonTypes> = Record<T['counters'], CounterView>;

export interface LoadOptions {
  /** Something that the running kernel lacks is an error rather than a warning. */
  requireKernel?: boolean;
  /** Takes warnings; without it they are emitted as process warnings. */
  onWarning?: (text: string) => void;
  /** Verifier log: 0 of failures only, 1 of every program, 2 in detail, 4 statistics. */
  logLevel?: number;
  /** Takes what libbpf and the verifier said of a load that worked, if they said anything. */
  onLog?: (log: string) => void;
}
