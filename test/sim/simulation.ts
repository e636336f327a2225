// A discrete-event simulation of schedulers on a machine: tasks sleep, wake up with work to do and compete for CPUs.
import { EventQueue } from './events.js';
import { makeCpus, towards, type Cpu, type MachineOptions } from './machine.js';

/** Work is measured in us of a CPU of capacity 1024 at its fastest. */
export interface Job {
  atUs: number;
  workUs: number;
}

/** A task: its jobs in the order of time; a job that comes before the last one is done waits. */
export interface TaskLoad {
  name: string;
  /** The next job after the last one was done at `doneUs`; undefined if there is none. */
  next: (doneUs: number) => Job | undefined;
}

export class Task {
  util = 128;
  estimate = 128;
  /** When `util` was brought up to date. */
  at = 0;
  vtime = 0;
  prev: Cpu | undefined;
  job: Job | undefined;
  left = 0;
  done = 0;
  sliceLeft = 0;
  wokenAt: number | undefined;
  runnable = false;
  /** What policies keep of it. */
  misses = 0;
  attached: Cpu | undefined;

  constructor(
    readonly id: number,
    readonly load: TaskLoad,
  ) {}

  ran(now: number, us: number, performance: number): void {
    const work = (us * performance) / 1024;
    this.left -= work;
    this.done += work;
    this.sliceLeft -= us;
    this.vtime += us;
    this.util = towards(this.util, performance, now - this.at);
    this.at = now;
  }

  woke(now: number): void {
    this.util = towards(this.util, 0, now - this.at);
    this.at = now;
  }

  /** As in components/energy/utilisation.bpf.ts. */
  slept(): void {
    this.estimate =
      this.util >= this.estimate ? this.util : this.estimate - (this.estimate - this.util) / 4;
  }

  get need(): number {
    return Math.max(this.util, this.estimate);
  }
}

export interface Policy {
  readonly sliceUs: number;
  /** A task woke up, or its slice is over: put it on an idle CPU with sim.start(), or queue it. */
  enqueue(sim: Simulation, task: Task, wakeup: boolean): void;
  /** A CPU has nothing to do: the task that it is to run, or undefined. */
  dispatch(sim: Simulation, cpu: Cpu): Task | undefined;
  /** A task went to sleep on a CPU. */
  slept?(sim: Simulation, task: Task, cpu: Cpu): void;
  /** Each 4 ms on a busy CPU: true ends the slice. */
  tick?(sim: Simulation, task: Task, cpu: Cpu): boolean;
}

export interface Result {
  energyJ: number;
  /** From waking up to running, in us, ascending. */
  latenciesUs: number[];
  /** From waking up to the end of the job, in us, ascending. */
  responsesUs: number[];
  /** Work done in us of a CPU of capacity 1024. */
  workUs: number;
  jobs: number;
  seconds: number;
  /** Busy share of each CPU. */
  busy: number[];
}

const TICK_US = 4000;

export class Simulation {
  now = 0;
  readonly cpus: Cpu[];
  readonly tasks: Task[];
  private readonly events = new EventQueue();
  private readonly latencies: number[] = [];
  private readonly responses: number[] = [];
  private jobs = 0;

  constructor(
    machine: MachineOptions,
    loads: TaskLoad[],
    private readonly policy: Policy,
  ) {
    this.cpus = makeCpus(machine);
    this.tasks = loads.map((load, i) => new Task(i, load));
    for (const task of this.tasks) this.plan(task, 0);
    for (const cpu of this.cpus) this.at(TICK_US, () => this.tick(cpu));
  }

  at(us: number, run: () => void): void {
    this.events.add(us, run);
  }

