export interface Quantiles {
  count: number;
  /** us within which half of them, and 99 of 100, were done: upper bounds of buckets a fifth wide. */
  p50: number;
  p99: number;
}

/** Upper bound in us of a bucket of latency.bpf.ts, four to a power of two ns. */
function upperBound(bucket: number): number {
  const power = Math.floor(bucket / 4);
  return power < 2 ? 2 ** (power + 1) / 1000 : (2 ** power * (1 + ((bucket % 4) + 1) / 4)) / 1000;
}

/** Of a histogram since it was `before`. */
export function quantiles(now: readonly bigint[], before: readonly bigint[] = []): Quantiles {
  const counts = Array.from(now, (n, i) => Number(n - (before[i] ?? 0n)));
  const count = counts.reduce((a, b) => a + b, 0);
  const within = (share: number): number => {
    let sum = 0;
    for (const [bucket, n] of counts.entries()) {
      sum += n;
      if (count > 0 && sum >= share * count) return upperBound(bucket);
    }
    return 0;
  };
  return { count, p50: within(0.5), p99: within(0.99) };
}
