import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';

const { beats, limit, beatMs, what } = workerData as {
  beats: Int32Array;
  limit: number;
  beatMs: number;
  what: string;
};

let seen = -1;
let missed = 0;
setInterval(() => {
  const now = Atomics.load(beats, 0);
  missed = now === seen ? missed + 1 : 0;
  seen = now;
  if (missed < limit) return;
  const seconds = Math.round((limit * beatMs) / 1000);
  writeSync(
    2,
    `error: ${what} did not return for ${seconds} s; the process is ended, and the scheduler with it\n`,
  );
  process.kill(process.pid, 'SIGKILL');
}, beatMs);
