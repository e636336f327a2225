// Task: the start is refused, for it would not load on Linux 6.12. Make it run there too, and count where the kernel does.
import { expect, it } from 'vitest';
import { simulate } from 'scxts/sim';
import { given } from '../given.js';

it.each(['6.12', '6.16', '7.3'])('runs on Linux %s', async (kernel) => {
  const run = await simulate(given(import.meta.dirname), {
    ...{ kernel, machine: { cpus: 2 }, duration: '1s' },
    tasks: [{ name: 'hog', run: 'forever' }],
  });
  expect(run.exit.error).toBe(false);
  if (kernel === '6.12') expect(run.counters['nr_kept']).toBe(0);
  else expect(run.counters['nr_kept']).toBeGreaterThan(20);
});
