import type { Cgroup } from './cgroup.js';
import type { CpuMask } from './cpumask.js';
import { DsqNode, type Dsq } from './dsq.js';
import type { Timer } from './events.js';

/** Scheduling policies as sched_setscheduler(2) knows them. */
export type Policy = 'other' | 'batch' | 'idle' | 'fifo' | 'rr' | 'deadline' | 'ext';

/** Scheduling classes, the first goes first. */
export const Class = { DEADLINE: 0, RT: 1, FAIR: 2, EXT: 3, IDLE: 4 } as const;
export type Class = (typeof Class)[keyof typeof Class];

/** Where a task is: exactly one of these at any time. */
export const Place = {
  /** Not runnable. */
  NONE: 0,
  /** In the scheduler's hands: enqueue() put it into no queue of the kernel. */
  BPF: 1,
  /** In a dispatch queue. */
  QUEUE: 2,
  /** On its way to another CPU's local queue. */
  DEFERRED: 3,
  /** In the run queue of another class. */
  CLASS: 4,
  /** Running. */
  CPU: 5,
} as const;
export type Place = (typeof Place)[keyof typeof Place];

/** Which fields of struct task_struct have changed; bits. */
export const Changed = {
  CPU: 1,
  RUNNING: 2,
  WEIGHT: 4,
  MASK: 8,
  STATE: 16,
  CGROUP: 32,
  FLAGS: 64,
  QUEUE: 128,
  NAME: 256,
  ALL: 511,
} as const;

/** The fields of a task that a program can write, and news of those that only the kernel writes. */
export interface TaskMemory {
  /** p->scx.slice in ns; Infinity is SCX_SLICE_INF. */
  slice(): number;
  setSlice(ns: number): void;
  /** p->scx.dsq_vtime in halves. */
  vtime(): { low: number; high: number };
  setVtime(low: number, high: number): void;
  /** p->scx.disallow, which init_task() may set. */
  disallow(): boolean;
  /** p->se.sum_exec_runtime: CPU time so far, ns. */
  setRuntime(ns: number): void;
  /** The kernel has changed something; bits of Changed. */
  changed(task: Task, what: number): void;
}

/** A TaskMemory of a scheduler that is written in JavaScript. */
export class PlainTaskMemory implements TaskMemory {
  vtimeLow = 0;
  vtimeHigh = 0;
  disallowed = false;
  private ns = 0;

  slice(): number {
    return this.ns;
  }
  setSlice(ns: number): void {
    this.ns = ns;
  }
  vtime(): { low: number; high: number } {
    return { low: this.vtimeLow, high: this.vtimeHigh };
  }
  setVtime(low: number, high: number): void {
    this.vtimeLow = low;
    this.vtimeHigh = high;
  }
  disallow(): boolean {
    return this.disallowed;
  }
  setRuntime(): void {
    // It reads the task itself.
  }
  changed(): void {
    // As above.
  }
}

/** What a task does; sim/load makes them of scripts. */
export interface Behaviour {
  /** The task has done what it last asked for and runs on a CPU: what next? */
  next(task: Task): Step;
}

export type Step =
  /** Work in ns of the fastest CPU at its highest frequency; Infinity: for ever. */
  | { do: 'run'; work: number }
  /** Until `at` (ns; Infinity: until woken). */
  | { do: 'sleep'; until: number }
  | { do: 'yield' }
  | { do: 'exit' };

/** Times of one task, ns. */
export class TaskStats {
  /** CPU time. */
  ran = 0;
  /** Runnable and not running. */
  waited = 0;
  /** Longest single wait. */
  longestWait = 0;
  wakeups = 0;
  migrations = 0;
  /** Lost its CPU while it could have gone on. */
  preemptions = 0;
  switches = 0;
  /** Work done, in ns of the fastest CPU. */
  work = 0;
  bornAt = 0;
  diedAt = -1;
  /** Sum of its sleeps. */
  slept = 0;
}

const NO_CPU = -1;

export class Task {
  tgid: number;
  /** As people called it: the group of tasks that it belongs to. */
  group = '';
  policy: Policy = 'other';
  /** Of RT tasks, 1 to 99. */
  priority = 0;
  class: Class = Class.FAIR;
  nice = 0;
  kernelThread = false;
  exiting = false;
  /** Depth of migrate_disable(). */
  migrationDisabled = 0;
  cpu = 0;
  cgroup: Cgroup;
  parent: Task | undefined;
  behaviour: Behaviour | undefined;
  /** 0 until it was forked completely. */
  born = false;
  dead = false;

