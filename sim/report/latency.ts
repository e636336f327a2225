/** Buckets of a power of two. */
const STEPS = 32;

/** Of times in ns. */
export interface Quantiles {
  mean: number;
  p50: number;
  p99: number;
  max: number;
  count: number;
}

/** Times in buckets that are at most 3 % wide: percentiles of any number of them in little memory. */
export class Latencies {
  private readonly counts: number[] = [];
  private count = 0;
  private max = 0;
  private sum = 0;

  add(ns: number): void {
    this.count++;
    this.sum += ns;
    if (ns > this.max) this.max = ns;
    const bucket = bucketOf(ns);
    this.counts[bucket] = (this.counts[bucket] ?? 0) + 1;
  }

  /** Times below which a part of all are: the upper end of their bucket. */
  percentile(part: number): number {
    let left = Math.ceil(this.count * part);
    for (const [bucket, n] of this.counts.entries()) {
      left -= n ?? 0;
      if (left <= 0) return Math.min(this.max, upperEnd(bucket));
    }
    return this.max;
  }

  /** All of another in this one. */
  addAll(other: Latencies): void {
    this.count += other.count;
    if (other.max > this.max) this.max = other.max;
    for (const [bucket, n] of other.counts.entries())
      if (n) this.counts[bucket] = (this.counts[bucket] ?? 0) + n;
  }

  /** How many there were from each time (ns) on, up to the next; times in which there were none are left out. */
  buckets(): { from: number; to: number; count: number }[] {
    return this.counts.flatMap((count, bucket) =>
      count ? [{ from: lowerEnd(bucket), to: upperEnd(bucket) + 1, count }] : [],
    );
  }

  summary(): Quantiles {
    if (this.count === 0) return { mean: 0, p50: 0, p99: 0, max: 0, count: 0 };
    return {
      ...{ mean: this.sum / this.count, p50: this.percentile(0.5), p99: this.percentile(0.99) },
      ...{ max: this.max, count: this.count },
    };
  }
}

function bucketOf(ns: number): number {
  if (ns < STEPS) return Math.floor(ns);
  let exponent = 0;
  let value = ns;
  while (value >= 2 * STEPS) {
    value /= 2;
    exponent++;
  }
  return (exponent + 1) * STEPS + Math.floor(value) - STEPS;
}

function lowerEnd(bucket: number): number {
  return bucket === 0 ? 0 : upperEnd(bucket - 1) + 1;
}

function upperEnd(bucket: number): number {
  if (bucket < STEPS) return bucket;
  const exponent = Math.floor(bucket / STEPS) - 1;
  return ((bucket % STEPS) + STEPS + 1) * 2 ** exponent - 1;
}
