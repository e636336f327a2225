import type { Policy } from '../kernel/task.js';
import type { Duration } from './duration.js';

/** A time that is fixed, or drawn anew each time: between two, or exponentially distributed with a mean. */
export type Random =
  Duration | readonly [least: Duration, most: Duration] | { readonly exponential: Duration };

/** One thing that a task does. */
export type Step =
  /** Works: so much CPU time of the fastest CPU at its highest frequency. */
  | { run: Random | 'forever' }
  /** Sleeps for a time; without end if it is 'forever'. */
  | { sleep: Random | 'forever' }
  /** Sleeps until that time since the run began; goes on at once if it has passed. */
  | { until: Duration }
  /** Sleeps until the next multiple of a period since the task started; goes on at once if that has passed. */
  | { period: Duration }
  /** Sleeps until the next arrival of a Poisson process with this mean; goes on at once if it has come already. */
  | { poisson: Duration }
  /** Takes a token of a semaphore (a futex, a pipe), sleeping until there is one. */
  | { wait: string }
  /** Puts tokens into a semaphore, one if `count` is not given. `sync`: the waker is about to sleep. */
  | { wake: string; count?: number; sync?: boolean }
  /** Waits until so many tasks are at the barrier. */
  | { barrier: string; of: number }
  | { lock: string }
  | { unlock: string }
  | { yield: true }
  | { exit: true }
  /** Starts tasks of a group that has `start: 'never'`. */
  | { fork: string; count?: number }
  | { nice: number }
  | { cpus: CpuSet }
  | { cgroup: string }
  | { policy: Policy; priority?: number }
  /** Repeats steps. */
  | { repeat: number; steps: readonly Step[] };

/** `0-3,8`, or numbers. */
export type CpuSet = string | readonly number[];

/** Tasks that do the same. */
export interface TaskGroup {
  name: string;
  /** How many; 1. */
  count?: number;
  /** Done once, before the loop. */
  first?: readonly Step[];
  /** Done again and again, or `times` times. */
  loop?: readonly Step[];
  times?: number;
  /** Instead of a loop: works for ever, or so long, and exits. */
  run?: 'forever' | Duration;
  nice?: number;
  policy?: Policy;
  /** Of fifo and rr, 1 to 99. */
  priority?: number;
  cpus?: CpuSet;
  /** `/web/front`; made if need be. */
  cgroup?: string;
  /** When it starts; 0. 'never': another task forks it. */
  start?: Random | 'never';
  /** Time between the starts of its tasks; 0. */
  apart?: Random;
  kernelThread?: boolean;
  /** All tasks are threads of one process. */
  threads?: boolean;
}

/** Something that happens from outside. */
export type LoadEvent =
  | { at: Duration; cpu: number; online: boolean }
  | { at: Duration; task: string; nice: number }
  | { at: Duration; task: string; cpus: CpuSet }
  | { at: Duration; task: string; cgroup: string }
  | { at: Duration; task: string; policy: Policy; priority?: number }
  | { at: Duration; cgroup: string; weight: number }
  | { at: Duration; cgroup: string; max: readonly [quota: Duration | 'max', period: Duration] }
  | { at: Duration; cgroup: string; idle: boolean };

export interface CgroupDescription {
  path: string;
  weight?: number;
  idle?: boolean;
  /** cpu.max. */
  max?: readonly [quota: Duration | 'max', period: Duration];
}

/** What a machine has to do. */
export interface Load {
  tasks: readonly TaskGroup[];
  events?: readonly LoadEvent[];
  cgroups?: readonly CgroupDescription[];
}
