import { Worker } from 'node:worker_threads';

const BEAT_MS = 200;

/**
 * Ends the process when its event loop has stood still for too long, as a user-space half that never
 * returns makes it: nobody would answer Ctrl-C any more. The kernel takes the scheduler away with the
 * process. The watch is a thread of its own, and counts heartbeats rather than time, so that a machine
 * that was suspended wakes up well.
 */
export class HangWatch {
  private readonly beats = new Int32Array(new SharedArrayBuffer(4));
  private readonly timer: NodeJS.Timeout;
  private readonly worker: Worker;

  constructor(patienceMs: number, what: string) {
    this.timer = setInterval(() => Atomics.add(this.beats, 0, 1), BEAT_MS);
    this.timer.unref();
    this.worker = new Worker(new URL('./hang-worker.js', import.meta.url), {
      workerData: {
        beats: this.beats,
        limit: Math.ceil(patienceMs / BEAT_MS),
        beatMs: BEAT_MS,
        what,
      },
    });
    this.worker.unref();
  }

  [Symbol.dispose](): void {
    clearInterval(this.timer);
    void this.worker.terminate();
  }
}
