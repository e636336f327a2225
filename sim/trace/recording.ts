import { LOGGED } from '../kernel/enqueue.js';
import type { Kernel } from '../kernel/kernel.js';
import { Left, Log, type LogEntry } from '../kernel/log.js';

/** The events of a run in the form that cli/trace makes pages and files of: its `Recording`. */
export interface ModelRecording {
  events: {
    time: bigint;
    kind: number;
    cpu: number;
    pid: number;
    other: number;
    state: number;
    preempted: number;
    comm: string;
    dsq: bigint;
  }[];
  begin: bigint;
  end: bigint;
  cpus: number[];
  names: Record<number, string>;
  scheduler: string;
  dropped: number;
}

/** task_struct.__state of a task that leaves its CPU. */
const STATES: Readonly<Record<number, number>> = {
  [Left.IDLE]: 0,
  [Left.SLEEPS]: 1,
  [Left.PREEMPTED]: 0,
  [Left.EXITED]: 0x80,
};

export function recordingOf(kernel: Kernel, scheduler: string): ModelRecording {
  const names: Record<number, string> = Object.fromEntries(kernel.log.names);
  const traced = (e: LogEntry): boolean => e.kind <= Log.INSERT;
  return {
    events: kernel.log.entries.filter(traced).map((e) => ({
      ...{ time: BigInt(Math.round(e.at)), kind: e.kind, cpu: e.cpu, pid: e.pid, other: e.other },
      state: e.kind === Log.SWITCH ? STATES[Number(e.detail)]! : 0,
      preempted: e.kind === Log.SWITCH && e.detail === Left.PREEMPTED ? 1 : 0,
      comm: names[e.pid] ?? '',
      dsq: e.kind === Log.INSERT ? queueId(e.detail) : 0n,
    })),
    ...{ begin: 0n, end: BigInt(Math.round(kernel.now)), names, scheduler, dropped: 0 },
    cpus: kernel.cpus.map((c) => c.id),
  };
}

/** The id as programs write it: enum scx_dsq_id_flags. */
function queueId(logged: number | bigint): bigint {
  if (logged >= 0) return BigInt(logged);
  if (logged > LOGGED.local) return (2n << 62n) | (logged === LOGGED.global ? 1n : 3n);
  return (3n << 62n) | BigInt(LOGGED.local - Number(logged));
}
