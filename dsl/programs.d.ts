import type { TracedFunctions, TracedResults } from './functions.js';
import type { SchedExtOps, TpBtf, Tracepoints } from './generated/kernel.js';
import type { RcuPtr, s32, u64 } from './types.js';
import type { cgroup, pt_regs, task_struct } from './vmlinux.js';

/** A scheduler: the default export of the file that is built. */
export interface Scheduler {
  readonly __scheduler?: true;
}
export interface SchedulerDefinition extends SchedExtOps {
  /** Name that the kernel shows; letters, digits and underscores. */
  name: string;
  /** Components whose callbacks run before the scheduler's own. */
  use?: readonly AnyComponent[];
}
export declare function scheduler(definition: SchedulerDefinition): Scheduler;

export interface AnyComponent {
  readonly __component?: true;
}
export type Component<A> = A & AnyComponent;
/** Functions that the scheduler calls; a first parameter without a type is a task. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the compiler checks the arguments of each call
type TaskApi = { [name: string]: (p: task_struct, ...rest: any[]) => unknown };
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the same, where one of them takes no task
type AnyApi = { [name: string]: (...args: any[]) => unknown };
interface ComponentDefinition<A> {
  /** State, config flags and counters of the file are NAME_... in the object. */
  name: string;
  /**
   * Module with the half that runs in user space: a path relative to this file, or a module name. Its
   * default export is what `userspaceHalf()` of 'scxts/runtime' gives.
   */
  userspace?: string;
  ops?: SchedExtOps;
  api?: A;
}
export declare function component<A extends TaskApi>(
  definition: ComponentDefinition<A>,
): Component<A>;
export declare function component<A extends AnyApi>(
  definition: ComponentDefinition<A>,
): Component<A>;

/** A program beside the scheduler; attached with it. */
export interface Program {
  readonly __program?: true;
}
export interface TimerProgram {
  /** Runs the callback in `ns` nanoseconds, on a CPU if given. */
  start(ns: u64, options?: { cpu?: number }): s32;
  cancel(): s32;
}
export declare function timer(callback: () => void): TimerProgram;
/**
 * How a program is loaded. `optional`: where the running kernel has nothing for it to attach to it is left out, with a
 * warning. `autoload: false`: it is loaded and attached only when user space says so before load (`open.progs.NAME.autoload =
 * true`, `scxts load --enable NAME`).
 */
export interface ProgramOptions {
  optional?: boolean;
  autoload?: boolean;
}
export declare function syscall<A extends object>(
  callback: (args: A) => number,
  options?: Pick<ProgramOptions, 'autoload'>,
): Program;
export declare function tp_btf<N extends keyof TpBtf>(
  name: N,
  callback: (...args: TpBtf[N]) => void,
  options?: ProgramOptions,
): Program;
/** An event that scxts/vmlinux does not list: the callback names the types of the arguments that it takes. */
export declare function tp_btf<A extends unknown[]>(
  name: string,
  callback: (...args: A) => void,
  options?: ProgramOptions,
): Program;
export declare function tracepoint<N extends keyof Tracepoints>(
  name: N,
  callback: (ctx: Tracepoints[N]) => void,
  options?: ProgramOptions,
): Program;
/** One that scxts does not list: the callback names the type of its record, an interface with the fields of its `format` file. */
export declare function tracepoint<T extends object>(
  name: string,
  callback: (ctx: T) => void,
  options?: ProgramOptions,
): Program;
/**
 * The same events, before the kernel has checked their arguments for BTF: cheaper to attach, and there without
 * BTF of the tracepoint. Objects are read with fault-tolerant loads.
 */
export declare function raw_tp<N extends keyof TpBtf>(
  name: N,
  callback: (...args: TpBtf[N]) => void,
  options?: ProgramOptions,
): Program;
export declare function raw_tp<A extends unknown[]>(
  name: string,
  callback: (...args: A) => void,
  options?: ProgramOptions,
): Program;
/**
 * Before a kernel function runs. Arguments of functions in common use are typed from BTF; for others the callback
 * names the types of those that it takes.
 */
