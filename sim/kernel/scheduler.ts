import type { Cgroup } from './cgroup.js';
import type { Task } from './task.js';

/** Bits of an enqueue's flags inside the model; what binds a program gives them the values of the modelled kernel. */
export const Enq = {
  WAKEUP: 1,
  HEAD: 2,
  CPU_SELECTED: 4,
  PREEMPT: 8,
  REENQ: 16,
  LAST: 32,
  IMMED: 64,
  /** After a change of a property. */
  RESTORE: 128,
  /** After a migration. */
  MIGRATED: 256,
} as const;

export const Deq = {
  SLEEP: 1,
  SAVE: 2,
  CORE_SCHED_EXEC: 4,
  /** A property changes: newer kernels tell so. */
  SCHED_CHANGE: 8,
} as const;

/** enum scx_wake_flags: the values of the kernels. */
export const Wake = { FORK: 0x04, TTWU: 0x08, SYNC: 0x10 } as const;

/** Why another class takes a CPU: enum scx_cpu_preempt_reason. */
export type ReleaseReason = 'rt' | 'dl' | 'stop' | 'unknown';

/** The parts of `flags` of struct sched_ext_ops that the kernel's rules ask for. */
export interface SchedulerFlags {
  keepBuiltinIdle?: boolean;
  enqLast?: boolean;
  enqExiting?: boolean;
  switchPartial?: boolean;
  enqMigrationDisabled?: boolean;
  allowQueuedWakeup?: boolean;
  builtinIdlePerNode?: boolean;
}

export interface ExitInfo {
  kind: number;
  kindName: string;
  reason: string;
  message: string;
  code: bigint;
  dump: string;
}

/**
 * A scheduler as the kernel's rules see it: struct sched_ext_ops with tasks of the model. What is missing is a callback that
 * the scheduler does not have. sim/guest makes one of an object; tests write them in TypeScript.
 */
export interface Scheduler {
  readonly name: string;
  readonly flags: SchedulerFlags;
  /** ms; 0: the kernel's 30 s. */
  readonly timeoutMs?: number;
  /** Tasks that one dispatch() may insert; 0: the kernel's 32. */
  readonly dispatchMaxBatch?: number;
  select_cpu?(p: Task, prevCpu: number, wakeFlags: number): number;
  enqueue?(p: Task, flags: number): void;
  dequeue?(p: Task, flags: number): void;
  dispatch?(cpu: number, prev: Task | null): void;
  tick?(p: Task): void;
  runnable?(p: Task, flags: number): void;
  running?(p: Task): void;
  stopping?(p: Task, runnable: boolean): void;
  quiescent?(p: Task, flags: number): void;
  yield?(from: Task, to: Task | null): boolean;
  core_sched_before?(a: Task, b: Task): boolean;
  set_weight?(p: Task, weight: number): void;
  set_cpumask?(p: Task): void;
  update_idle?(cpu: number, idle: boolean): void;
  cpu_acquire?(cpu: number): void;
  cpu_release?(cpu: number, reason: ReleaseReason, by: Task): void;
  init_task?(p: Task, fork: boolean): number;
  exit_task?(p: Task, cancelled: boolean): void;
  enable?(p: Task): void;
  disable?(p: Task): void;
  dump?(): void;
  dump_cpu?(cpu: number, idle: boolean): void;
  dump_task?(p: Task, runnable: boolean): void;
  cgroup_init?(cgroup: Cgroup): number;
  cgroup_exit?(cgroup: Cgroup): void;
  cgroup_prep_move?(p: Task, from: Cgroup, to: Cgroup): number;
  cgroup_move?(p: Task, from: Cgroup, to: Cgroup): void;
  cgroup_cancel_move?(p: Task, from: Cgroup, to: Cgroup): void;
  cgroup_set_weight?(cgroup: Cgroup, weight: number): void;
  cgroup_set_bandwidth?(cgroup: Cgroup, period: number, quota: number, burst: number): void;
  cgroup_set_idle?(cgroup: Cgroup, idle: boolean): void;
  cpu_online?(cpu: number): void;
  cpu_offline?(cpu: number): void;
  init?(): number;
  exit?(info: ExitInfo): void;
  /** Instructions that the last callback executed: what it cost. */
  instructions?(): number;
}

/** Members of a scheduler that are callbacks. */
export type CallbackName = Exclude<
  keyof Scheduler,
  'name' | 'flags' | 'timeoutMs' | 'dispatchMaxBatch' | 'instructions'
>;
