import type { NativeLink } from './addon.js';
import { native } from './errors.js';
import type { ExitInfo, ExitWatch } from './exit.js';

/** How often the exit record is looked at: it is memory, so that costs nothing. */
const EXIT_POLL_MS = 50;

/** A running scheduler. Disposing detaches it; the kernel is back on its default scheduler then. */
export class AttachedLink {
  /** Resolves when the scheduler has ended, whoever ended it. */
  readonly exited: Promise<ExitInfo>;
  private readonly timer: NodeJS.Timeout;
  private attached = true;
  private resolve: (info: ExitInfo) => void = () => undefined;

  constructor(
    private readonly link: NativeLink,
    private readonly others: NativeLink[],
    private readonly watch: ExitWatch,
  ) {
    this.exited = new Promise((resolve) => {
      this.resolve = resolve;
    });
    this.timer = setInterval(() => this.poll(), EXIT_POLL_MS);
    this.timer.unref();
  }

  /** Why it ended, if it has. */
  get exit(): ExitInfo | undefined {
    return this.watch.ended ? this.watch.read() : undefined;
  }

  private poll(): void {
    if (!this.watch.ended) return;
    clearInterval(this.timer);
    this.resolve(this.watch.read());
  }

  /** Detaches and gives what the kernel said of it. Maps and counters stay readable. */
  detach(): ExitInfo | undefined {
    if (this.attached) {
      this.attached = false;
      native(() => this.link.destroy());
      this.others.forEach((l) => l.destroy());
      this.poll();
    }
    return this.exit;
  }

  [Symbol.dispose](): void {
    this.detach();
  }
}
