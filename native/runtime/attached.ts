import type { NativeLink } from './addon.js';
import type { Clock, Repeating } from './backend.js';
import { native, nativeAsync, ScxtsError } from './errors.js';
import type { ExitInfo, ExitWatch } from './exit.js';

/** How often the exit record is looked at, in ms: one load from memory. */
const POLL_MS = 50;

/** The kernel's side of it. */
export type KernelLink = Pick<NativeLink, 'destroy' | 'destroyAsync'>;

/** A running scheduler. Disposing detaches it; the kernel is back on its default scheduler then. */
export class AttachedLink {
  private readonly timer: Repeating;
  private readonly end: Promise<ExitInfo>;
  private resolve: (info: ExitInfo) => void = () => undefined;
  private link: KernelLink | undefined;
  private info: ExitInfo | undefined;
  private detaching: Promise<ExitInfo> | undefined;
  private done = false;

  constructor(
    link: KernelLink,
    /** The programs beside it, which are detached after it. */
    private readonly beside: { detach(): void; detachAsync(): Promise<void> },
    private readonly watch: ExitWatch,
    clock: Clock,
  ) {
    this.link = link;
    this.end = new Promise((resolve) => {
      this.resolve = resolve;
    });
    // The timer holds the link: a scheduler does not end because nobody kept the object.
    this.timer = clock.every(POLL_MS, () => this.poll());
    this.timer.unref();
  }

  /** Whether it is the kernel's scheduler still, as far as is known. */
  get attached(): boolean {
    return this.link !== undefined && !this.watch.ended;
  }

  /** Whether nothing of it is left in the kernel. @internal */
  get released(): boolean {
    return this.done;
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
    // The kernel has let go of it already; this frees what is left.
    if (this.watch.ended) this.detachAsync().catch(() => undefined);
  }

  private finish(): ExitInfo {
    this.info ??= this.watch.read();
    this.timer.stop();
    this.resolve(this.info);
    return this.info;
  }

  /**
   * Detaches and gives what the kernel said of it; once it has ended, just that. Maps and counters stay
   * readable. Blocks for as long as the kernel takes to hand every task back.
   */
  detach(): ExitInfo {
    if (this.detaching && !this.done)
      throw new ScxtsError('ERR_PHASE', 'the scheduler is being detached; await detachAsync()');
    const { link } = this;
    this.link = undefined;
    if (!link) return this.finish();
    try {
      native(() => link.destroy());
    } finally {
      this.beside.detach();
      this.done = true;
      this.finish();
    }
    return this.info!;
  }

  /** The same on another thread. */
  detachAsync(): Promise<ExitInfo> {
    // All who ask while it goes on wait for the same end.
    this.detaching ??= this.link ? this.detachNow(this.link) : Promise.resolve(this.finish());
    return this.detaching;
  }

  private async detachNow(link: KernelLink): Promise<ExitInfo> {
    this.link = undefined;
    try {
      await nativeAsync(() => link.destroyAsync());
    } finally {
      await this.beside.detachAsync();
      this.done = true;
      this.finish();
    }
    return this.info!;
  }

  [Symbol.dispose](): void {
    // One that is being detached comes to its end without help.
    if (!this.detaching) this.detach();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.detachAsync();
  }
}
