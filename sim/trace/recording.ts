import { LOGGED } from '../kernel/enqueue.js';
import type { Kernel } from '../kernel/kernel.js';
import { Left, Log, type LogEntry } from '../kernel/log.js';
import { Events, Kind } from '../view/events.js';
import { endOf, localQueue, queueName } from '../view/names.js';
import { Numbering, type RecordedTask, type Recording, type Series } from '../view/recording.js';

/** task_struct.__state of a task that leaves its CPU. */
const STATES: Readonly<Record<number, number>> = {
  [Left.IDLE]: 0,
  [Left.SLEEPS]: 1,
  [Left.PREEMPTED]: 0,
  [Left.EXITED]: 0x80,
};

/** What of a recording the events of a run do not tell. */
export type RunFacts = Pick<Recording, 'scheduler' | 'kernel' | 'config' | 'exit'> & {
  series: Series[];
};

/** The events of a run. */
export function recordingOf(kernel: Kernel, facts: RunFacts): Recording {
  const queues = new Numbering();
  const lines = new Numbering();
  const callbacks = new Numbering();
  const events = new Events();
  for (const e of kernel.log.entries) addEntry(events, e, { queues, lines, callbacks });
  return {
    ...facts,
    ...{ origin: 'model', length: kernel.now, dropped: 0, cut: false, events },
    ...{ queues: queues.texts, lines: lines.texts, callbacks: callbacks.texts },
    cpus: kernel.machine.places.map(({ id, core, llc, node, capacity }) => ({
      ...{ id, core, llc, node, capacity },
    })),
    tasks: [...kernel.log.names].map(([pid, { name, group }]): RecordedTask => ({
      pid,
      name,
      process: group || name,
    })),
  };
}

function addEntry(
  events: Events,
  { at, kind, cpu, pid, other, detail, about = '' }: LogEntry,
  { queues, lines, callbacks }: Record<'queues' | 'lines' | 'callbacks', Numbering>,
): void {
  const line = kind !== Log.CALL && about ? lines.of(lineOf(about)) : -1;
  if (kind === Log.SWITCH) {
    const left = Number(detail);
    events.add(at, kind, cpu, pid, other, endOf(STATES[left]!, left === Left.PREEMPTED));
  } else if (kind === Log.INSERT)
    events.add(at, kind, cpu, pid, 0, 0, queues.of(queueOf(detail)), line);
  else if (kind === Log.CALL)
    events.add(at, Kind.CALL, cpu, pid, other, Number(detail), callbacks.of(about));
  else events.add(at, kind, cpu, pid, other, Number(detail));
}

/** A queue of the log, as people know it. */
function queueOf(logged: number | bigint): string {
  if (logged >= 0) return queueName(BigInt(logged));
  if (logged <= LOGGED.local) return localQueue(LOGGED.local - Number(logged));
  return logged === LOGGED.global ? queueName((2n << 62n) | 1n) : 'bypass';
}

/** file:line without the column, and without the way there from the folder of a build. */
function lineOf(where: string): string {
  const parts: string[] = [];
  for (const part of where.replace(/^([^:]+:\d+):\d+$/, '$1').split('/'))
    if (part === '..' && parts.length > 1) parts.pop();
    else if (part !== '.') parts.push(part);
  return parts.join('/');
}
