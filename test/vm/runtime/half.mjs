// A user-space half: says what it was given, and leaves its loop when it is told to.
import { writeSync } from 'node:fs';

export default async function ({ scheduler, link, signal, restarts }) {
  while (!signal.aborted) {
    const { vtime_now } = scheduler.globals;
    const counters = scheduler.readCounters();
    const line = { type: 'half', restarts, attached: link.attached, vtime: Number(vtime_now) };
    writeSync(1, JSON.stringify({ ...line, nr_shared: Number(counters.nr_shared) }) + '\n');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  writeSync(1, JSON.stringify({ type: 'half', ended: true }) + '\n');
}
