/** Asks to stop on SIGINT and SIGTERM, and after a time; a second signal ends the process at once. */
export class Stop {
  private readonly controller = new AbortController();
  private readonly onSignal = (signal: NodeJS.Signals): void => {
    // The kernel goes back to its default scheduler however the process ends.
    if (this.controller.signal.aborted) process.exit(signal === 'SIGINT' ? 130 : 143);
    this.now();
  };
  private timer: NodeJS.Timeout | undefined;

  constructor() {
    process.on('SIGINT', this.onSignal);
    process.on('SIGTERM', this.onSignal);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  now(): void {
    this.controller.abort();
  }

  after(ms: number): void {
    this.timer ??= setTimeout(() => this.now(), ms);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.timer);
    process.off('SIGINT', this.onSignal);
    process.off('SIGTERM', this.onSignal);
  }
}
