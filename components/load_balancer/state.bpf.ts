import {
  array,
  config,
  counter,
  queue,
  taskStorage,
  NR_CPUS,
  type FixedArray,
  type Kptr,
  type SpinLock,
  type bool,
  type u32,
  type u64,
} from 'scxts';
import type { bpf_cpumask } from 'scxts/vmlinux';

/** Domains and tasks that there is room for unless user space asks for more when it opens. */
export const MAX_DOMAINS = 64;
export const MAX_TASKS = 32_768;
/** Buckets of weights, four to each power of two: weights of 1 to 10000 need 54. */
export const BUCKETS = 56;
/** Domains in the mask of those that a task may run in. */
export const MASK_WORDS = 16;

export const nr_domains = config<u32>(1, 'domains; set by the userspace half');
export const half_life_ms = config<u32>(1000, 'half-life of load averages in ms');
export const greedy = config<u32>(
  1,
  'tasks that must wait in a domain before an idle CPU of another takes one; 0: never',
);
export const greedy_far = config<u32>(
  0,
  'the same for a domain of another NUMA node; 0: never across nodes',
);

export const nr_moved = counter('tasks that went to another domain by order');
export const nr_refused = counter('orders that affinity or the end of a task made void');
export const nr_prev_idle = counter('woken on their previous CPU, idle');
export const nr_idle = counter('woken on an idle CPU of their domain');
export const nr_idle_far = counter('woken on an idle CPU of another domain');
export const nr_stolen = counter('taken from the queue of another domain');
export const nr_stolen_far = counter('taken from the queue of another NUMA node');
export const nr_untracked = counter('tasks for which there was no room to keep their load');

/** What user space reads of each task, and where it leaves its order. */
export interface TaskRecord {
  /** When `duty` was brought up to date, ns of bpf_ktime_get_ns(). */
  at: u64;
  /** By user space: generation << 32 | domain + 1; 0 if there is none. */
  order: u64;
  /** Counts the tasks that had this record: an order for an earlier one is void. */
  generation: u32;
  tid: u32;
  domain: u32;
  weight: u32;
  /** Share of time that it was runnable, running average, 2^30 is always. */
  duty: u32;
  runnable: u32;
  /** 1 while a task has the record, 2 more if it may not run in every domain, 4 more for a kernel thread. */
  flags: u32;
  unused: u32;
  reserved: FixedArray<u64, 2>;
}
export const IN_USE = 1;
export const RESTRICTED = 2;
export const KERNEL_THREAD = 4;

/** Of a task that came when all records were taken: scheduled as any, never moved. */
export const NO_SLOT = 0xffff_ffff;

export interface Allowed {
  mask: FixedArray<u64, 16>;
}

/** Load of the tasks of one domain whose weights are alike; one cache line. */
export interface Bucket {
  at: u64;
  /** Runnable tasks now, and the sum of their weights. */
  runnable: u64;
  weight: u64;
  /** Running averages of the two, times 2^30. */
  duty: u64;
  load: u64;
  reserved: FixedArray<u64, 3>;
}
export interface BucketLock {
  lock: SpinLock;
}

export interface DomainCpus {
  cpus: Kptr<bpf_cpumask> | null;
}
/** Virtual time of the domain's queue, alone in its cache line. */
export interface DomainClock {
  vtime: u64;
  reserved: FixedArray<u64, 7>;
}
export interface Scratch {
  mask: Kptr<bpf_cpumask> | null;
}

/** Where a task's record is, and what it was last counted as. */
export interface TaskState {
  slot: u32;
  domain: u32;
  weight: u32;
  runnable: bool;
}

export const state = taskStorage<TaskState>();
/** Mapped into user space: read and written there without a system call. */
export const tasks = array<TaskRecord>(MAX_TASKS);
export const allowed = array<Allowed>(MAX_TASKS);
export const free_slots = queue<u32>(MAX_TASKS);
export const buckets = array<Bucket>(MAX_DOMAINS * BUCKETS);
export const bucket_locks = array<BucketLock>(MAX_DOMAINS * BUCKETS);
export const domain_cpus = array<DomainCpus>(MAX_DOMAINS);
export const clocks = array<DomainClock>(MAX_DOMAINS);
/** NUMA node of each domain and domain of each CPU, filled in by the userspace half before attaching. */
export const domain_node = array<u32>(MAX_DOMAINS);
export const cpu_domain = array<u32>(NR_CPUS);
export const scratch = array<Scratch>(NR_CPUS);
