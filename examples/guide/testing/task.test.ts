// Task: find out why the start stalls, and mend it.
import { expect, it } from 'vitest';
import { simulate } from 'scxts/sim';
import { given } from '../given.js';

it.each(['6.12', '7.3'])('runs a task wherever it may run, on Linux %s', async (kernel) => {
  const run = await simulate(given(import.meta.dirname), {
    ...{ kernel, machine: { cpus: 3 }, duration: '5s' },
    tasks: [
      { name: 'hog', count: 3, run: 'forever' },
      { name: 'mover', count: 3, run: 'forever' },
    ],
    events: [
      { at: '500ms', task: 'mover', cpus: '1' },
      { at: '1s', task: 'mover', cpus: '0,2' },
      { at: '1500ms', task: 'mover', cpus: '2' },
    ],
  });
  expect(run.exit.message).not.toMatch(/failed to run/);
  expect(run.exit.error).toBe(false);
  expect(run.group('mover').longestWait).toBeLessThan(500e6);
});
