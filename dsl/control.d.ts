import type { CString, Opaque, s32, s64, u32, u64 } from './types.js';
import type {
  bpf_iter_scx_dsq,
  cgroup,
  cgroup_subsys_state,
  cpumask,
  task_struct,
} from './vmlinux.js';

/** Whole numbers from 0 (or `from`) up to but not including the end. */
export declare function range(end: number): Iterable<number>;
export declare function range(from: number, end: number): Iterable<number>;

/** The kernel's open-coded iterators. */
export declare const each: {
  /** Tasks of a dispatch queue, in order. Bind it first where functions take the iterator. */
  scx_dsq(dsq_id: u64, flags?: u64): Iterable<task_struct> & bpf_iter_scx_dsq;
  /** Cgroups from one on; flags BPF_CGROUP_ITER_*, by default BPF_CGROUP_ITER_DESCENDANTS_PRE: it and all below. */
  css(root: cgroup_subsys_state, flags?: u64): Iterable<cgroup_subsys_state>;
  /** All threads, or those of one process; flags BPF_TASK_ITER_ALL_PROCS: one thread of each process. */
  task(of?: task_struct | null, flags?: u64): Iterable<task_struct>;
  /** CPUs of a mask, ascending. */
  cpu(mask: cpumask): Iterable<number>;
};

/**
 * Whether the running kernel has a function, a field or an enum value. Inside `if (exists(x))`, after `if (!exists(x)) return`,
 * and where a const holds the answer, x can be used although older kernels lack it.
 * @example if (exists(scx_bpf_dsq_peek)) { ... }
 */
export declare function exists(what: unknown): boolean;

/** `value`, but at least `low` and at most `high`. Each is evaluated once. */
export declare function clamp(value: number, low: number, high: number): number;

/** What can be read as text: a literal, a char array, a `char *` of the kernel (of which the first 4096 bytes are looked at). */
export type Text = string | CString<number> | Opaque<'char *'>;
/** Whether two texts are the same. One of the kernel that cannot be read is an empty one. */
export declare function streq(a: Text, b: Text): boolean;
export declare function startsWith(text: Text, start: Text): boolean;
export declare function endsWith(text: Text, end: Text): boolean;
/**
 * Copies a text into a char array: what has room, ended by a zero, and zeros in the rest, so that equal texts are equal
 * keys. Gives the length of what is there now, without the zero.
 */
export declare function copyString(dst: CString<number>, src: Text): s32;

/**
 * A number of the kernel where the running kernel has it, 0 where it has not; of `A | B` each for itself.
 * @example flags: SCX_OPS_ENQ_LAST | optional(SCX_OPS_BUILTIN_IDLE_PER_NODE)
 */
export declare function optional(flags: number): number;

/**
 * The name of the current task, in a callback often not the one that it is about: as its `comm`. By the name of C's
 * parameter too: `const { buf } = bpf_get_current_comm()`.
 */
export declare function bpf_get_current_comm(): CString<16> & { readonly buf: CString<16> };

/** Atomic on 32 and 64-bit fields and globals. All give the old value. */
export declare function atomicAdd<T extends number>(place: T, n: number): T;
export declare function atomicSub<T extends number>(place: T, n: number): T;
export declare function atomicAnd<T extends number>(place: T, n: number): T;
export declare function atomicOr<T extends number>(place: T, n: number): T;
export declare function atomicXor<T extends number>(place: T, n: number): T;
export declare function atomicXchg<T extends number>(place: T, n: number): T;
/** Stores `next` if the place holds `expected`. */
export declare function atomicCas<T extends number>(place: T, expected: number, next: number): T;

/**
 * One load of a number in memory that the compiler neither leaves out, repeats nor splits. `place` is a global, a field, an
 * element or a map value.
 */
export declare function READ_ONCE<T>(place: T): T;
/** One store, likewise. */
export declare function WRITE_ONCE<T>(place: T, value: T): void;
/** A load before everything that follows it: what another CPU wrote before its smp_store_release() is seen after it. */
export declare function smp_load_acquire<T>(place: T): T;
/** A store after everything that precedes it. */
export declare function smp_store_release<T>(place: T, value: T): void;
/** All loads and stores before it come before all after it. */
export declare function smp_mb(): void;
/** Loads before it come before loads after it. */
export declare function smp_rmb(): void;
/** Stores before it come before stores after it. */
export declare function smp_wmb(): void;
/** The compiler moves no access of memory across it; the machine may. */
export declare function barrier(): void;

/** Ends the scheduler with SCX_EXIT_ERROR_BPF and a message: scx_bpf_error(`...${x}...`). */
export declare function scx_bpf_error(message: string): void;
/** Ends the scheduler with SCX_EXIT_UNREG_BPF, a code for userspace and a message. */
export declare function scx_bpf_exit(code: s64 | u64, message: string): void;
/** Adds to the debug dump; in dump(), dump_cpu() and dump_task(). */
export declare function scx_bpf_dump(message: string): void;
/** Prints to /sys/kernel/tracing/trace_pipe. */
export declare function bpf_printk(message: string): s32;
