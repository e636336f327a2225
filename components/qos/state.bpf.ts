import {
  array,
  counter,
  hash,
  lpmTrie,
  percpuArray,
  taskStorage,
  NR_CPUS,
  NSEC_PER_MSEC,
  type CString,
  type FixedArray,
  type bool,
  type u32,
  type u64,
} from 'scxts';

/** Classes, the best first; CLASSES of rules.ts. */
export const HIGH = 0;
export const NORMAL = 1;
export const LOW = 2;
export const NR_CLASSES = 3;

/** Queues: one a class, and one for tasks of the low class that may not run where the others of it are packed. */
export const LOW_ANYWHERE = 3;
export const NR_QUEUES = 4;
/** Number of the first of them. */
export const QUEUES = 0x5100;

/** Buckets of latencies: four to each power of two of us; HIST_BUCKETS of stats.ts. */
export const HIST_BUCKETS = 96;

export const nr_preempting = counter('wake-ups of the high class that took a CPU from a lower one');
export const nr_idle = counter('wake-ups that found an idle CPU');
export const nr_starved = counter('times that a lower class was served first, having waited');
export const nr_classed = counter('times that the class of a task was worked out');

/** Rules, by userspace. A class is kept as its number plus 1; 0 is none. */
export const pid_rules = hash<u32, u32>(4096);
export const cgroup_rules = hash<u64, u32>(1024);
/** `prefix` is in bits: the longest rule that begins the name of the task counts. */
export interface CommKey {
  prefix: u32;
  comm: CString<16>;
}
export const comm_rules = lpmTrie<CommKey, u32>(1024);

export interface QosTask {
  cls: u32;
  /** Of the rules that it was classed by. */
  generation: u32;
  /** The class by whose clock its virtual time is. */
  clock: u32;
  woken_at: u64;
  started_at: u64;
}
export const qos_tasks = taskStorage<QosTask>();

export interface ClassStats {
  wakeups: u64;
  /** ns from waking up to running. */
  wait_ns: u64;
  max_wait_ns: u64;
  run_ns: u64;
  hist: FixedArray<u64, 96>;
}
export const class_stats = percpuArray<ClassStats>(NR_CLASSES);

export interface ClassClock {
  vtime: u64;
}
export const class_clocks = array<ClassClock>(NR_CLASSES);

/** Of each queue: since when there is something in it. */
export const waiting_since = array<u64>(NR_QUEUES);
/** When a CPU took a task from each queue last. Each CPU looks for itself: a task may be allowed to run on few. */
export interface Served {
  at: FixedArray<u64, 4>;
}
export const served = array<Served>(NR_CPUS);

/** What runs on a CPU: its class plus 1, 0 if it is idle. */
export const cpu_classes = array<u32>(NR_CPUS);
/** By userspace: CPUs on which the low class is packed. If there are none, all are. */
export const pack_cpus = array<bool>(NR_CPUS);
