import { SimError } from '../errors.js';
import type { Machine } from '../machine/machine.js';
import { Random } from '../random.js';
import { Cgroup } from './cgroup.js';
import type { Costs } from './costs.js';
import { Cpu } from './cpu.js';
import { CpuMask } from './cpumask.js';
import { Dsq, type DsqKey } from './dsq.js';
import type { DumpText } from './dump.js';
import { EventQueue, Timer, type TieBreak } from './events.js';
import { ExitState } from './exit.js';
import type { Features } from './features.js';
import { IdleMasks } from './idle.js';
import { EventLog, Log, type LogEntry } from './log.js';
import { schedule, workDone } from './schedule.js';
import type { CallbackName, Scheduler } from './scheduler.js';
import { settle } from './settle.js';
import { Class, PlainTaskMemory, Task, type TaskMemory } from './task.js';
import { tick } from './tick.js';

export interface KernelOptions {
  machine: Machine;
  features: Features;
  costs: Costs;
  seed: number;
  /** Timer interrupts a second. */
  hz: number;
  /** Keep every event rather than the hash alone. */
  trace: boolean;
  tie?: TieBreak;
  /** Where the fields of a task live that programs see; called once a task. */
  memoryFor?: (pid: number) => TaskMemory;
  /** The line of the scheduler that is being carried out, for a log that is kept. */
  where?: () => string;
  /** Masks that programs see, instead of the kernel's own. */
  masks?: { online: CpuMask; idle: CpuMask; idleCores: CpuMask };
}

/** What tracing programs and reports are told. */
export interface Hooks {
  switched?(cpu: number, preempted: boolean, prev: Task, next: Task): void;
  woken?(p: Task, isNew: boolean): void;
  forked?(parent: Task, child: Task): void;
  exited?(p: Task): void;
  /** A task that was woken up runs, `ns` later. */
  latency?(p: Task, ns: number): void;
  /** A task that was woken up sleeps again, `ns` later. */
  response?(p: Task, ns: number): void;
  /** A task is gone: its memory may be given back. */
  freed?(p: Task): void;
  /** Right before it is freed: programs that listen still see it. */
  freeing?(p: Task): void;
  cgroupMoved?(p: Task): void;
  created?(p: Task): void;
  cgroupCreated?(cgroup: Cgroup): void;
  cgroupChanged?(cgroup: Cgroup): void;
  /** The scheduler is going to end, for the reason in `exit`. */
  ending?(): void;
  /** The scheduler is gone. */
  detached?(): void;
  /** A CPU came or went. */
  onlineChanged?(): void;
  /** After every event: tests check the kernel's own rules. */
  after?(): void;
}

/** What callbacks of one name took. */
export interface CallbackStats {
  calls: number;
  instructions: number;
  ns: number;
}

/** What holds while a callback runs. */
export interface CallFrame {
  cpu: Cpu | null;
  callback: CallbackName | '';
  /** The task that it is about. */
  task: Task | null;
  /** scx_bpf_now() stands still within it. */
  now: number;
  /** Its entry in the log, if one is kept. */
  entry: LogEntry | null;
}

export type SchedExtState = 'disabled' | 'enabling' | 'enabled' | 'disabling';

export const NS_PER_MS = 1_000_000;
/** The slice that the kernel gives: SCX_SLICE_DFL. */
export const SLICE_DEFAULT = 20 * NS_PER_MS;
const MAX_DEPTH = 16;

/** A modelled kernel: its CPUs, tasks and queues, and the scheduler that drives them. The rules are in the files beside. */
export class Kernel {
  readonly machine: Machine;
  readonly features: Features;
  readonly costs: Costs;
  readonly random: Random;
  readonly events: EventQueue;
  readonly log: EventLog;
  readonly hooks: Hooks = {};
  readonly cpus: readonly Cpu[];
  readonly online: CpuMask;
  readonly idle: IdleMasks;
  readonly tasks = new Map<number, Task>();
  readonly queues = new Map<DsqKey, Dsq>();
  readonly globalQueues: readonly Dsq[];
  readonly root: Cgroup;
  readonly cgroups = new Map<number, Cgroup>();
  readonly exit = new ExitState();
  readonly callbackStats = new Map<CallbackName, CallbackStats>();
  /** SCX_EV_* by name without the prefix. */
  readonly eventCounts = new Map<string, number>();
  readonly tickNs: number;

  scheduler: Scheduler | null = null;
  /** The CPU on which things happen at the moment; null: outside of the machine. */
  here: Cpu | null = null;
  state: SchedExtState = 'disabled';
  /** Levels of bypass mode. */
  bypassDepth = 0;
  bypassSince = 0;
  hotplugSequence = 0;
  enableSequence = 0;
  /** CPUs with deferred work. */
  readonly dirty: Cpu[] = [];
  /** The debug dump that is being made. */
  dump: DumpText | null = null;
  watchdogTimer: Timer | undefined;
  disableTimer: Timer | undefined;

  private readonly frames: CallFrame[] = Array.from({ length: MAX_DEPTH }, () => ({
    cpu: null,
    callback: '',
    task: null,
    now: 0,
    entry: null,
  }));
  private depth = 0;
  private nextPid = 1;
  private nextCgroup = 1;

