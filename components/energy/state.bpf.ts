import {
  array,
  config,
  counter,
  percpuArray,
  taskStorage,
  NR_CPUS,
  NSEC_PER_MSEC,
  type FixedArray,
  type bool,
  type s32,
  type u32,
  type u64,
} from 'scxts';

/** Domains that there is room for; MAX_DOMAINS of model.ts. */
export const MAX_DOMAINS = 16;
/** Steps of a domain's costs over the utilisation of its busiest CPU; COST_STEPS of tables.ts. */
export const COST_STEPS = 64;

export const half_life_ns = config(
  32 * NSEC_PER_MSEC,
  'ns in which what a task or CPU did counts half; 32 ms as in the kernel',
);
export const new_task_util = config<u32>(
  128,
  'utilisation that a new task is taken to have, of 1024',
);
export const patient = config(false, 'let a task wait for a cheap CPU though a dear one is idle');
export const pack_fill = config<u32>(
  720,
  'utilisation up to which a CPU is filled when tasks are packed without a model, of 1024',
);

export const nr_model = counter('placed by the energy model');
export const nr_kept = counter('of these, on the previous CPU because nowhere is cheaper');
export const nr_over = counter('spread because a CPU is over-utilised');
export const nr_full = counter('spread because the task fits nowhere');
export const nr_packed = counter('packed on a warm CPU, without a model');
export const nr_spread = counter('spread, without a model');

/** What to do without a model, or in spite of one. */
export const BY_MODEL = 0;
export const BY_PACKING = 1;
export const BY_SPREADING = 2;
/** By userspace: one of the three. Spreading until it says otherwise. */
export let mode: u32 = 2;
/** From the model. Mapped into user space: changed without a system call. */
export interface CpuModel {
  /** Number of its domain plus 1; 0 if the model does not know the CPU. */
  domain: u32;
  /** Of 1024. */
  capacity: u32;
}
export interface DomainModel {
  costs: FixedArray<u64, 65>;
}
export const cpu_models = array<CpuModel>(NR_CPUS);
export const domain_models = array<DomainModel>(MAX_DOMAINS);

export interface CpuUse {
  /** Running average of what it did, of 1024 << 10, as of `at`. */
  util: u64;
  at: u64;
  /** Sum of the estimates of the tasks that are on it, runnable. */
  runnable: u64;
  busy: u32;
  /** Tasks that are on it, runnable. */
  nr: u32;
}
export const cpu_uses = array<CpuUse>(NR_CPUS);

export interface TaskUse {
  /** Running average of what it did while it ran or slept, of 1024 << 10, as of `at`. */
  util: u64;
  at: u64;
  /** What it is expected to need, of 1024: its average when it went to sleep, following peaks at once. */
  estimate: u32;
  /** What `runnable` of CPU `cpu` holds of it. */
  charged: u32;
  cpu: s32;
  on: bool;
}
export const task_uses = taskStorage<TaskUse>();

/** What one look at all CPUs found in a domain. */
export interface DomainScan {
  sum: u64;
  /** Utilisation of its busiest CPU, without the task. */
  max: u64;
  /** The CPU with most room for the task. */
  best: s32;
  best_util: u32;
  best_room: u32;
  prev_util: u32;
  has_prev: bool;
}
/** Of each domain; on each CPU, for several place tasks at the same time. */
export const scans = percpuArray<DomainScan>(MAX_DOMAINS);
