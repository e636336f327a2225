import {
  openObject,
  type LoadedScheduler,
  type OpenProgram,
  type RecordBatch,
  type RingBuffer,
} from '../../native/runtime/index.js';
import { preflightBpf } from '../../native/runtime/kernel.js';
import { buildTracer } from './build.js';
import type { TraceEvent } from './event.js';

/** The tracer, listening: who runs, who is woken, who is put into which queue, under any scheduler. */
export class Tracer implements Disposable {
  private constructor(
    private readonly loaded: LoadedScheduler,
    private readonly ring: RingBuffer<TraceEvent>,
  ) {}

  /** Throws where this kernel or user cannot trace; `command` is named then. */
  static async start(command: string): Promise<Tracer> {
    preflightBpf(command);
    const open = openObject(await buildTracer());
    const programs = open.progs as Record<string, OpenProgram>;
    // No kernel has all of the functions that insert into dispatch queues, and one without sched_ext none.
    for (const program of Object.values(programs))
      program.optional = program.section.startsWith('fentry/');
    const loaded = open.loadWithoutScheduler({ onWarning: () => undefined });
    const ring = (loaded.maps as Record<string, unknown>)['events'] as RingBuffer<TraceEvent>;
    for (const [name, program] of Object.entries(
      loaded.progs as Record<string, { attach(): void }>,
    ))
      if (programs[name]?.autoload) program.attach();
    return new Tracer(loaded, ring);
  }

  /** What there is since the last time; gone with the next call, unless copied. */
  *read(): Iterable<RecordBatch<TraceEvent>> {
    for (let batch = this.ring.read(); batch.bytes.length > 0; batch = this.ring.read())
      yield batch;
  }

  /** Events that there was no room for. */
  get dropped(): number {
    return Number(this.ring.dropped ?? 0n);
  }

  [Symbol.dispose](): void {
    this.loaded[Symbol.dispose]();
  }
}
