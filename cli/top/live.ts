import { Latencies } from '../../sim/report/latency.js';
import { Kind } from '../../sim/view/events.js';
import { DEFAULT_SCHEDULER, LOCAL, localQueue, queueName } from '../../sim/view/names.js';
import type { TraceEvent } from '../trace/event.js';
import type { CpuNow, Snapshot, TaskNow } from './snapshot.js';

/** Moments that are kept to be drawn. */
const HISTORY = 40;
/** Waits are told of the time since the turn before the last, ns. */
const TURN = 10e9;
const IDLE = 0;

class LiveTask {
  name = '';
  process = 0;
  ran = 0;
  cpu = -1;
  /** Where it runs, -1 nowhere. */
  on = -1;
  readySince = -1;
  migrations = 0;
  queue = '';
  waits = new Latencies();
  before = new Latencies();
}

class LiveCpu {
  current = 0;
  since: number;
  busy = 0;
  history: number[] = [];
  constructor(
    readonly id: number,
    now: number,
  ) {
    this.since = now;
  }
}

/** What the machine is told beside the events. */
export interface Facts {
  scheduler: string | undefined;
  kernel: string;
  events: Record<string, bigint>;
  dropped: number;
  cost: number;
}

/** Events of the tracer as they come, summed up from one moment to the next. Times are CLOCK_MONOTONIC in ns. */
export class Live {
  private readonly tasks = new Map<number, LiveTask>();
  private readonly cpus = new Map<number, LiveCpu>();
  private readonly queues = new Map<string, { length: number; most: number }>();
  private readonly eventRates = new Map<string, { last: number; rates: number[] }>();
  private switches = 0;
  private wakeups = 0;
  private last: number;
  private turned: number;

  constructor(cpus: readonly number[], now: number) {
    for (const id of cpus) this.cpus.set(id, new LiveCpu(id, now));
    this.last = this.turned = now;
  }

  add(e: TraceEvent): void {
    const time = Number(e.time);
    if (e.kind === Kind.SWITCH) this.switched(e, time);
    else if (e.kind === Kind.INSERT) this.inserted(e);
    else this.woken(e, time);
  }

  private task(pid: number): LiveTask {
    let task = this.tasks.get(pid);
    if (!task) this.tasks.set(pid, (task = new LiveTask()));
    return task;
  }

  private named(e: TraceEvent): LiveTask {
    const task = this.task(e.pid);
    task.name = e.comm;
    task.process = e.tgid;
    return task;
  }

  private cpu(id: number, now: number): LiveCpu {
    let cpu = this.cpus.get(id);
    if (!cpu) this.cpus.set(id, (cpu = new LiveCpu(id, now)));
    return cpu;
  }

  private switched(e: TraceEvent, time: number): void {
    this.switches++;
    const cpu = this.cpu(e.cpu, time);
    // Before the first switch of a CPU it is not known who runs there: the switch says.
    if (e.other !== IDLE) {
      const other = this.task(e.other);
      const ran = Math.max(0, time - cpu.since);
      other.ran += ran;
      cpu.busy += ran;
      other.on = -1;
      other.cpu = e.cpu;
      if (e.preempted || e.state === 0) other.readySince = time;
      else {
        other.readySince = -1;
        this.leave(other);
      }
      // It has exited.
      if (e.state & 0x80) this.tasks.delete(e.other);
    }
    cpu.since = time;
    cpu.current = e.pid;
    if (e.pid === IDLE) return;
    const task = this.named(e);
    if (task.readySince >= 0) task.waits.add(Math.max(0, time - task.readySince));
    if (task.cpu >= 0 && task.cpu !== e.cpu) task.migrations++;
    task.readySince = -1;
    task.on = task.cpu = e.cpu;
    this.leave(task);
  }

  private woken(e: TraceEvent, time: number): void {
    this.wakeups++;
    const task = this.named(e);
    if (task.on >= 0) return;
    if (task.readySince < 0) task.readySince = time;
    // Where it was put, which is not where it ran last: that is a migration once it runs.
    if (task.queue.startsWith(LOCAL)) this.enter(task, localQueue(e.state));
  }

