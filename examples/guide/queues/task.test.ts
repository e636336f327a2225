// Task: add a second queue, for tasks that were woken up, which is emptied before the other one.
import { expect, it } from 'vitest';
import { simulate } from 'scxts/sim';
import { given } from '../given.js';

it('serves who was asleep first, and forgets nobody', async () => {
  const run = await simulate(given(import.meta.dirname), {
    ...{ machine: { cpus: 2 }, duration: '2s' },
    tasks: [
      { name: 'hog', count: 6, run: 'forever' },
      { name: 'web', count: 2, loop: [{ run: '1ms' }, { sleep: '15ms' }] },
    ],
  });
  expect(run.exit.error).toBe(false);
  // Behind at most the slice that runs, not behind all that wait.
  expect(run.group('web').latency.max).toBeLessThan(25e6);
  expect(run.group('hog').share).toBeGreaterThan(0.5);
});
