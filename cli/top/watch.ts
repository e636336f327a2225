import { release } from 'node:os';
import { onlineCpus, schedExtState } from '../../native/runtime/index.js';
import { eventAt } from '../trace/event.js';
import { Tracer } from '../trace/tracer.js';
import { Live } from './live.js';
import type { Snapshot } from './snapshot.js';

/** How often the ring is emptied, ms: it holds some 58,000 events. */
const DRAIN = 200;

/** The machine, watched: a snapshot every so many ms. */
export class Watch implements Disposable {
  private readonly timer: NodeJS.Timeout;
  private readonly live: Live;
  private cpu = process.cpuUsage();
  private due = 0;
  private at = process.hrtime.bigint();

  private constructor(
    private readonly tracer: Tracer,
    private readonly interval: number,
    private readonly told: (snapshot: Snapshot) => void,
  ) {
    this.live = new Live(onlineCpus().toArray(), Number(this.at));
    this.timer = setInterval(() => this.tick(), DRAIN);
  }

  static async start(interval: number, told: (snapshot: Snapshot) => void): Promise<Watch> {
    return new Watch(await Tracer.start('scxts top'), interval, told);
  }

  private tick(): void {
    for (const batch of this.tracer.read())
      batch.forEach((view, at) => this.live.add(eventAt(view, at)));
    this.due += DRAIN;
    if (this.due < this.interval) return;
    this.due = 0;
    const now = process.hrtime.bigint();
    const { user, system } = process.cpuUsage(this.cpu);
    const cost = (user + system) / (Number(now - this.at) / 1000);
    this.cpu = process.cpuUsage();
    this.at = now;
    const { ops, events } = schedExtState();
    const facts = { scheduler: ops, kernel: release(), events, dropped: this.tracer.dropped, cost };
    this.told(this.live.take(Number(now), facts));
  }

  [Symbol.dispose](): void {
    clearInterval(this.timer);
    this.tracer[Symbol.dispose]();
  }
}
