import type { QueueLengths } from './view.js';

/** How long queues are while a recording is gone through. */
export class QueueLog {
  private readonly names: string[];
  private readonly numbers: Map<string, number>;
  private readonly times: number[][];
  private readonly counts: number[][];
  private readonly now: number[];

  constructor(names: readonly string[]) {
    this.names = [...names];
    this.numbers = new Map(names.map((name, i) => [name, i]));
    this.times = names.map(() => []);
    this.counts = names.map(() => []);
    this.now = names.map(() => 0);
  }

  named(name: string): number {
    let queue = this.numbers.get(name);
    if (queue === undefined) {
      queue = this.names.length;
      this.numbers.set(name, queue);
      this.names.push(name);
      this.times.push([]);
      this.counts.push([]);
      this.now.push(0);
    }
    return queue;
  }

  add(time: number, queue: number, n: number): void {
    const count = (this.now[queue]! += n);
    const times = this.times[queue]!;
    // Of one moment the last counts.
    if (times.at(-1) === time) this.counts[queue]![times.length - 1] = count;
    else {
      times.push(time);
      this.counts[queue]!.push(count);
    }
  }

  /** A task is in no queue any more. */
  leave(time: number, task: { queue: number; toLocal: boolean }): void {
    if (task.queue >= 0) this.add(time, task.queue, -1);
    task.queue = -1;
    task.toLocal = false;
  }

  lengths(): QueueLengths[] {
    return this.names.map((name, i) => ({
      name,
      times: Float64Array.from(this.times[i]!),
      lengths: Int32Array.from(this.counts[i]!),
      most: this.counts[i]!.reduce((most, n) => Math.max(most, n), 0),
    }));
  }
}
