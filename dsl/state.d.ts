import type { ConfigValue, FixedArray, Ref, s32, u32, u64 } from './types.js';

/** What a lookup gives: a struct by reference, a scalar as Ref. `W` is V as a whole where V is a union. */
export type Value<V, W = V> = V extends number | boolean ? Ref<W> : V;

/** A copy of a value: a scalar is usable as it is and, as after a lookup, as Ref. */
export type Taken<V, W = V> = V extends number | boolean ? W & Ref<W> : V;

/** A number set before load, from a command-line flag or the skeleton; constant for the verifier. */
export declare function config(initial: boolean, help?: string): boolean;
export declare function config(initial: bigint, help?: string): u64;
export declare function config<T extends number | boolean>(
  initial: T | bigint,
  help?: string,
): ConfigValue<T>;
/** A table of the same kind. */
export declare function configArray<T>(length: number, help?: string): FixedArray<T, number>;
/** A value of the running kernel's .config, e.g. kconfig<u32>('CONFIG_HZ'). */
export declare function kconfig<T>(name: string): T;

/** A variable that each CPU has of its own in the kernel. Null: no such CPU, or no such variable in this kernel. */
export interface KernelPerCpu<T> {
  of(cpu: u32 | s32): Readonly<Value<T>> | null;
  this(): Readonly<Value<T>> | null;
}
/**
 * A per-CPU variable of the kernel by its name: kernelPerCpu<rq>('runqueues'). `T` is a struct of scxts/vmlinux, an integer
 * or an array of them; where the kernel keeps a pointer to a struct, that struct. `exists()` asks whether it is there.
 */
export declare function kernelPerCpu<T>(name: string): KernelPerCpu<T>;
/** A variable of the kernel. Where it is not there it reads as 0; `exists()` asks. */
export interface KernelVar<T> {
  readonly value: T;
}
/** A variable of the kernel that is not per CPU, by its name: kernelVar<u64>('jiffies'). Its type is taken on trust. */
export declare function kernelVar<T>(name: string): KernelVar<T>;

/** A per-CPU event count; userspace sees the sum. */
export interface Counter {
  inc(): void;
  add(n: number): void;
}
export declare function counter(help?: string): Counter;

interface MapBase<K, V> {
  readonly __map?: [K, V];
}
/** Flags of set(): BPF_ANY, BPF_NOEXIST, BPF_EXIST. Results are 0 or -errno. */
export interface ArrayMap<V> extends MapBase<u32, V> {
  get(index: u32 | s32): Value<V> | null;
  set(index: u32 | s32, value: V, flags?: u64): s32;
  /** Atomic add; nothing happens where the entry is missing. */
  add(index: u32 | s32, n: number): void;
  forEach(callback: (index: u32, value: Value<V>) => boolean | number | void): s32;
}
export interface HashMap<K, V> extends MapBase<K, V> {
  get(key: K): Value<V> | null;
  set(key: K, value: V, flags?: u64): s32;
  delete(key: K): s32;
  add(key: K, n: number): void;
  /** Calls back for each entry; returning true (or 1, as in C) ends the walk. */
  forEach(callback: (key: K, value: Value<V>) => boolean | number | void): s32;
}
export interface PercpuArrayMap<V> extends ArrayMap<V> {
  /** The entry of another CPU. */
  of(index: u32 | s32, cpu: u32 | s32): Value<V> | null;
}
export interface PercpuHashMap<K, V> extends HashMap<K, V> {
  of(key: K, cpu: u32 | s32): Value<V> | null;
}
/** One value for each CPU. */
export interface PercpuVar<V> extends MapBase<u32, V> {
  this(): Value<V>;
  of(cpu: u32 | s32): Value<V> | null;
}
export interface StorageMap<O, V> extends MapBase<s32, V> {
  get(owner: O): Value<V> | null;
  /** The owner's value, made (zeroed) if it is not there yet; null without memory. */
  create(owner: O): Value<V> | null;
  delete(owner: O): s32;
}
export interface QueueMap<V> extends MapBase<void, V> {
  push(value: V, flags?: u64): s32;
  /** Takes the next value; null if there is none. */
  pop(): Taken<V> | null;
  /** The next value, which stays there; null if there is none. */
  peek(): Taken<V> | null;
}
export interface BloomFilterMap<V> extends MapBase<void, V> {
  add(value: V): s32;
  /** The same, by the kernel's name. */
  push(value: V): s32;
  /** False: certainly not in it. True: probably. */
  has(value: V): boolean;
}
export interface Reserved {
  submit(flags?: u64): void;
  discard(flags?: u64): void;
}
export interface Ringbuf<T> extends MapBase<void, T> {
  /** Copies a record to userspace; 0, or -EAGAIN if the ring is full. */
  output(value: T, flags?: u64): s32;
  /** Space for a record, dropped unless submitted; null if the ring is full. */
  reserve(): (T & Reserved & Disposable) | null;
  /** Bytes that userspace has not read yet. */
  pending(): u64;
}
export interface UserRingbuf<T> extends MapBase<void, T> {
  /** Calls back for each record that userspace submitted; returning true (or 1, as in C) ends the walk. */
  drain(callback: (record: T) => boolean | number | void): s32;
}
export interface MapOfMaps<K, M> extends MapBase<K, M> {
  get(key: K): M | null;
}

