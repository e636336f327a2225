import type { CounterView } from '../native/runtime/index.js';

interface Sample {
  name: string;
  help: string;
  total: bigint;
  /** Undefined where too little time has passed. */
  perSecond: number | undefined;
}

/** Counters and their rates since the last time. */
export class CounterSampler {
  private before = new Map<string, bigint>();
  private at = performance.now();

  constructor(private readonly counters: Record<string, CounterView>) {
    for (const c of Object.values(counters)) this.before.set(c.name, 0n);
  }

  sample(): Sample[] {
    const now = performance.now();
    // The last sample comes right after the one before: over too short a time a rate says nothing.
    const elapsed = (now - this.at) / 1000;
    this.at = now;
    return Object.values(this.counters).map((c) => {
      const total = c.total();
      const perSecond =
        elapsed < 0.2 ? undefined : Number(total - (this.before.get(c.name) ?? 0n)) / elapsed;
      this.before.set(c.name, total);
      return { name: c.name, help: c.help, total, perSecond };
    });
  }
}

/** One block of rows; widths stay the same from one to the next so that the table does not jump. */
export class CounterTable {
  private width = 12;
  private headed = false;

  render(seconds: number, samples: Sample[]): string {
    const nameWidth = Math.max(8, ...samples.map((s) => s.name.length));
    this.width = Math.max(this.width, ...samples.map((s) => s.total.toString().length));
    const lines: string[] = [];
    if (!this.headed) {
      lines.push(
        `${'time'.padStart(6)}  ${'counter'.padEnd(nameWidth)}  ${'total'.padStart(this.width)}  ${'per second'.padStart(12)}`,
      );
      this.headed = true;
    }
    samples.forEach((s, i) => {
      const time = i === 0 ? `${seconds.toFixed(0)} s` : '';
      lines.push(
        `${time.padStart(6)}  ${s.name.padEnd(nameWidth)}  ${s.total.toString().padStart(this.width)}  ${(s.perSecond === undefined ? '-' : Math.round(s.perSecond).toString()).padStart(12)}  ${s.help}`.trimEnd(),
      );
    });
    return lines.join('\n') + '\n';
  }
}
