import { Kind } from './events.js';
import { waitsAfter } from './names.js';
import type { Recording } from './recording.js';

/** How things stood after an event: tasks by pid. */
export interface Moment {
  time: number;
  /** Of each CPU by id; 0 is idle. */
  running: Map<number, number>;
  /** Who is in each dispatch queue, first come first. */
  queues: Map<string, number[]>;
  /** Who can run and is in no queue. */
  elsewhere: number[];
}

/** Numbers of the calls of callbacks among the events. */
export function callsOf({ events }: Recording): number[] {
  const calls: number[] = [];
  for (let i = 0; i < events.length; i++) if (events.kind[i] === Kind.CALL) calls.push(i);
  return calls;
}

/** How things stood before event number `end`: all that came before is gone through. */
export function momentBefore({ events, queues: names, cpus }: Recording, end: number): Moment {
  const running = new Map(cpus.map((cpu) => [cpu.id, 0]));
  const queued = new Map<number, number>();
  const ready = new Set<number>();
  const last = Math.min(end, events.length);
  for (let i = 0; i < last; i++) {
    const pid = events.pid[i]!;
    const kind = events.kind[i]!;
    if (kind === Kind.INSERT) {
      queued.delete(pid);
      queued.set(pid, events.queue[i]!);
      ready.add(pid);
    } else if (kind === Kind.WAKEUP || kind === Kind.WAKEUP_NEW) ready.add(pid);
    else if (kind === Kind.SWITCH) {
      const other = events.other[i]!;
      running.set(events.cpu[i]!, pid);
      if (other !== 0) {
        if (waitsAfter(events.detail[i]!)) ready.add(other);
        else {
          ready.delete(other);
          queued.delete(other);
        }
      }
      ready.delete(pid);
      queued.delete(pid);
    }
  }
  const queues = new Map<string, number[]>();
  for (const [pid, queue] of queued) {
    const name = names[queue] ?? '?';
    const members = queues.get(name);
    if (members) members.push(pid);
    else queues.set(name, [pid]);
  }
  const elsewhere = [...ready].filter((pid) => !queued.has(pid));
  return { time: events.time[Math.max(0, last - 1)] ?? 0, running, queues, elsewhere };
}
