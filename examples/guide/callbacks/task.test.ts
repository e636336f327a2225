// Task: count how often a task stopped because it had nothing more to do, and how often although it had.
import { expect, it } from 'vitest';
import { simulate } from 'scxts/sim';
import { given } from '../given.js';

it('tells who goes to sleep from who has to stop', async () => {
  const run = await simulate(given(import.meta.dirname), {
    ...{ machine: { cpus: 1 }, duration: '1s' },
    tasks: [
      { name: 'hog', count: 2, run: 'forever' },
      { name: 'web', loop: [{ run: '1ms' }, { sleep: '100ms' }], times: 5 },
    ],
  });
  // Five times asleep or at its end; about fifty slices of 20 ms in a second.
  expect(run.counters['nr_slept']).toBe(6);
  expect(run.counters['nr_ousted']).toBeGreaterThan(40);
  expect(run.counters['nr_ousted']).toBeLessThan(55);
});
