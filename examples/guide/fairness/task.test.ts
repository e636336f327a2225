// Task: a task that slept for long, or is new, must not keep all others waiting until it has caught up with them.
import { expect, it } from 'vitest';
import { simulate } from 'scxts/sim';
import { given } from '../given.js';

it('is fair by weight, and lets nobody save up time by sleeping', async () => {
  const run = await simulate(given(import.meta.dirname), {
    ...{ machine: { cpus: 1 }, duration: '6s' },
    tasks: [
      { name: 'normal', count: 3, run: 'forever' },
      { name: 'nice', count: 3, nice: 5, run: 'forever' },
      { name: 'sleeper', loop: [{ sleep: '2s' }, { run: '1s' }] },
      { name: 'late', start: '1s', run: 'forever' },
    ],
  });
  expect(run.exit.error).toBe(false);
  expect(run.group('normal').longestWait).toBeLessThan(200e6);
  // A weight of nice 5 is 33, of nice 0 100.
  const ratio = run.group('normal').cpuTime / run.group('nice').cpuTime;
  expect(ratio).toBeGreaterThan(2.6);
  expect(ratio).toBeLessThan(3.4);
  // 'late' was not there in the first second.
  expect(run.group('late').cpuTime).toBeLessThan(run.group('normal').cpuTime / 3);
});
