// Task: give the scheduler a `config` named slice_ms, 20 unless somebody sets it, and use it for the slice.
import { expect, it } from 'vitest';
import { simulate } from 'scxts/sim';
import { given } from '../given.js';

const worstWait = async (slice_ms: number): Promise<number> => {
  const run = await simulate(given(import.meta.dirname), {
    ...{ machine: { cpus: 2 }, duration: '2s', config: { slice_ms } },
    tasks: [
      { name: 'hog', count: 3, run: 'forever' },
      { name: 'web', loop: [{ run: '1ms' }, { sleep: '30ms' }] },
    ],
  });
  expect(run.exit.error).toBe(false);
  return run.group('web').latency.max;
};

it('lets web wait less if slices are shorter', async () => {
  expect(await worstWait(20)).toBeGreaterThan(10e6); // ns
  expect(await worstWait(2)).toBeLessThan(5e6);
});
