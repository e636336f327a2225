import { describe, expect, it } from 'vitest';
import { bucketStartUs, commKey, percentile, QosError } from '../../components/qos/index.js';
import { HIST_BUCKETS, reportOf } from '../../components/qos/stats.js';

/** What index.bpf.ts (bucketOf) does. */
function bucketOf(us: number): number {
  let rest = us + 4;
  let power = 0;
  while (rest >= 8) {
    rest >>= 1;
    power++;
  }
  return Math.min(power * 4 + (rest & 3), HIST_BUCKETS - 1);
}

describe('latencies', () => {
  it('fall into the bucket that begins at or below them', () => {
    for (const us of [0, 1, 3, 4, 5, 11, 12, 100, 999, 12_345, 1_000_000]) {
      const bucket = bucketOf(us);
      expect(bucketStartUs(bucket), String(us)).toBeLessThanOrEqual(us);
      expect(bucketStartUs(bucket + 1), String(us)).toBeGreaterThan(us);
    }
  });

  it('have percentiles that are never below the truth and at most a quarter above', () => {
    const hist = new Array<number>(HIST_BUCKETS).fill(0);
    for (let us = 1; us <= 1000; us++) hist[bucketOf(us)]!++;
    const p99 = percentile(hist, 0.99);
    expect(p99).toBeGreaterThanOrEqual(990);
    expect(p99).toBeLessThan(990 * 1.26);
    expect(percentile(new Array<number>(HIST_BUCKETS).fill(0), 0.99)).toBe(0);
  });

  it('are reported for the time since the last reading', () => {
    const hist = (at: number, n: number): number[] =>
      Array.from({ length: HIST_BUCKETS }, (_, i) => (i === at ? n : 0));
    const before = [{ wakeups: 10, waitNs: 1e6, maxWaitNs: 9e5, runNs: 5e6, hist: hist(80, 10) }];
    const now = [{ wakeups: 14, waitNs: 1.4e6, maxWaitNs: 9e5, runNs: 8e6, hist: hist(80, 10) }];
    now[0]!.hist[4] = 4;
    const [report] = reportOf(now, before);
    expect(report).toMatchObject({ wakeups: 4, meanUs: 100, p99Us: bucketStartUs(5), runMs: 3 });
  });
});

describe('rules for names', () => {
  it('hold for a name, or for all that begin so', () => {
    expect(commKey('ffmpeg')).toEqual({ prefix: 56, comm: 'ffmpeg' });
    expect(commKey('kworker*')).toEqual({ prefix: 56, comm: 'kworker' });
    expect(commKey('*')).toEqual({ prefix: 0, comm: '' });
  });
  it('are refused where no task can have the name', () => {
    expect(() => commKey('sixteen-bytes-16')).toThrow(QosError);
    expect(() => commKey('a*b')).toThrow(/\* may only be at the end/);
  });
});
