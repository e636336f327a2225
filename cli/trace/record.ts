import { release } from 'node:os';
import { onlineCpus, readTopology, schedExtState } from '../../native/runtime/index.js';
import type { RecordBatch } from '../../native/runtime/index.js';
import { pause } from '../../native/runtime/timers.js';
import { readText } from '../../native/runtime/topology/sysfs.js';
import type { RecordedCpu, Recording, Series } from '../../sim/view/recording.js';
import { Converter } from './convert.js';
import { eventAt, type TraceEvent } from './event.js';
import { Tracer } from './tracer.js';

const now = (): bigint => process.hrtime.bigint();
/** How often the ring is emptied, ms. */
const INTERVAL = 50;

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
  using tracer = await Tracer.start('scxts trace');
  const state = schedExtState();
  const batches: RecordBatch<TraceEvent>[] = [];
  const events = new EventCounts();
  // Decoded only when all is over: the recorder must not be the load that it shows.
  const drain = (): void => {
    for (const batch of tracer.read()) batches.push(batch.copy());
  };
  const begin = now();
  onBegin?.(state.ops);
  const until = begin + BigInt(Math.round(durationMs * 1e6));
  // The ring is emptied once in a while: a wake-up for each event would be load of its own.
  while (now() < until && !signal?.aborted) {
    await pause(Math.min(INTERVAL, durationMs), signal);
    drain();
    events.look(Number(now() - begin));
  }
  const end = now();
  drain();
  onEnd?.(batches.reduce((sum, batch) => sum + batch.length, 0));
  const converter = new Converter(begin);
  for (const batch of batches) batch.forEach((view, at) => converter.add(eventAt(view, at)));
  const names: Record<number, string> = {};
  for (const pid of [...converter.unnamed, ...converter.groups]) {
    const name = readText(`/proc/${pid}/comm`);
    if (name !== undefined) names[pid] = name;
  }
  return converter.recording({
    ...{ begin, end, names, cpus: cpusNow(), kernel: release(), scheduler: state.ops },
    ...{ dropped: tracer.dropped, series: events.series() },
  });
}

/** CPUs that are online, with their places as far as the kernel tells them. */
export function cpusNow(): RecordedCpu[] {
  const places = new Map(readTopology().cpus.map((cpu) => [cpu.id, cpu]));
  return onlineCpus()
    .toArray()
    .map((id) => {
      const { core = -1, llc = -1, node = -1, capacity = 1024 } = places.get(id) ?? {};
      return { id, core, llc, node, capacity };
    });
}

/** The kernel's counts of what went other than planned (SCX_EV_*), as they grow. */
class EventCounts {
  private readonly found = new Map<string, Series>();

  look(time: number): void {
    for (const [name, count] of Object.entries(schedExtState().events)) {
      let series = this.found.get(name);
      if (!series)
        this.found.set(name, (series = { name, unit: '', total: true, times: [], values: [] }));
      if (series.values.at(-1) === Number(count)) continue;
      series.times.push(time);
      series.values.push(Number(count));
    }
  }

  series(): Series[] {
    return [...this.found.values()];
  }
}
