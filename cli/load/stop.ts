import { after, type Timer } from '../../native/runtime/index.js';
import { readText } from '../../native/runtime/topology/sysfs.js';

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
type Signal = keyof typeof SIGNALS;

/** Those that end it: under nohup(1), which ignores SIGHUP, not that one. */
function endings(): Signal[] {
  const ignored = /^SigIgn:\s*([0-9a-f]+)/m.exec(readText('/proc/self/status') ?? '')?.[1];
  const isNohup = ignored !== undefined && (BigInt(`0x${ignored}`) & 1n) === 1n;
  return isNohup ? ['SIGINT', 'SIGTERM'] : ['SIGINT', 'SIGTERM', 'SIGHUP'];
}

/** Asks to stop on SIGINT, SIGTERM and SIGHUP, and after a time; a second signal ends the process at once. */
export class Stop {
  private readonly controller = new AbortController();
  private readonly onSignal = (signal: NodeJS.Signals): void => {
    // The kernel goes back to its default scheduler however the process ends.
    if (this.controller.signal.aborted) process.exit(SIGNALS[signal as Signal]);
    this.now();
  };
  private timer: Timer | undefined;
  private readonly signals = endings();

  constructor() {
    for (const signal of this.signals) process.on(signal, this.onSignal);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  now(): void {
    this.controller.abort();
  }

  after(ms: number): void {
    this.timer ??= after(ms, () => this.now());
  }

  [Symbol.dispose](): void {
    this.timer?.stop();
    for (const signal of this.signals) process.off(signal, this.onSignal);
  }
}