/**
 * Entries in memory that BPF programs and userspace share (BPF_MAP_TYPE_ARENA). All arenas of a program are in one; entries link to
 * entries of each by `ArenaPtr<T>` members or by indices, which mean the same on both sides. Reading what was never populated gives 0.
 */
export interface Arena<T> extends MapBase<u32, T> {
  /** Allocates the memory of all arenas: once, in a sleepable callback such as init(). 0 or -ENOMEM. */
  populate(): s32;
  /** Null out of range and before populate(). */
  get(index: u32 | s32): Value<T> | null;
  /** Index of an entry that is not in use, which holds what it held before; -ENOMEM if there is none. */
  alloc(): s32;
  /** Gives an entry back to alloc(), by its index or as get() gave it. */
  free(entry: u32 | s32 | Value<T>): s32;
  /** The index of an entry; -1 for what is none of this arena. */
  indexOf(entry: Value<T>): s32;
}

export declare function array<V>(entries: number): ArrayMap<V>;
export declare function percpuArray<V>(entries: number): PercpuArrayMap<V>;
export declare function hash<K, V>(entries: number): HashMap<K, V>;
export declare function lruHash<K, V>(entries: number): HashMap<K, V>;
export declare function percpuHash<K, V>(entries: number): PercpuHashMap<K, V>;
export declare function lruPercpuHash<K, V>(entries: number): PercpuHashMap<K, V>;
export declare function lpmTrie<K, V>(entries: number): HashMap<K, V>;
export declare function percpu<V>(): PercpuVar<V>;
export declare function taskStorage<V>(): StorageMap<import('./vmlinux.js').task_struct, V>;
export declare function cgroupStorage<V>(): StorageMap<import('./vmlinux.js').cgroup, V>;
export declare function queue<V>(entries: number): QueueMap<V>;
export declare function stack<V>(entries: number): QueueMap<V>;
export declare function bloomFilter<V>(entries: number, hashes?: number): BloomFilterMap<V>;
/** `bytes` is a power of two and at least a page. */
export declare function ringbuf<T>(bytes: number): Ringbuf<T>;
export declare function userRingbuf<T>(bytes: number): UserRingbuf<T>;
export declare function arena<T>(entries: number): Arena<T>;
/** What a PMU counter says (struct bpf_perf_event_value): events, and for how long it was wanted and counted, in ns. */
export interface PerfEventValue {
  readonly counter: u64;
  readonly enabled: u64;
  readonly running: u64;
}
/** PMU counters, one on each CPU, which user space opens: `maps.cycles.open({ type, config })`. */
export interface PerfEvents {
  /**
   * The counter of a CPU; null where user space has opened none. The kernel lets a program read that of its own CPU only,
   * and in tracing programs only: tp_btf('sched_switch', ...).
   */
  of(cpu: u32 | s32): PerfEventValue | null;
}
export declare function perfEvents(): PerfEvents;
export declare function arrayOfMaps<M>(maps: M[]): MapOfMaps<u32 | s32, M>;
export declare function hashOfMaps<K, M>(entries: number, prototype: M): MapOfMaps<K, M>;
