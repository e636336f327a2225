// Task: go on when a CPU is taken away and comes back, and leave no task behind in the queue of one that is gone.
import { expect, it } from 'vitest';
import { simulate } from 'scxts/sim';
import { given } from '../given.js';

it('follows CPUs that come and go', async () => {
  const run = await simulate(given(import.meta.dirname), {
    ...{ machine: { cpus: 4 }, duration: '4s' },
    tasks: [{ name: 'hog', count: 8, run: 'forever' }],
    events: [
      { at: '1s', cpu: 3, online: false },
      { at: '3s', cpu: 3, online: true },
    ],
  });
  expect(run.exit.kindName).toBe('SCX_EXIT_UNREG'); // detached at the end, and not before
  expect(run.group('hog').longestWait).toBeLessThan(500e6);
  expect(run.cpus[3]!.busy).toBeGreaterThan(0.4);
  expect(run.cpus[3]!.busy).toBeLessThan(0.6);
});
