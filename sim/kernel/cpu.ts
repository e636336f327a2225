import type { CpuPlace, PerformanceState } from '../machine/machine.js';
import type { ReleaseReason } from './scheduler.js';
import { Dsq } from './dsq.js';
import type { Timer } from './events.js';
import type { Task } from './task.js';
import { FairQueue } from './fair.js';

/** A task that dispatch() has inserted; carried out when it returns. */
export interface Dispatched {
  task: Task;
  custody: number;
  dsq: Dsq | 'local' | null;
  /** For a message, when there is no such queue. */
  key: string;
  flags: number;
  vtime: boolean;
  /** The line of the scheduler that asked for it. */
  where: string;
}

export interface Kick {
  cpu: number;
  flags: number;
}

export class Cpu {
  readonly id: number;
  online = true;
  /** Null: idle. */
  current: Task | null = null;
  /** swapper/N, which programs see as `current` of an idle CPU. */
  idleTask!: Task;
  readonly local: Dsq;
  readonly bypassQueue: Dsq;
  readonly fair = new FairQueue();
  /** RT and deadline tasks that wait, the first goes first. */
  readonly realtime: Task[] = [];
  /** Tasks of ext that are queued here, wherever they wait: for watchdog and dump. */
  readonly runnable = new Set<Task>();
  /** Another class has the CPU and the scheduler knows. */
  released = false;
  releaseReason: ReleaseReason = 'unknown';
  inBalance = false;
  /** pick() found that the running task goes on. */
  keep = false;
  buffer: Dispatched[] = [];
  /** Tasks that this round of dispatch() has moved somewhere. */
  dispatched = 0;
  kicks: Kick[] = [];
  deferredLocal: Task[] = [];
  reenqueueWanted = false;
  /** Kicks with SCX_KICK_WAIT hold it up until this one has scheduled. */
  schedules = 0;

  scheduleTimer!: Timer;
  tickTimer!: Timer;
  workTimer!: Timer;
  /** Since when the current task's time is not accounted. */
  accountedAt = 0;
  /** Since when the current task's work is not counted. */
  progressedAt = 0;
  /** What the kernel itself still has to do before the task gets on, ns. */
  overhead = 0;
  idleSince = 0;
  /** Wanted speed, of 1024: what the scheduler asks of the frequency governor. */
  performanceTarget = 1024;

  /** What its clock runs at, undefined if nothing is known of frequencies. */
  state: PerformanceState | undefined;
  /** Of 1: work in ns that a ns does. */
  speed = 1;

  busy = 0;
  overheadTotal = 0;
  energyUj = 0;
  switches = 0;
  /** Last picked by cpumask_any_and_distribute(). */
  distribute = -1;

  constructor(readonly place: CpuPlace) {
    this.id = place.id;
    this.local = new Dsq('local', 0, place.id);
    this.state = place.domain?.states.at(-1);
    this.bypassQueue = new Dsq('bypass', 0, place.id);
  }
}
