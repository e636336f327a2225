import { Events } from '../../../../sim/view/events.js';
import type { Ask, Told } from './protocol.js';

/** The model kernel in a worker: one run at a time, of what was asked last. */
export class Model {
  private worker: Worker | undefined;
  private number = 0;
  private pending: { number: number; done: (told: Told) => void } | undefined;

  constructor(private readonly base: string) {}

  /** A run; undefined: another one was asked for meanwhile. */
  run(ask: Omit<Ask, 'number' | 'base'>): Promise<Told | undefined> {
    // What still runs is not wanted any more: a worker in the middle of a run hears nothing.
    if (this.pending) this.stop();
    const number = ++this.number;
    const { base } = this;
    return new Promise((resolve) => {
      this.pending = { number, done: resolve };
      this.started().postMessage({ ...ask, number, base });
    });
  }

  stop(): void {
    this.worker?.terminate();
    this.worker = undefined;
    this.pending?.done(undefined as never);
    this.pending = undefined;
  }

  private started(): Worker {
    if (this.worker) return this.worker;
    const worker = new Worker(`${this.base}worker.js`);
    worker.onmessage = ({ data }: MessageEvent<Told>) => {
      if (data.recording) {
        // What came here is a copy without its class.
        data.recording.events = Object.assign(new Events(), data.recording.events);
      }
      const { pending } = this;
      if (pending?.number !== data.number) return;
      this.pending = undefined;
      pending.done(data);
    };
    worker.onerror = (e) => {
      const { pending } = this;
      this.stop();
      pending?.done({
        number: pending.number,
        error: {
          message: e.message || 'the worker ended',
          hint: 'change the load or the program',
          where: '',
        },
      });
    };
    return (this.worker = worker);
  }
}
