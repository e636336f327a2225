// Task: write the userspace half in task.half.ts.
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { simulateWithHalf, type Half } from 'scxts/sim';
import { given } from '../given.js';

it('lets the short ones go first', async () => {
  const { default: half } = (await import(given(import.meta.dirname, 'task.half'))) as {
    default: Half;
  };
  const run = await simulateWithHalf(join(import.meta.dirname, 'task.ts'), {
    ...{ machine: { cpus: 1 }, duration: '6s', half },
    tasks: [
      // Short ones, and two kinds that want a CPU all the time.
      { name: 'web', count: 2, loop: [{ run: '1ms' }, { sleep: '50ms' }] },
      { name: 'build', count: 5, loop: [{ run: '60ms' }, { sleep: '1ms' }] },
    ],
  });
  expect(run.exit.error).toBe(false);
  // Behind the slice that runs, and each other; five slices are 25 ms.
  expect(run.group('web').latency.p50).toBeLessThan(8e6);
  expect(run.group('build').share).toBeGreaterThan(0.8);
});
