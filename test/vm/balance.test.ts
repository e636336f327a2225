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
  for (const name of ['simple-balanced', 'rusty'])
    await buildScheduler(join(root, 'examples', `${name}.ts`));
}, 120_000);

// Two sockets of two CPUs, each a last-level cache and a NUMA node of its own.
describe.each(['6.12', '6.18', 'newest'])('the load balancer on Linux %s', (kernel) => {
  let report: Report;

  beforeAll(async () => {
    const result = await runInVm({
      kernel,
      // Our build of 6.12 has room for two CPUs.
      topology: kernel === '6.12' ? 'sockets=2,cores=1' : 'sockets=2,cores=2',
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

  it('is what rusty is made of', () => {
    const { passes, counters } = report<{
      passes: Pass[];
      counters: Record<string, number>;
    }>('rusty');
    expect(passes[0]!.worst).toBeGreaterThan(0.5);
    expect(Math.min(...passes.slice(-2).map((p) => p.worst))).toBeLessThanOrEqual(0.1);
    expect(counters['nr_queued']).toBeGreaterThan(0);
  });
});

interface Greedy {
  watched: { violations: unknown[]; samples: number };
  counters: Record<string, number>;
  exit: { kindName: string };
}

// One kernel is enough: it is the balancer's own code that decides.
describe('greedy CPUs on Linux 6.18', () => {
  let report: Report;

  beforeAll(async () => {
    const result = await runInVm({
      kernel: '6.18',
      topology: 'sockets=2,cores=2',
      numaNodes: 2,
      memoryMb: 2048,
      timeoutSec: 230,
      cwd: root,
      command: ['node', 'test/vm/balance-guest.mjs', 'greedy'],
    });
    report = reportsOf(result);
  });

  it('take tasks that wait for another domain, and only those that may come', () => {
    const { watched, counters, exit } = report<Greedy>('stealing');
    expect(counters['load_balancer_nr_stolen_far']).toBeGreaterThanOrEqual(50);
    expect(watched.violations).toEqual([]);
    expect(watched.samples).toBeGreaterThan(0);
    expect(exit.kindName).toBe('SCX_EXIT_UNREG');
  });

  it('are given tasks that wake up in a busy domain, once the tuner says that there is time to spare', () => {
    const { before, spare, watched, counters } = report<
      Greedy & { before: number; spare: number[] }
    >('direct');
    expect(before).toBe(0);
    expect(counters['load_balancer_nr_idle_far']).toBeGreaterThanOrEqual(20);
    expect(counters['load_balancer_nr_stolen_far']).toBe(0);
    expect(Object.values(spare)).toContain(1);
    expect(watched.violations).toEqual([]);
    expect(watched.samples).toBeGreaterThan(0);
  });
});
