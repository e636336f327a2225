import type { NativeLink } from './addon.js';
import { native, nativeAsync } from './errors.js';
import type { ExitInfo, ExitWatch } from './exit.js';

/** How often the exit record is looked at, in ms: one load from memory. */
const POLL_MS = 50;

/** A running scheduler. Disposing detaches it; the kernel is back on its default scheduler then. */
export class AttachedLink {
  private readonly timer: NodeJS.Timeout;
  private readonly end: Promise<ExitInfo>;
  private resolve: (info: ExitInfo) => void = () => undefined;
  private link: NativeLink | undefined;
  private info: ExitInfo | undefined;

  constructor(
    link: NativeLink,
    private readonly release: () => void,
    private readonly watch: ExitWatch,
  ) {
    this.link = link;
    this.end = new Promise((resolve) => {
      this.resolve = resolve;
    });
    // The timer holds the link: a scheduler does not end because nobody kept the object.
    this.timer = setInterval(() => this.poll(), POLL_MS);
    this.timer.unref();
  }

  /** Whether it is the kernel's scheduler still, as far as is known. */
  get attached(): boolean {
    return this.link !== undefined;
  }

  /**
   * Resolves when the scheduler has ended, whoever ended it. Asking for it keeps the process alive
   * until then.
   */
  get exited(): Promise<ExitInfo> {
    if (!this.info) this.timer.ref();
    return this.end;
  }

  /** Why it ended, if it has. */
  get exit(): ExitInfo | undefined {
    if (!this.info && this.watch.ended) this.finish();
    return this.info;
  }

  private poll(): void {
    if (!this.watch.ended) return;
    const { link } = this;
    this.link = undefined;
    this.finish();
    // The kernel has let go of it already; this frees what is left.
    link?.destroy();
    this.release();
  }

  private finish(): ExitInfo {
    this.info ??= this.watch.read();
    clearInterval(this.timer);
    this.resolve(this.info);
    return this.info;
  }

  /** Detaches and gives what the kernel said of it. Maps and counters stay readable. */
  detach(): ExitInfo {
    const { link } = this;
    this.link = undefined;
    try {
      if (link) native(() => link.destroy());
    } finally {
      if (link) this.release();
      this.finish();
    }
    return this.info!;
  }

  /** The same on another thread: the kernel hands every task back. */
  async detachAsync(): Promise<ExitInfo> {
    const { link } = this;
    this.link = undefined;
    try {
      if (link) await nativeAsync(() => link.destroyAsync());
    } finally {
      if (link) this.release();
      this.finish();
    }
    return this.info!;
  }

  [Symbol.dispose](): void {
    this.detach();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.detachAsync();
  }
}
