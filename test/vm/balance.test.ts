import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runInVm } from '../../vm/index.js';
import { buildScheduler, root } from './examples/build.js';
import { reportsOf, type Report } from './reports.js';

interface Pass {
  worst: number;
  worstAfter: number;
  moves: number;
  pending: number;
}
interface Converge {
  first: Pass[];
  later: Pass[];
  slow: { state: string; progressed: number[]; after: Pass };
  watched: { violations: unknown[]; samples: number };
  counters: Record<string, number>;
  exit: { kindName: string };
}
interface Killed {
  enabled: string;
  after: string;
  progressed: number[];
}

beforeAll(async () => {
  await buildScheduler(join(root, 'examples', 'simple-balanced.ts'));
}, 120_000);

// Two sockets of two CPUs, each a last-level cache and a NUMA node of its own.
// What it does is shown exactly in the model: test/model/claims.test.ts. Here: over a kernel, whose load has other tasks too.
describe.each(['newest'])('the load balancer on Linux %s', (kernel) => {
  let report: Report;

  beforeAll(async () => {
    const result = await runInVm({
      kernel,
      topology: 'sockets=2,cores=2',
      numaNodes: 2,
      memoryMb: 2048,
      timeoutSec: 230,
      cwd: root,
      command: ['node', 'test/vm/balance-guest.mjs'],
    });
    report = reportsOf(result);
  });

  it('brings a load that starts in one domain to within 10 % in 5 passes, and keeps it there', () => {
    const { first, later, counters } = report<Converge>('converge');
    expect(first[0]!.worst).toBeGreaterThan(0.5);
    expect(first[0]!.moves).toBeGreaterThan(0);
    expect(counters['load_balancer_nr_moved']).toBeGreaterThan(0);
    expect(Math.min(...first.slice(0, 6).map((p) => p.worst))).toBeLessThanOrEqual(0.1);
    // A pass sees all that is runnable: this very process waiting for its CPU is 7 to 15 % of a domain's load.
    const within = later.map((p) => p.worst).sort((a, b) => a - b);
    expect(within[within.length - 2]).toBeLessThanOrEqual(0.1);
    expect(within.at(-1)).toBeLessThanOrEqual(0.2);
  });

  it('moves nothing to and fro once it is balanced', () => {
    const { later } = report<Converge>('converge');
    expect(later.reduce((sum, p) => sum + p.moves, 0)).toBeLessThanOrEqual(1);
  });

  it('never runs a task where it must not', () => {
    const { watched } = report<Converge>('converge');
    expect(watched.samples).toBeGreaterThan(100);
    expect(watched.violations).toEqual([]);
  });

  it('goes on scheduling while the half in user space is busy otherwise', () => {
    const { slow, exit } = report<Converge>('converge');
    expect(slow.state).toBe('enabled');
    for (const ms of slow.progressed) expect(ms).toBeGreaterThan(0);
    expect(slow.after.worst).toBeLessThanOrEqual(0.2);
    expect(exit.kindName).toBe('SCX_EXIT_UNREG');
  });

  it('leaves every task running when that half is killed in a pass', () => {
    const { enabled, after, progressed } = report<Killed>('killed');
    expect(enabled).toBe('enabled');
    expect(after).toBe('disabled');
    for (const ms of progressed) expect(ms).toBeGreaterThan(0);
  });
});