  constructor(readonly options: KernelOptions) {
    const { machine } = options;
    this.machine = machine;
    this.features = options.features;
    this.costs = options.costs;
    this.random = new Random(options.seed);
    this.events = new EventQueue(options.tie);
    this.log = new EventLog(options.trace);
    this.tickNs = Math.round(1e9 / options.hz);
    this.root = this.addCgroup('', null);
    const { masks } = options;
    this.online = masks?.online ?? new CpuMask(machine.cpus);
    for (const cpu of machine.possible) if (!machine.offline.includes(cpu)) this.online.add(cpu);
    this.idle = new IdleMasks(machine, masks?.idle, masks?.idleCores);
    this.globalQueues = Array.from(
      { length: options.features.globalQueuePerNode ? machine.nodes : 1 },
      (_, node) => new Dsq('global', 0, node),
    );
    this.cpus = machine.places.map((place) => this.makeCpu(place.id));
  }

  get now(): number {
    return this.events.now;
  }

  get bypassing(): boolean {
    return this.bypassDepth > 0;
  }

  /** What callback runs; outside of one, a frame without CPU. */
  get frame(): CallFrame {
    return this.frames[this.depth]!;
  }

  /** Every callback is between enter() and leave(). */
  enter(cpu: Cpu, callback: CallbackName, task: Task | null): void {
    if (++this.depth >= MAX_DEPTH)
      throw new SimError('SIM_DEPTH', `callbacks are nested ${MAX_DEPTH} deep, in ${callback}`);
    const frame = this.frames[this.depth]!;
    frame.cpu = cpu;
    frame.callback = callback;
    frame.task = task;
    frame.now = this.events.now;
    if (this.log.keep)
      frame.entry = this.log.note({
        ...{ at: this.now, kind: Log.CALL, cpu: cpu.id, pid: task?.pid ?? 0, other: 0, detail: 0 },
        about: callback,
      });
  }

  /** What the callback took is the CPU's time. */
  leave(): void {
    const frame = this.frames[this.depth--]!;
    const instructions = this.scheduler?.instructions?.() ?? 0;
    const ns = Math.ceil(this.costs.callback + instructions * this.costs.instruction);
    const name = frame.callback as CallbackName;
    let stats = this.callbackStats.get(name);
    if (!stats) this.callbackStats.set(name, (stats = { calls: 0, instructions: 0, ns: 0 }));
    stats.calls++;
    stats.instructions += instructions;
    stats.ns += ns;
    if (frame.entry) frame.entry.detail = instructions;
    frame.entry = null;
    this.steal(frame.cpu!, ns);
  }

  /** The kernel needs so much of a CPU's time: the task on it gets on later. */
  steal(cpu: Cpu, ns: number): void {
    cpu.overhead += ns;
    cpu.overheadTotal += ns;
  }

  /** The line of the scheduler that asks for something; '' outside of a callback, and if nothing is kept. */
  where(): string {
    return this.log.keep && this.depth > 0 ? (this.options.where?.() ?? '') : '';
  }

  count(event: string, n = 1): void {
    this.eventCounts.set(event, (this.eventCounts.get(event) ?? 0) + n);
  }

  /** Something on this CPU is to be done once the operation at hand is over. */
  defer(cpu: Cpu): void {
    if (!this.dirty.includes(cpu)) this.dirty.push(cpu);
  }

  /** Lets events happen until `end` (ns); `stop` is asked after each. */
  run(end: number, stop?: () => boolean): void {
    while (this.step(end)) if (stop?.()) return;
  }

  step(end: number): boolean {
    if (!this.events.step(end)) return false;
    settle(this);
    this.here = null;
    this.hooks.after?.();
    return true;
  }

  /** The queue of the kernel that a CPU takes from when its own is empty. */
  globalQueueOf(cpu: Cpu): Dsq {
    return this.globalQueues[this.features.globalQueuePerNode ? cpu.place.node : 0]!;
  }

  allQueues(): Iterable<Dsq> {
    return [
      ...this.cpus.map((c) => c.local),
      ...this.cpus.map((c) => c.bypassQueue),
      ...this.globalQueues,
      ...this.queues.values(),
    ];
  }

  addCgroup(name: string, parent: Cgroup | null): Cgroup {
    const cgroup = new Cgroup(this.nextCgroup++, name, parent);
    this.cgroups.set(cgroup.id, cgroup);
    this.hooks.cgroupCreated?.(cgroup);
    return cgroup;
  }

  /** A task that does not exist for the scheduler yet: see fork(). */
  makeTask(comm: string, pid = this.nextPid++): Task {
    const memory = this.options.memoryFor?.(pid) ?? new PlainTaskMemory();
    const task = new Task(pid, comm, memory, this.machine.possible.copy(), this.root);
    task.stats.bornAt = this.now;
    return task;
  }

  private makeCpu(id: number): Cpu {
    const cpu = new Cpu(this.machine.places[id]!);
    cpu.online = this.online.has(id);
    cpu.scheduleTimer = new Timer(() => schedule(this, cpu));
    cpu.tickTimer = new Timer(() => tick(this, cpu));
    cpu.workTimer = new Timer(() => workDone(this, cpu));
    const idleTask = this.makeTask(`swapper/${id}`, 0);
    idleTask.class = Class.IDLE;
    idleTask.kernelThread = true;
    idleTask.cpu = id;
    cpu.idleTask = idleTask;
    if (cpu.online) this.idle.set(id, true);
    return cpu;
  }
}
