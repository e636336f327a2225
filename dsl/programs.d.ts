import type { SchedExtOps } from './generated/kernel.js';
import type { s32, u64 } from './types.js';
import type { pt_regs, task_struct } from './vmlinux.js';

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
type Api = { [name: string]: (p: task_struct, ...rest: any[]) => unknown };
export declare function component<A extends Api>(definition: {
  name: string;
  ops?: SchedExtOps;
  api?: A;
}): Component<A>;

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
export declare function syscall<A extends object>(callback: (args: A) => number): Program;
export declare function tp_btf<N extends keyof import('./generated/kernel.js').TpBtf>(
  name: N,
  callback: (...args: import('./generated/kernel.js').TpBtf[N]) => void,
): Program;
export declare function tracepoint<N extends keyof import('./generated/kernel.js').Tracepoints>(
  name: N,
  callback: (ctx: import('./generated/kernel.js').Tracepoints[N]) => void,
): Program;
/** Before a kernel function runs; the callback names the types of the arguments that it takes. */
export declare function fentry<A extends unknown[]>(
  name: string,
  callback: (...args: A) => void,
): Program;
/** After a kernel function has run: its arguments, then what it returned. */
export declare function fexit<A extends unknown[]>(
  name: string,
  callback: (...args: A) => void,
): Program;
export declare function kprobe(name: string, callback: (regs: pt_regs) => void): Program;
export declare function kretprobe(name: string, callback: (regs: pt_regs) => void): Program;
