import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runInVm, type VmResult } from '../../vm/index.js';
import { buildScheduler, root } from './examples/build.js';
import { reportsOf, type Report } from './reports.js';

interface Observed {
  score: number;
  pack: boolean;
  inputs: { utilisation: number; waiting: number };
  gained: Record<string, number>;
}

beforeAll(() => buildScheduler(join(root, 'examples', 'nest-energy.ts')), 120_000);

describe.each(['6.12', '6.18', 'newest'])('nest with the energy signal on Linux %s', (kernel) => {
  let result: VmResult;
  let report: Report;

  beforeAll(async () => {
    result = await runInVm({
      kernel,
      cpus: 4,
      timeoutSec: 200,
      cwd: root,
      command: ['node', 'test/vm/energy/nest-guest.mjs'],
    });
    report = reportsOf(result);
  });

  it('ran to its end', () => {
    expect(result.stderr).toBe('');
    expect(result.exitCode).toBe(0);
    expect(report('end')).toMatchObject({
      running: 'enabled',
      kind: 'SCX_EXIT_UNREG',
      state: 'disabled',
    });
  });

  it('keeps a light load in its nests, before and after there was much to do', () => {
    for (const name of ['light', 'again']) {
      const { pack, gained } = report<Observed>(name);
      expect(pack).toBe(true);
      expect(gained['nr_packed']).toBeGreaterThan(20);
      const nested = Object.entries(gained).filter(([k]) =>
        /^wakeup_.*(primary|attached)$/.test(k),
      );
      expect(nested.reduce((sum, [, n]) => sum + n, 0)).toBeGreaterThan(gained['nr_packed']! / 2);
    }
  });

  it('spreads when every CPU is needed', () => {
    const { pack, inputs, gained } = report<Observed>('full');
    expect(pack).toBe(false);
    expect(inputs.utilisation).toBeGreaterThan(0.6);
    expect(gained['nr_spread']! + gained['nr_no_idle']!).toBeGreaterThan(20);
  });
});
