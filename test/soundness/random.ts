import { random } from '../language/reference.js';

/** Choices of a generator, repeatable by seed. */
export class Random {
  private readonly next: (n: number) => number;

  constructor(seed: number) {
    this.next = random(Math.imul(seed, 0x9e3779b1) ^ 0x5bd1e995);
  }
  /** 0 to n - 1. */
  below(n: number): number {
    return this.next(n);
  }
  between(low: number, high: number): number {
    return low + this.next(high - low + 1);
  }
  chance(percent: number): boolean {
    return this.next(100) < percent;
  }
  pick<T>(items: readonly T[]): T {
    const item = items[this.next(items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }
  some<T>(items: readonly T[], percent: number): T[] {
    return items.filter(() => this.chance(percent));
  }
}
