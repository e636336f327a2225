import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runInVm } from '../../vm/index.js';
import { buildScheduler, root } from './examples/build.js';
import type { Quantiles } from '../../components/userland/histogram.js';
import { reportsOf, type Report } from './reports.js';

interface Decided {
  /** ms of CPU time: three tasks of nice 0, two of nice 10. */
  shares: number[];
  latency: { decided: Quantiles; ran: Quantiles };
  counters: Record<string, number>;
}
interface Paused {
  progressed: number[];
  stalled: boolean;
  recovered: boolean;
  state: string;
  stalls: number;
  counters: Record<string, number>;
}
interface Killed {
  enabled: string;
  after: string;
  progressed: number[];
}

beforeAll(() => buildScheduler(join(root, 'examples', 'userland-component.ts')), 120_000);

describe.each(['6.12', '6.18', 'newest'])('the userland component on Linux %s', (kernel) => {
  let report: Report;

  beforeAll(async () => {
    const result = await runInVm({
      kernel,
      topology: 'cores=2',
      memoryMb: 2048,
      timeoutSec: 220,
      cwd: root,
      command: ['node', 'test/vm/userland-guest.mjs'],
    });
    report = reportsOf(result);
  });

  it('runs tasks as the policy in user space says: by weight', () => {
    const { shares, latency, counters } = report<Decided>('decided');
    const heavy = shares.slice(0, 3).reduce((a, b) => a + b) / 3;
    const light = shares.slice(3).reduce((a, b) => a + b) / 2;
    // Due 9.1 with one CPU to share among all.
    expect(heavy / light).toBeGreaterThan(3);
    expect(counters['userland_nr_decided']).toBeGreaterThan(600);
    const { decided, ran } = latency;
    expect(decided.count).toBeGreaterThan(500);
    const us = (q: Quantiles): string => `p50 ${q.p50.toFixed(0)} us, p99 ${q.p99.toFixed(0)} us`;
    console.log(`Linux ${kernel}: ready to released ${us(decided)}; ready to running ${us(ran)}`);
  });

  it('leaves tasks running while user space pauses for 1 s, and decides again after that', () => {
    const { progressed, recovered, state, stalled, stalls, counters } = report<Paused>('paused');
    for (const ms of progressed) expect(ms).toBeGreaterThan(0);
    expect(state).toBe('enabled');
    // A stall that began before the pause is not counted a second time.
    expect(stalled || stalls > 0).toBe(true);
    expect(counters['userland_nr_kernel']).toBeGreaterThan(0);
    expect(recovered).toBe(true);
  });

  it('is gone when its process is killed', () => {
    const { enabled, after, progressed } = report<Killed>('killed');
    expect(enabled).toBe('enabled');
    expect(after).toBe('disabled');
    for (const ms of progressed) expect(ms).toBeGreaterThan(0);
  });
});
