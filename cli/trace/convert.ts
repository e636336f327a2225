import { Events, Kind } from '../../sim/view/events.js';
import { DEFAULT_SCHEDULER, endOf, queueName } from '../../sim/view/names.js';
import {
  Numbering,
  type RecordedCpu,
  type RecordedTask,
  type Recording,
  type Series,
} from '../../sim/view/recording.js';
import type { TraceEvent } from './event.js';

/** What was recorded of a kernel beside the events. */
export interface TraceFacts {
  /** CLOCK_MONOTONIC, in ns. */
  begin: bigint;
  end: bigint;
  /** CPUs that were online. */
  cpus: RecordedCpu[];
  /** Names of tasks that no event tells, and of processes by their thread group. */
  names: Record<number, string>;
  /** The sched_ext scheduler, undefined if there was none. */
  scheduler?: string | undefined;
  kernel: string;
  config?: Record<string, string>;
  series?: Series[];
  /** Events that there was no room for. */
  dropped: number;
}

const IDLE = 0;

/** Makes a recording of what the tracer told. */
export class Converter {
  private readonly events = new Events();
  private readonly queues = new Numbering();
  private readonly tasks = new Map<number, { name: string; tgid: number | undefined }>();

  constructor(private readonly begin: bigint) {}

  add(e: TraceEvent): void {
    const time = Number(e.time - this.begin);
    if (e.pid !== IDLE) {
      const task = this.tasks.get(e.pid);
      if (task) Object.assign(task, { name: e.comm, tgid: e.tgid });
      else this.tasks.set(e.pid, { name: e.comm, tgid: e.tgid });
    }
    if (e.other !== IDLE && !this.tasks.has(e.other))
      this.tasks.set(e.other, { name: '', tgid: undefined });
    const detail = e.kind === Kind.SWITCH ? endOf(e.state, e.preempted !== 0) : e.state + 1;
    const queue = e.kind === Kind.INSERT ? this.queues.of(queueName(e.dsq)) : -1;
    this.events.add(time, e.kind, e.cpu, e.pid, e.other, detail, queue);
  }

  /** Tasks whose names no event told. */
  get unnamed(): number[] {
    return [...this.tasks].filter(([, { name }]) => name === '').map(([pid]) => pid);
  }

  /** Thread groups; their names are those of their first threads. */
  get groups(): Set<number> {
    return new Set([...this.tasks.values()].flatMap(({ tgid }) => tgid ?? []));
  }

  recording(facts: TraceFacts): Recording {
    const { names, cpus, kernel, series = [], dropped, config = {} } = facts;
    const nameOf = (pid: number): string => this.tasks.get(pid)?.name || names[pid] || 'a task';
    const tasks = [...this.tasks.keys()].map((pid): RecordedTask => {
      const tgid = this.tasks.get(pid)!.tgid ?? pid;
      const process = names[tgid] ?? nameOf(tgid === pid || this.tasks.has(tgid) ? tgid : pid);
      return { pid, name: nameOf(pid), process: `${process} (${tgid})` };
    });
    return {
      ...{ scheduler: facts.scheduler ?? DEFAULT_SCHEDULER, origin: 'kernel', kernel, config },
      ...{ length: Number(facts.end - this.begin), cpus, tasks, series, dropped, cut: false },
      ...{ events: this.events, queues: this.queues.texts, lines: [], callbacks: [] },
      exit: undefined,
    };
  }
}

/** All events at once. */
export function recordingOf(events: Iterable<TraceEvent>, facts: TraceFacts): Recording {
  const converter = new Converter(facts.begin);
  for (const event of events) converter.add(event);
  return converter.recording(facts);
}
