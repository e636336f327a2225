import type { Kernel } from '../kernel/kernel.js';
import type { Series } from '../view/recording.js';

/** How often in a run values are looked at. */
const SAMPLES = 500;

/** Looks at what has a value all the time (counters, events, clocks, energy) while a run goes on. */
export class Sampler {
  private readonly found = new Map<string, Series>();
  private readonly step: number;
  private due = 0;

  constructor(
    private readonly kernel: Kernel,
    duration: number,
    /** Totals of the scheduler's counters. */
    private readonly counters: () => readonly { name: string; total: number }[],
  ) {
    this.step = duration / SAMPLES;
  }

  /** Called after every event: looks if it is time. */
  look(): void {
    if (this.kernel.now < this.due) return;
    this.due = (Math.floor(this.kernel.now / this.step) + 1) * this.step;
    this.sample();
  }

  sample(): void {
    const { kernel } = this;
    for (const { name, total } of this.counters()) this.note(name, '', true, total);
    for (const [name, count] of kernel.eventCounts) this.note(`SCX_EV_${name}`, '', true, count);
    let energy = 0;
    for (const cpu of kernel.cpus) {
      if (!cpu.state) continue;
      this.note(`CPU ${cpu.id}`, 'kHz', false, cpu.state.frequencyKhz);
      energy += cpu.energyUj / 1e6;
    }
    if (energy > 0) this.note('energy', 'J', true, energy);
  }

  series(): Series[] {
    return [...this.found.values()];
  }

  /** Values that did not change are not kept twice. */
  private note(name: string, unit: string, total: boolean, value: number): void {
    let series = this.found.get(name);
    if (!series) this.found.set(name, (series = { name, unit, total, times: [], values: [] }));
    if (series.values.at(-1) === value) return;
    series.times.push(this.kernel.now);
    series.values.push(value);
  }
}