  run(seconds: number): Result {
    const end = seconds * 1e6;
    for (let e = this.events.next(); e && e.at <= end; e = this.events.next()) {
      this.now = e.at;
      e.run();
    }
    this.now = end;
    for (const cpu of this.cpus) cpu.advance(end);
    const sorted = (xs: number[]): number[] => xs.sort((a, b) => a - b);
    return {
      energyJ: this.cpus.reduce((sum, c) => sum + c.energyUj, 0) / 1e6,
      latenciesUs: sorted(this.latencies),
      responsesUs: sorted(this.responses),
      workUs: this.tasks.reduce((sum, t) => sum + t.done, 0),
      jobs: this.jobs,
      seconds,
      busy: this.cpus.map((c) => c.busyUs / end),
    };
  }

  private plan(task: Task, doneUs: number): void {
    const job = task.load.next(doneUs);
    if (job) this.at(Math.max(job.atUs, this.now), () => this.wake(task, job));
  }

  private wake(task: Task, job: Job): void {
    task.job = job;
    task.left = job.workUs;
    task.woke(this.now);
    task.wokenAt = this.now;
    task.runnable = true;
    this.policy.enqueue(this, task, true);
  }

  /** Puts a task on an idle CPU. */
  start(task: Task, cpu: Cpu): void {
    cpu.advance(this.now);
    cpu.readyAt = this.now + cpu.wakeLatency(this.now);
    this.put(task, cpu);
  }

  private put(task: Task, cpu: Cpu): void {
    if (cpu.running) throw new Error(`CPU ${cpu.id} is busy`);
    cpu.running = task;
    task.at = this.now;
    task.prev = cpu;
    task.sliceLeft = this.policy.sliceUs;
    const begins = Math.max(this.now, cpu.readyAt);
    if (task.wokenAt !== undefined) this.latencies.push(begins - task.wokenAt);
    task.wokenAt = undefined;
    this.retime(cpu);
  }

  /** Plans when the CPU's task is done or its slice is over, at the speed that it has now. */
  private retime(cpu: Cpu): void {
    const version = ++cpu.version;
    const task = cpu.running;
    if (!task) return;
    const begins = Math.max(this.now, cpu.readyAt);
    const needs = (task.left * 1024) / cpu.domain.state.performance;
    const us = Math.max(0, Math.min(needs, task.sliceLeft));
    this.at(begins + us, () => {
      if (cpu.version === version) this.stop(cpu);
    });
  }

  /** The task on a CPU is done, or its slice is over. */
  private stop(cpu: Cpu): void {
    cpu.advance(this.now);
    const task = cpu.running!;
    cpu.running = undefined;
    cpu.idleSince = this.now;
    cpu.version++;
    if (task.left <= 1e-6) this.finish(task, cpu);
    else this.policy.enqueue(this, task, false);
    this.fill(cpu);
    this.reclock(cpu);
  }

  private finish(task: Task, cpu: Cpu): void {
    task.runnable = false;
    task.slept();
    this.jobs++;
    this.responses.push(this.now - task.job!.atUs);
    this.policy.slept?.(this, task, cpu);
    this.plan(task, this.now);
  }

  /** Lets an idle CPU take a task that waits. */
  fill(cpu: Cpu): void {
    if (cpu.running) return;
    const task = this.policy.dispatch(this, cpu);
    // It was busy until now, or is woken up for it.
    if (task) this.start(task, cpu);
  }

  private reclock(cpu: Cpu): void {
    const { domain } = cpu;
    for (const c of domain.cpus) c.advance(this.now);
    const wanted = domain.wanted();
    if (wanted === domain.state) return;
    domain.state = wanted;
    for (const c of domain.cpus) this.retime(c);
  }

  private tick(cpu: Cpu): void {
    this.at(this.now + TICK_US, () => this.tick(cpu));
    this.reclock(cpu);
    const task = cpu.running;
    if (!task || this.now < cpu.readyAt || !this.policy.tick?.(this, task, cpu)) return;
    task.sliceLeft = 0;
    this.stop(cpu);
  }
}

/** The value below which a share of sorted values lies. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
