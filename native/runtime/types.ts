import type { NativeLink } from './addon.js';

/** What a generated skeleton says of its scheduler. */
export interface SkeletonTypes {
  config: object;
  globals: object;
  /** Names of counters. */
  counters: string;
  maps: object;
  progs: object;
}

/** Data members of struct sched_ext_ops that can be set before load. */
export interface OpsData {
  /** SCX_OPS_* flags. */
  flags: bigint;
  /** Watchdog timeout in ms, at most 30000; 0 is the kernel's default of 30 s. */
  timeout_ms: number;
  /** Bytes of the debug dump; 0 is the default of 32768. */
  exit_dump_len: number;
  dispatch_max_batch: number;
  hotplug_seq: bigint;
}

/** A `syscall()` program: runs in the kernel when called, gives its return value. */
export interface SyscallProgram<Args> {
  run(args?: Args): number;
}

/** A tracing program; attached together with the scheduler. */
export interface TracingProgram {
  attach(): NativeLink;
}
