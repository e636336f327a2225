import type { KERNELS } from '../../codegen/kernel/versions.js';
import type { CallContext, Calls, Host } from '../calls/types.js';
import type { Memory, StructType } from '../memory/types.js';

/** The kernels that the model has: their cut BTF is in the package. */
export type KernelName = (typeof KERNELS)[number];

/** How an argument or result crosses between JavaScript and a program: numbers only. */
export type Passing =
  /** Address, a number below 2^32. */
  | 'ptr'
  /** Integers of 32 bits and less: a number in their range; bool is 0 or 1. */
  | 's32'
  | 'u32'
  /** Two numbers, low and high half, each as i32. A result is its low half, `context.high` the other. */
  | 'u64'
  | 'void';

export interface Parameter {
  readonly name: string;
  readonly passing: Exclude<Passing, 'void'>;
  /** The struct that a pointer points to, '' for others. */
  readonly struct: string;
}

/** A program of an object, linked and ready. */
export interface Program {
  /** As in the object: `simple_enqueue`. */
  readonly name: string;
  /** ELF section: `struct_ops/enqueue`, `tp_btf/sched_switch`, `syscall`. */
  readonly section: string;
  readonly parameters: readonly Parameter[];
  /** Of one that returns s32, bool or u32; 'void' otherwise. */
  readonly result: Passing;
  /**
   * Runs it on `context.cpu`. Arguments are flat: a u64 takes two (low, high). Missing ones are 0.
   * Throws a Fault for what a real kernel would have refused or died of.
   */
  readonly call: (...args: number[]) => number;
  /** BPF instructions that the last outermost call executed, those of its subprograms and callbacks included. */
  readonly lastInstructions: () => number;
}

/** A variable of struct_ops in the object: a scheduler. */
export interface StructOps {
  /** Of the variable: `simple_ops`. */
  readonly name: string;
  /** `sched_ext_ops`. */
  readonly type: string;
  /** The callbacks that the program defines, by member of the struct. */
  readonly callbacks: ReadonlyMap<string, Program>;
  /** A data member, as the object or user space set it: `flags`, `timeout_ms`. 0 where this kernel has none. */
  number(member: string): number;
  big(member: string): bigint;
  /** `name`. */
  text(member: string): string;
}

/** An object in a modelled kernel: maps exist, programs can be called. */
export interface LinkedObject {
  readonly name: string;
  readonly programs: ReadonlyMap<string, Program>;
  readonly structOps: readonly StructOps[];
  /** What CO-RE chose and which functions were bound, to compare with libbpf. */
  readonly links: LinkRecord;
  /** Instructions executed so far by line of source. Empty unless `profile` was set. */
  profile(): LineCount[];
  /** Which lines were reached. Without `profile` no line was. */
  coverage(): Coverage;
}

export interface LineCount {
  readonly file: string;
  readonly line: number;
  readonly instructions: number;
}

/** How often a line of source was reached. */
export interface LineHits {
  readonly file: string;
  readonly line: number;
  readonly hits: number;
}

/** Lines of an object's source that hold code, those that were never reached among them. */
export interface Coverage {
  /** In order of file and line. */
  readonly lines: readonly LineHits[];
  /** Functions by their first line; `hits` is how often they were called. */
  readonly functions: readonly (LineHits & { readonly name: string })[];
}

export interface LinkRecord {
  /** Functions of the kernel that the object asks for, and the one that each was bound to (null: weak and missing). */
  readonly functions: ReadonlyMap<string, string | null>;
  /** Relocated instructions: where, what was asked, and the value that was chosen. */
  readonly relocations: readonly {
    program: string;
    instruction: number;
    asked: string;
    value: bigint;
  }[];
}

export interface SpaceOptions {
  readonly kernel: KernelName;
  /** Possible CPUs. */
  readonly cpus: number;
  /** Bytes of the linear memory, a multiple of 64 KiB; default 64 MiB. It never grows. */
  readonly bytes?: number;
  /**
   * `range` (default): an access outside of the memory, or a write through null, is a fault. `shadow`: also one into
   * freed memory, or between two allocations. `none`: neither.
   */
  readonly checks?: 'none' | 'range' | 'shadow';
  /** wasm (default), or the interpreter: slow, can be stepped. */
  readonly engine?: 'wasm' | 'interpreter';
  /** Count instructions by line. */
  readonly profile?: boolean;
}

/** A modelled kernel's memory and types; objects are opened into it. */
export interface KernelSpace {
  readonly kernel: KernelName;
  readonly cpus: number;
  readonly memory: Memory;
  readonly context: CallContext;
  /** A struct of the kernel; throws where it has none of that name. */
  struct(name: string): StructType;
  hasStruct(name: string): boolean;
  /** Value of an enumerator, as `SCX_ENQ_PREEMPT`: undefined where this kernel has none. */
  enumerator(name: string): bigint | undefined;
  /** Whether the kernel's BTF has the function, whether the model has it or not. */
  hasFunction(name: string): boolean;
  /**
   * Where a variable of the kernel is (`jiffies`, `runqueues`): allocated and zeroed at first use. Per-CPU ones are `stride`
   * apart; CPU n's is at address + n * stride.
   */
  variable(name: string): { address: number; size: number; stride: number } | undefined;
  /** The same if an object asked for it; it is not allocated otherwise. */
  placed(name: string): { address: number; size: number; stride: number } | undefined;
  /** Told of each per-CPU variable that a program finds: the first CPU's address, and whose it wants. */
  onPerCpu(told: (base: number, cpu: number) => void): void;
  /** A task or cgroup is gone: what programs stored with it goes. Before its memory is freed. */
  forget(owner: number): void;
}

/** An object that is open and not loaded: sizes and initial values may still be changed. */
export interface OpenObject {
  readonly name: string;
  /** Gives an initial value to a global or a config by name (`fifo`, `nr_cpus`): numbers, bigints, booleans, arrays of them. */
  set(
    variable: string,
    value: number | bigint | boolean | readonly (number | bigint | boolean)[],
  ): void;
  /** CO-RE, functions, maps, translation. Throws SimError where a real loader would have refused the object. */
  link(calls: Calls, host: Host): Promise<LinkedObject>;
}

export type CreateSpace = (options: SpaceOptions) => Promise<KernelSpace>;
/** `name` is what messages call the object. */
export type OpenInSpace = (space: KernelSpace, object: Uint8Array, name: string) => OpenObject;
