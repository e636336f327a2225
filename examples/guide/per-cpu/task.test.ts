// Task: the start stalls. Put each task where it may run, let no CPU be idle while a task waits that it could take.
import { expect, it } from 'vitest';
import { simulate } from 'scxts/sim';
import { given } from '../given.js';

it('runs everybody, everywhere', async () => {
  const run = await simulate(given(import.meta.dirname), {
    ...{ machine: { cpus: 4 }, duration: '35s' },
    tasks: [
      { name: 'pinned', count: 2, cpus: '0', run: 'forever' },
      { name: 'hog', count: 6, run: 'forever' },
      { name: 'web', count: 4, loop: [{ run: '1ms' }, { sleep: '50ms' }] },
    ],
  });
  expect(run.exit.message).not.toMatch(/failed to run/);
  expect(run.exit.error).toBe(false);
  for (const cpu of run.cpus) expect(cpu.busy).toBeGreaterThan(0.98);
  for (const group of run.groups) expect(group.longestWait).toBeLessThan(1e9);
});
