import {
  onlineCpus,
  openObject,
  schedExtState,
  type OpenProgram,
  type RecordBatch,
  type RingBuffer,
} from '../../native/runtime/index.js';
import { pause } from '../../native/runtime/timers.js';
import { preflightBpf } from '../../native/runtime/kernel.js';
import { readText } from '../../native/runtime/topology/sysfs.js';
import { buildTracer } from './build.js';
import type { Recording, TraceEvent } from './model.js';

const now = (): bigint => process.hrtime.bigint();

export interface RecordOptions {
  durationMs: number;
  /** Ends it earlier. */
  signal?: AbortSignal;
  /** From here on everything is recorded. */
  onBegin?: (scheduler: string | undefined) => void;
  /** It is over; what is left to do needs no scheduler. */
  onEnd?: (events: number) => void;
}

/** Records who runs where. The kernel's own scheduler is shown as well as any other. */
export async function record(options: RecordOptions): Promise<Recording> {
  const { durationMs, signal, onBegin, onEnd } = options;
  preflightBpf('scxts trace');
  const open = openObject(await buildTracer());
  // No kernel has all of the functions that insert into dispatch queues, and one without sched_ext none.
  for (const program of Object.values<OpenProgram>(open.progs))
    program.optional = program.section.startsWith('fentry/');
  using tracer = open.loadWithoutScheduler({ onWarning: () => undefined });
  const ring = (tracer.maps as Record<string, unknown>)['events'] as RingBuffer<TraceEvent>;
  const state = schedExtState();
  const batches: RecordBatch<TraceEvent>[] = [];
  // Decoded only when all is over: the recorder must not be the load that it shows.
  const drain = (): void => {
    for (let batch = ring.read(); batch.bytes.length > 0; batch = ring.read())
      batches.push(batch.copy());
  };
  const programs = open.progs as Record<string, OpenProgram>;
  for (const [name, program] of Object.entries(tracer.progs as Record<string, { attach(): void }>))
    if (programs[name]?.autoload) program.attach();
  const begin = now();
  onBegin?.(state.ops);
  const until = begin + BigInt(Math.round(durationMs * 1e6));
  // The ring is emptied once in a while: a wake-up for each event would be load of its own.
  while (now() < until && !signal?.aborted) {
    await pause(Math.min(50, durationMs), signal);
    drain();
  }
  const end = now();
  drain();
  onEnd?.(batches.reduce((sum, batch) => sum + batch.length, 0));
  const events = batches.flatMap((batch) => [...batch]);
  const names: Record<number, string> = {};
  for (const pid of new Set(events.map((e) => e.other))) {
    const name = readText(`/proc/${pid}/comm`);
    if (name !== undefined) names[pid] = name;
  }
  return {
    events,
    begin,
    end,
    cpus: onlineCpus().toArray(),
    names,
    scheduler: state.ops,
    dropped: Number(ring.dropped ?? 0n),
  };
}
