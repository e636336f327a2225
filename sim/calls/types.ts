import type { KernelSpace } from '../engine/types.js';

/** What holds while a program runs: set by the kernel before each call, read by the functions that programs call. */
export interface CallContext {
  /** The CPU that the program runs on. */
  cpu: number;
  /** Address of the task_struct that is `current` there. */
  current: number;
  /** Member of sched_ext_ops in force ('enqueue'), or '' in programs that are no callback. */
  callback: string;
  /** High half (i32) of the last u64 that crossed as a result. */
  high: number;
  /** Instructions executed in the outermost call so far; what it has cost up to here. */
  instructions(): number;
  /** file:line of TypeScript that the program is at: the call in force. */
  where(): string;
}

/**
 * A function of the kernel (kfunc) or helper as the model has it. `signature` is one letter a parameter, then `:` and the
 * result: p pointer (address), i s32, u u32, b bool, l u64 or s64 (two arguments: low, high, as i32), v void:
 * `void scx_bpf_dsq_insert(p, u64 dsq, u64 slice, u64 flags)` is `plll:v`. A function is bound where the signature is that of
 * the modelled kernel's BTF, so generations of one function are several rows with one name.
 */
export interface CallRow {
  readonly name: string;
  readonly signature: string;
  /** An `l` result: return the low half, and set `context.high`. */
  readonly run: (...args: number[]) => number | undefined | void;
}

/** All that programs may call. A missing one is an error with file:line when it is called. */
export interface Calls {
  readonly functions: readonly CallRow[];
}

/** `scx_*` functions; sim/kernel implements it. The rest (maps, cpumasks, refs, lists, timers...) is in sim/calls. */
export type KernelCalls = (space: KernelSpace) => readonly CallRow[];

/** What the helpers of sim/calls need of the kernel around them; sim/kernel implements it. Times are ns, exact below 2^53. */
export interface Host {
  /** bpf_ktime_get_ns(): moves on within a callback. */
  ktime(): number;
  /** Wall clock: bpf_ktime_get_tai_ns(). */
  wallClock(): number;
  /** 32 random bits, from the seed of the run. */
  random(): number;
  printk(text: string): void;
  /**
   * Arms a timer of a map value; `fire` runs its callback and is called with `context` set to the CPU it fires on.
   * `cpu` is null unless pinned. An armed one is moved.
   */
  startTimer(timer: number, at: number, cpu: number | null, fire: () => void): void;
  /** Whether it was armed. */
  cancelTimer(timer: number): boolean;
  /** Address of the task_struct with the pid, 0 if none is. */
  taskOfPid(pid: number): number;
  /** All tasks, in the order in which the kernel lists them: threads of a process after each other. */
  tasks(): Iterable<number>;
  /** Address of the struct cgroup, 0 if none is. */
  cgroupOfId(low: number, high: number): number;
  /** Children of a cgroup, in order of creation. */
  childrenOf(cgroup: number): Iterable<number>;
  /** The parent's address, 0 for the root. */
  parentOf(cgroup: number): number;
  /** Whether a CPU mask of the kernel by name: `possible`, `online`; address of a struct cpumask. */
  cpumask(which: 'possible' | 'online' | 'present'): number;
  /** NUMA node of a CPU. */
  nodeOf(cpu: number): number;
  /** A user-visible warning that the kernel would have logged. */
  warn(text: string): void;
}
