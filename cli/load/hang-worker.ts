import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { every } from '../../native/runtime/timers.js';

const { beats, limit, beatMs, what } = workerData as {
  beats: Int32Array;
  limit: number;
  beatMs: number;
  what: string;
};

let seen = -1;
let missed = 0;
every(beatMs, () => {
  const now = Atomics.load(beats, 0);
  missed = now === seen ? missed + 1 : 0;
  seen = now;
  if (missed < limit) return;
  const seconds = Math.round((limit * beatMs) / 1000);
  try {
    writeSync(
      2,
      `error: ${what} did not return for ${seconds} s; the process is ended, and the scheduler with it\n`,
    );
  } catch {
    // Nobody is there to be told.
  }
  process.kill(process.pid, 'SIGKILL');
});