  place: Place = Place.NONE;
  /** From being enqueued until it is dequeued. */
  onQueue = false;
  /** Sleeps at the next schedule(). */
  blocking = false;
  sleepTimer: Timer | undefined;

  /** State of sched_ext: not known to the scheduler, init_task() done, enabled. */
  ext: 'none' | 'ready' | 'enabled' = 'none';
  memory: TaskMemory;
  /** The weight that set_weight() told last. */
  weight = 100;
  /** In which dispatch queue. */
  dsq: Dsq | null = null;
  readonly node: DsqNode;
  /** vtime in the queue, in halves. */
  vtimeLow = 0;
  vtimeHigh = 0;
  /** Changes whenever the scheduler gets it: a dispatch of an earlier time is void. */
  custodyCount = 0;
  /** The scheduler has been told of it by enqueue() and not yet by dequeue(); newer kernels. */
  custody = false;
  /** select_cpu() or enqueue() has inserted it: where to. */
  direct: Insertion | null = null;
  /** On its way to another CPU's local queue. */
  deferred: { dsq: Dsq; flags: number; where: string } | null = null;
  /** What select_cpu() gave, until it is queued. */
  selectedCpu = NO_CPU;
  /** Its CPU is gone or not allowed any more: it moves when it is next looked at. */
  mustMove = false;
  /** Its CPU after a change of a property while it ran. */
  stickyCpu = NO_CPU;
  runnableAt = 0;
  /** The next time that it is queued, watchdog's clock starts anew. */
  resetRunnableAt = true;

  /** Work left of its step, ns. */
  work = 0;
  /** Since when it waits, sleeps or runs. */
  since = 0;
  /** The wake-up whose latency is being measured, -1 if none. */
  wokenAt = -1;
  /** When it was woken last, -1 before. */
  activeSince = -1;
  /** The CPU that it ran on last, -1 before the first. */
  ranOn = NO_CPU;
  readonly stats = new TaskStats();
  private allowed: CpuMask;
  private maskSize: number;
  /** Virtual time of the fair class, in weighted ns. */
  fairVtime = 0;
  fairDeadline = 0;
  fairSlice = 0;
  /** Left of an RT task's round-robin slice. */
  rrSlice = 0;

  constructor(
    readonly pid: number,
    public comm: string,
    memory: TaskMemory,
    mask: CpuMask,
    cgroup: Cgroup,
  ) {
    this.tgid = pid;
    this.memory = memory;
    this.allowed = mask;
    this.maskSize = mask.size;
    this.cgroup = cgroup;
    this.node = new DsqNode(this);
  }

  /** Its affinity; a mask is never changed, another takes its place. */
  get mask(): CpuMask {
    return this.allowed;
  }

  set mask(mask: CpuMask) {
    this.allowed = mask;
    this.maskSize = mask.size;
  }

  get allowedCount(): number {
    return this.migrationDisabled > 0 ? 1 : this.maskSize;
  }

  allows(cpu: number): boolean {
    return this.migrationDisabled > 0 ? cpu === this.cpu : this.mask.has(cpu);
  }

  toString(): string {
    return `${this.comm}[${this.pid}]`;
  }
}

/** Where a task is to be inserted. */
export interface Insertion {
  dsq: Dsq | 'local';
  flags: number;
  vtime: boolean;
  /** The line of the scheduler that asked for it. */
  where: string;
}

/** Load weights of nice -20 to 19: each step is 1.25 times the next, nice 0 is 1024 (sched(7), getpriority(2)). */
const LOAD_WEIGHTS = [
  88761, 71755, 56483, 46273, 36291, 29154, 23254, 18705, 14949, 11916, 9548, 7620, 6100, 4904,
  3906, 3121, 2501, 1991, 1586, 1277, 1024, 820, 655, 526, 423, 335, 272, 215, 172, 137, 110, 87,
  70, 56, 45, 36, 29, 23, 18, 15,
];
const IDLE_LOAD_WEIGHT = 3;

/** The kernel's load weight of a task: 1024 at nice 0. */
export function loadWeight(policy: Policy, nice: number): number {
  return policy === 'idle' ? IDLE_LOAD_WEIGHT : LOAD_WEIGHTS[nice + 20]!;
}

/** p->scx.weight: 100 at nice 0, from 1 to 10,000. */
export function extWeight(policy: Policy, nice: number): number {
  const weight = Math.round((loadWeight(policy, nice) * 100) / 1024);
  return Math.min(10_000, Math.max(1, weight));
}
