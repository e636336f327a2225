// Task: follow cpu.weight while the scheduler runs: the weight of /web goes from 100 to 400 after a second.
import { expect, it } from 'vitest';
import { simulate } from 'scxts/sim';
import { given } from '../given.js';

it('gives a cgroup what its weight is now', async () => {
  const options = {
    ...{ machine: { cpus: 2 }, duration: '3s' },
    cgroups: [
      { path: '/web', weight: 100 },
      { path: '/batch', weight: 100 },
    ],
    tasks: [
      { name: 'web', count: 6, cgroup: '/web', run: 'forever' },
      { name: 'batch', count: 12, cgroup: '/batch', run: 'forever' },
    ],
  } as const;
  const shares = async (events: { at: string; cgroup: string; weight: number }[]) => {
    const run = await simulate(given(import.meta.dirname), { ...options, events });
    expect(run.exit.error).toBe(false);
    return run.group('web').share;
  };
  expect(await shares([])).toBeCloseTo(0.5, 1);
  // 100 of 200 for a second, 400 of 500 for two: 70 %.
  expect(await shares([{ at: '1s', cgroup: '/web', weight: 400 }])).toBeCloseTo(0.7, 1);
});