  private inserted(e: TraceEvent): void {
    const name = queueName(e.dsq);
    this.enter(this.named(e), name === LOCAL ? localQueue(e.state) : name);
  }

  private enter(task: LiveTask, name: string): void {
    this.leave(task);
    let queue = this.queues.get(name);
    if (!queue) this.queues.set(name, (queue = { length: 0, most: 0 }));
    queue.length++;
    queue.most = Math.max(queue.most, queue.length);
    task.queue = name;
  }

  private leave(task: LiveTask): void {
    const queue = this.queues.get(task.queue);
    if (queue) queue.length--;
    task.queue = '';
  }

  /** What there is to tell, since the last time. */
  take(now: number, facts: Facts): Snapshot {
    const span = Math.max(1, now - this.last);
    const cpus = [...this.cpus.values()].sort((a, b) => a.id - b.id);
    for (const cpu of cpus) {
      if (cpu.current === IDLE) continue;
      const ran = Math.max(0, now - cpu.since);
      cpu.busy += ran;
      this.task(cpu.current).ran += ran;
      cpu.since = Math.max(cpu.since, now);
    }
    const told: Snapshot = {
      ...{ scheduler: facts.scheduler ?? DEFAULT_SCHEDULER, kernel: facts.kernel, span },
      cpus: cpus.map((cpu) => this.cpuNow(cpu, span)),
      tasks: [...this.tasks].flatMap(([pid, task]) => taskNow(pid, task, now, span)),
      queues: [...this.queues].map(([name, { length, most }]) => ({ name, length, most })),
      events: Object.entries(facts.events).map(([name, total]) =>
        this.eventNow(name, Number(total), span),
      ),
      ...{ switches: (this.switches / span) * 1e9, wakeups: (this.wakeups / span) * 1e9 },
      ...{ dropped: facts.dropped, cost: facts.cost },
    };
    this.begin(now, cpus);
    return told;
  }

  private begin(now: number, cpus: readonly LiveCpu[]): void {
    this.last = now;
    this.switches = this.wakeups = 0;
    for (const cpu of cpus) cpu.busy = 0;
    for (const queue of this.queues.values()) queue.most = queue.length;
    const turns = now - this.turned >= TURN;
    if (turns) this.turned = now;
    for (const task of this.tasks.values()) {
      task.ran = task.migrations = 0;
      if (!turns) continue;
      task.before = task.waits;
      task.waits = new Latencies();
    }
  }

  private cpuNow(cpu: LiveCpu, span: number): CpuNow {
    const busy = Math.min(1, cpu.busy / span);
    cpu.history = [...cpu.history, busy].slice(-HISTORY);
    const runs = cpu.current === IDLE ? '' : this.task(cpu.current).name || String(cpu.current);
    let waiting = 0;
    for (const task of this.tasks.values())
      if (task.readySince >= 0 && task.on < 0 && task.cpu === cpu.id) waiting++;
    return { id: cpu.id, busy, runs, waiting, history: cpu.history };
  }

  private eventNow(name: string, total: number, span: number): Snapshot['events'][number] {
    let known = this.eventRates.get(name);
    if (!known) this.eventRates.set(name, (known = { last: total, rates: [] }));
    const rate = (Math.max(0, total - known.last) / span) * 1e9;
    known.last = total;
    known.rates = [...known.rates, rate].slice(-HISTORY);
    return { name, total, rate, rates: known.rates };
  }
}

function taskNow(pid: number, task: LiveTask, now: number, span: number): TaskNow[] {
  const all = new Latencies();
  all.addAll(task.before);
  all.addAll(task.waits);
  const { p50, p99, count } = all.summary();
  const waiting = task.readySince >= 0 && task.on < 0 ? Math.max(0, now - task.readySince) : 0;
  if (task.ran === 0 && waiting === 0 && count === 0) return [];
  return [
    {
      ...{ pid, name: task.name || '?', process: task.process, share: task.ran / span },
      ...{ p50, p99, waits: count, waiting, migrations: (task.migrations / span) * 1e9 },
    },
  ];
}
