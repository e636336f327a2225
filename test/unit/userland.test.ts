import { expect, it } from 'vitest';
import { quantiles } from '../../components/userland/histogram.js';
import { WeightedFair, type Ready } from '../../components/userland/policy.js';

const SLICE = 20_000_000n;
const task = (tid: number, weight: number, ran: bigint): Ready => ({
  tid,
  tgid: tid,
  weight,
  cpu: 0,
  ran,
  at: 0n,
});

it('shares one CPU by weight', () => {
  const policy = new WeightedFair();
  const weights = [100, 100, 300, 10];
  const ran = weights.map(() => 0n);
  const order = policy.decide(weights.map((w, i) => task(i, w, 0n))).map((d) => d.order);
  for (let turn = 0; turn < 51_000; turn++) {
    const next = order.reduce((best, o, i) => (o < order[best]! ? i : best), 0);
    ran[next]! += SLICE;
    order[next] = policy.decide([task(next, weights[next]!, ran[next]!)])[0]!.order;
  }
  const shares = ran.map((r) => Number(r / SLICE) / 100);
  [100, 100, 300, 10].forEach((due, i) => {
    expect(shares[i]! / due).toBeGreaterThan(0.9);
    expect(shares[i]! / due).toBeLessThan(1.1);
  });
});

it('gives one that slept no more than a slice of credit, and a thread id that is used again none', () => {
  const policy = new WeightedFair();
  policy.decide([task(1, 100, 0n), task(2, 100, 5_000_000n)]);
  let far = 0n;
  for (let turn = 1n; turn <= 100n; turn++)
    far = policy.decide([task(1, 100, turn * SLICE)])[0]!.order;
  const slept = policy.decide([task(2, 100, 5_000_000n)])[0]!.order;
  expect(far - slept).toBeLessThanOrEqual(2n * SLICE);
  expect(policy.decide([task(2, 100, 0n)])[0]!.order).toBeGreaterThanOrEqual(far - SLICE);
});

it('forgets tasks beyond those that it has room for', () => {
  const policy = new WeightedFair(2);
  policy.decide([task(1, 100, 0n), task(2, 100, 0n), task(3, 100, 0n)]);
  // Known, 3 is charged for what it ran; 1 is new again.
  const [third] = policy.decide([task(3, 100, 10n * SLICE)]);
  const [first] = policy.decide([task(1, 100, 10n * SLICE)]);
  expect(third!.order - first!.order).toBe(10n * SLICE);
});

it('reads quantiles from the histogram since a time', () => {
  const counts = Array.from({ length: 256 }, () => 0n);
  counts[4 * 10] = 90n; // 1024 to 1279 ns
  counts[4 * 20 + 3] = 10n;
  expect(quantiles(counts)).toEqual({ count: 100, p50: 1.28, p99: 2 ** 21 / 1000 });
  const later = counts.map((n, i) => (i === 40 ? n + 5n : n));
  expect(quantiles(later, counts)).toEqual({ count: 5, p50: 1.28, p99: 1.28 });
  expect(quantiles(counts, counts)).toEqual({ count: 0, p50: 0, p99: 0 });
});
