/**
 * Types of the language. Integers are numbers that carry their width and sign: a literal or the
 * result of arithmetic fits everywhere, a narrower unsigned fits into a wider one, and anything else
 * is converted with the function of the same name.
 */
declare const flavour: unique symbol;

export type u8 = number & { readonly [flavour]?: 'u8' };
export type u16 = number & { readonly [flavour]?: 'u8' | 'u16' };
export type u32 = number & { readonly [flavour]?: 'u8' | 'u16' | 'u32' };
export type u64 = number & { readonly [flavour]?: 'u8' | 'u16' | 'u32' | 'u64' };
export type s8 = number & { readonly [flavour]?: 's8' };
export type s16 = number & { readonly [flavour]?: 's8' | 's16' };
export type s32 = number & { readonly [flavour]?: 's8' | 's16' | 's32' };
export type s64 = number & { readonly [flavour]?: 's8' | 's16' | 's32' | 's64' };
export type bool = boolean;

/** `config(u32(4))` is a u32, `config<u32>(4)` too; a bare number is a u64, a negative one an s64. */
export type ConfigValue<T> = T extends boolean
  ? boolean
  : typeof flavour extends keyof T
    ? T
    : `${T & number}` extends `-${string}`
      ? s64
      : u64;

type Convertible = number | bigint | boolean;
/** Converts as C does: the value is cut to the width. */
export declare function u8(x: Convertible): u8;
export declare function u16(x: Convertible): u16;
export declare function u32(x: Convertible): u32;
export declare function u64(x: Convertible): u64;
export declare function s8(x: Convertible): s8;
export declare function s16(x: Convertible): s16;
export declare function s32(x: Convertible): s32;
export declare function s64(x: Convertible): s64;
/** True for anything but 0. */
export declare function bool(x: Convertible): bool;

/** An array of exactly N elements. Out of range it reads 0 and drops writes. */
export interface FixedArray<T, N extends number> extends Iterable<T> {
  [index: number]: T;
  readonly length: number;
  readonly __length?: N;
}
/** A value of the type that the context asks for, all bytes zero. */
export declare function zeroed<T>(): T;
/** A new object with what is in another: assignments to the place that it was copied from do not change it. */
export declare function copy<T extends object>(object: T): T;

/** A scalar by reference. */
export interface Ref<T> {
  value: T;
}

/** `char[N]`, zero-terminated unless full. Compare with streq() and startsWith(). */
export interface CString<N extends number> extends FixedArray<number, N> {
  readonly length: N;
  readonly __chars?: N;
}
/** A bitfield of N bits, or a field whose width or sign differs between kernels: as the running kernel has it. */
export type Bits<T, N extends number> = T & { readonly __bits?: N };
/**
 * Members that share one place, as in C: what is written to one is read from the others, byte by byte. In a literal the member that is
 * written last counts.
 */
export type Union<T extends object> = T & { readonly __union?: true };
/**
 * Starts at a multiple of N bytes, a power of two up to 4096: `array<Aligned<Slot, 64>>(n)` gives each CPU a cache line of its own.
 * A struct is rounded up in size wherever the program has it.
 */
export type Aligned<T, N extends number> = T & { readonly __aligned?: N };
/** A value of a kernel enum. */
export type Enum<Name extends string, T> = T & { readonly __enum?: Name };
/** A pointer into the kernel that must be tested for null. */
export type Ptr<T> = T | null;
/** A pointer that is followed with fault-tolerant loads: through null everything reads as 0. */
export type Walk<T> = T;
/** A pointer that stays valid under RCU. */
export type RcuPtr<T> = T;
/** What programs can only pass along. */
export interface Opaque<C extends string> {
  readonly __opaque?: C;
}

declare const kptr: unique symbol;
/** A kernel object kept in a global or a map value; moved in and out with kptrXchg(). */
export type Kptr<T> = T & { readonly [kptr]?: true };

/** `struct bpf_spin_lock`: a field of a map value, or spinLock(). */
export interface SpinLock {
  /** Locks until the end of the block: `using held = x.lock.hold();` */
  hold(): Disposable;
}

/** `struct bpf_timer`: a field of a map value. */
export interface Timer {
  /** Once before the first start. The callback gets the key and the value that the timer is in. */
  init<K, V>(
    map: { readonly __map?: [K, V] },
    callback: (key: K, value: V) => void,
    flags?: u64,
  ): s32;
  /** Runs the callback in `ns` nanoseconds. */
  start(ns: u64, options?: { pin_cpu?: boolean; abs?: boolean }): s32;
  cancel(): s32;
}

declare const arenaPtr: unique symbol;
/** The address of an entry of an arena, kept in an entry of any arena of the program, in a map or in a global: `ArenaPtr<T> | null`. */
export type ArenaPtr<T> = T & { readonly [arenaPtr]?: true };
/** A lock in an entry of an arena, whatever that is of. Its holder is not preempted, may call the kernel, and must not sleep. */
export interface ArenaSpinLock {
  /** Locks until the end of the block: `using held = node.lock.hold();` */
  hold(): Disposable;
}

declare const listNode: unique symbol;
declare const rbNode: unique symbol;
/** `struct bpf_list_node`: a field of, or what is extended by, an object in a list(). */
export interface ListNode {
  readonly [listNode]?: true;
}
/** `struct bpf_rb_node`: a field of, or what is extended by, an object in an rbTree(). */
export interface RbNode {
  readonly [rbNode]?: true;
}