export declare function fentry<N extends keyof TracedFunctions>(
  name: N,
  callback: (...args: TracedFunctions[N]) => void,
  options?: ProgramOptions,
): Program;
export declare function fentry<A extends unknown[]>(
  name: string,
  callback: (...args: A) => void,
  options?: ProgramOptions,
): Program;
/** After a kernel function has run: its arguments, then what it returned. */
export declare function fexit<N extends keyof TracedFunctions>(
  name: N,
  callback: (
    ...args: N extends keyof TracedResults
      ? [...TracedFunctions[N], ret: TracedResults[N]]
      : TracedFunctions[N]
  ) => void,
  options?: ProgramOptions,
): Program;
export declare function fexit<A extends unknown[]>(
  name: string,
  callback: (...args: A) => void,
  options?: ProgramOptions,
): Program;
export declare function kprobe(
  name: string,
  callback: (regs: pt_regs) => void,
  options?: ProgramOptions,
): Program;
export declare function kretprobe(
  name: string,
  callback: (regs: pt_regs) => void,
  options?: ProgramOptions,
): Program;

/** `struct bpf_perf_event_data` (uapi/linux/bpf_perf_event.h): what a sample is. */
export interface bpf_perf_event_data {
  readonly regs: pt_regs;
  readonly sample_period: u64;
  readonly addr: u64;
}
/** Events that the kernel itself counts work everywhere; those of the hardware where there is a PMU. */
export type PerfEvent =
  | 'cpu-clock'
  | 'task-clock'
  | 'page-faults'
  | 'context-switches'
  | 'cpu-migrations'
  | 'cpu-cycles'
  | 'instructions'
  | 'cache-references'
  | 'cache-misses'
  | 'branch-misses';
/** Samples a second (`freq`, default 99), or events between two samples (`period`). */
export interface PerfOptions extends ProgramOptions {
  freq?: number;
  period?: number;
}
/** Runs on every CPU at each sample of an event; `cpu-clock` if none is named. */
export declare function perf_event(
  event: PerfEvent,
  callback: (ctx: bpf_perf_event_data) => void,
  options?: PerfOptions,
): Program;
export declare function perf_event(
  callback: (ctx: bpf_perf_event_data) => void,
  options?: PerfOptions,
): Program;

/** What bpf_seq_printf() writes to. */
export interface seq_file {
  readonly __opaque_seq_file?: never;
}
/** `struct bpf_iter_meta` (include/linux/bpf.h). */
export interface bpf_iter_meta {
  readonly seq: RcuPtr<seq_file>;
  /** The same in all calls of one walk. */
  readonly session_id: u64;
  /** Counts the objects of a walk, from 0. */
  readonly seq_num: u64;
}
/**
 * What iter() walks: every thread (kernel/bpf/task_iter.c); every cgroup of version 2, parents before children
 * (kernel/bpf/cgroup_iter.c). The object is null in the last call, after all of them.
 */
export interface Iterators {
  task: [task: task_struct | null, meta: bpf_iter_meta];
  cgroup: [cgroup: cgroup | null, meta: bpf_iter_meta];
}
/**
 * Runs for each object of a kind, whenever userspace reads it: `progs.NAME.read()` gives what bpf_seq_printf()
 * wrote. Holds RCU, and may not sleep.
 */
export declare function iter<N extends keyof Iterators>(
  name: N,
  callback: (...args: Iterators[N]) => void,
  options?: Pick<ProgramOptions, 'autoload'>,
): Program;
/**
 * Adds the bytes of a struct of the program to what the reader of an `iter` program gets: `progs.NAME.readBytes()`. 0, or
 * -EOVERFLOW.
 */
export declare function bpf_seq_write(seq: seq_file, record: object): s32;
/** Adds to what the reader of an `iter` program gets: bpf_seq_printf(meta.seq, `${task.pid}\n`). 0, or -EOVERFLOW. */
export declare function bpf_seq_printf(seq: seq_file, message: string): s32;
