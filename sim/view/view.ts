import type { Order } from './order.js';
import type { RecordedCpu, RecordedTask, Recording } from './recording.js';

/** Why a task began to wait. */
export const Why = {
  WOKEN: 0,
  STARTED: 1,
  PREEMPTED: 2,
  /** It yielded, or its slice ended. */
  ENDED: 3,
  /** The recording began too late to see it: its wait was longer than told. */
  UNSEEN: 4,
} as const;

/** Times for which one task ran on one CPU, by CPU and then by time. Times are ns since the recording began. */
export interface Slices {
  length: number;
  /** Number in View.cpus. */
  cpu: Int32Array;
  /** Number in View.tasks. */
  task: Int32Array;
  start: Float64Array;
  end: Float64Array;
  /** Number of the wait before it, -1 if none was seen. */
  wait: Int32Array;
  /** endText() tells why it ended. */
  ended: Int32Array;
}

/** Times for which a task could run and did not, by task and then by time. */
export interface Waits {
  length: number;
  task: Int32Array;
  start: Float64Array;
  end: Float64Array;
  /** One of Why. */
  why: Int32Array;
  /** Who woke or started it: number in View.tasks; -1 an interrupt, -2 nobody. */
  by: Int32Array;
  /** Number in View.cpus of the CPU where that happened. */
  byCpu: Int32Array;
  /** Where it waited longest, -1 if no dispatch queue is known. */
  queue: Int32Array;
  /** When it was put there; NaN without a queue. */
  queuedAt: Float64Array;
  /** By which CPU; number in View.cpus. */
  queuedBy: Int32Array;
  /** The line of the scheduler that did so, number in Recording.lines, -1 unknown. */
  line: Int32Array;
  /** The slice after it; -1: it still waits at the end, -2: it ran for no time. */
  slice: Int32Array;
}

/** How many tasks a queue held: `length` from `times[i]` on. */
export interface QueueLengths {
  name: string;
  times: Float64Array;
  lengths: Int32Array;
  most: number;
}

/** What a recording shows, computed once. */
export interface View {
  recording: Recording;
  /** ns. */
  length: number;
  /** By id. */
  cpus: RecordedCpu[];
  tasks: RecordedTask[];
  slices: Slices;
  waits: Waits;
  /** Slices of CPU c are those from cpuFirst[c] to cpuFirst[c + 1] - 1. */
  cpuFirst: Int32Array;
  /** Time that its CPU was busy before a slice, ns. */
  busyBefore: Float64Array;
  /** Slices of tasks. */
  ofTask: Order;
  /** Waits of task t are those from waitFirst[t] to waitFirst[t + 1] - 1. */
  waitFirst: Int32Array;
  /** Waits by who began them by waking somebody, in order of time; key 0: nobody, key 1: interrupts, key t + 2: task t. */
  wokenBy: Order;
  queues: QueueLengths[];
}

/** The task is on another CPU than in its slice before. */
export function migrated(view: View, task: number, place: number): boolean {
  const { first, numbers } = view.ofTask;
  if (place <= first[task]!) return false;
  return view.slices.cpu[numbers[place]!] !== view.slices.cpu[numbers[place - 1]!];
}
