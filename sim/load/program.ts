import type { Policy } from '../kernel/task.js';

/** A step as tasks carry it out; times in ns. */
export type Op =
  | { op: 'run'; time: Draw }
  | { op: 'sleep'; time: Draw }
  | { op: 'until'; ns: number }
  | { op: 'period'; ns: number }
  | { op: 'poisson'; mean: number }
  | { op: 'wait'; name: string }
  | { op: 'wake'; name: string; count: number; sync: boolean }
  | { op: 'barrier'; name: string; of: number }
  | { op: 'lock'; name: string }
  | { op: 'unlock'; name: string }
  | { op: 'yield' }
  | { op: 'exit' }
  | { op: 'fork'; group: string; count: number }
  | { op: 'nice'; nice: number }
  | { op: 'cpus'; cpus: readonly number[] }
  | { op: 'cgroup'; path: string }
  | { op: 'policy'; policy: Policy; priority: number }
  /** Goes back to `to` unless it has done so `times` times. */
  | { op: 'again'; to: number; times: number };

/** A fixed time, or one that is drawn each time. */
export type Draw =
  | { kind: 'fixed'; ns: number }
  | { kind: 'between'; least: number; most: number }
  | { kind: 'exponential'; mean: number };

/** A group of tasks, checked. */
export interface Group {
  name: string;
  count: number;
  ops: readonly Op[];
  nice: number;
  policy: Policy;
  priority: number;
  cpus: readonly number[] | undefined;
  cgroup: string;
  /** undefined: never by itself. */
  start: Draw | undefined;
  apart: Draw;
  kernelThread: boolean;
  threads: boolean;
}
