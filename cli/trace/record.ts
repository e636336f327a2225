import { readFileSync } from 'node:fs';
import { parseCpuList, readText } from '../../components/sysfs.js';
import { openObject, schedExtState } from '../../native/runtime/index.js';
import { preflightBpf } from '../../native/runtime/kernel.js';
import { buildTracer } from './build.js';
import type { Recording, TraceEvent } from './model.js';

const onlineCpus = (): number[] =>
  parseCpuList(readFileSync('/sys/devices/system/cpu/online', 'utf8'));

const now = (): bigint => process.hrtime.bigint();

/** Records for so long, or until the signal. The kernel's own scheduler is shown as well as any other. */
export async function record(durationMs: number, signal: AbortSignal): Promise<Recording> {
  preflightBpf('scxts trace');
  const open = openObject(await buildTracer());
  using tracer = open.loadWithoutScheduler({ onWarning: () => undefined });
  const ring = (tracer.maps as Record<string, unknown>)['events'] as {
    drain(): TraceEvent[];
    dropped: bigint | undefined;
  };
  const state = schedExtState();
  const events: TraceEvent[] = [];
  for (const program of Object.values(tracer.progs) as { attach(): void }[]) program.attach();
  const begin = now();
  const until = begin + BigInt(Math.round(durationMs * 1e6));
  // The ring is emptied once in a while: a wake-up for each event would be load of its own.
  while (now() < until && !signal.aborted) {
    await new Promise((resolve) => setTimeout(resolve, Math.min(50, durationMs)));
    for (const event of ring.drain()) events.push(event);
  }
  const end = now();
  for (const event of ring.drain()) events.push(event);
  const names: Record<number, string> = {};
  for (const pid of new Set(events.map((e) => e.other))) {
    const name = readText(`/proc/${pid}/comm`);
    if (name !== undefined) names[pid] = name;
  }
  return {
    events,
    begin,
    end,
    cpus: onlineCpus(),
    names,
    scheduler: state.ops,
    dropped: Number(ring.dropped ?? 0n),
  };
}
