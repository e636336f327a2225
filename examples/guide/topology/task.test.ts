// Task: let a CPU whose cache has nothing waiting take a task from the queue of another cache, if more than two wait there.
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { simulateWithHalf, type Half } from 'scxts/sim';
import { given } from '../given.js';

it('uses all caches, and takes no task from afar without need', async () => {
  const { default: half } = (await import(join(import.meta.dirname, 'half.ts'))) as {
    default: Half;
  };
  const run = await simulateWithHalf(given(import.meta.dirname), {
    ...{ machine: { cpus: 4, llcs: 2 }, duration: '2s', trace: true, half },
    // All on the first cache until 200 ms.
    tasks: [{ name: 'hog', count: 8, cpus: '0-1', run: 'forever' }],
    events: [{ at: '200ms', task: 'hog', cpus: '0-3' }],
  });
  expect(run.exit.error).toBe(false);
  for (const cpu of run.cpus) expect(cpu.busy).toBeGreaterThan(0.85);

  const cache = new Map<number, number>();
  let moves = 0;
  for (const { kind, pid, cpu } of run.trace().events) {
    if (kind !== 0 || pid === 0) continue; // 0: a task starts to run
    const llc = cpu >> 1;
    if ((cache.get(pid) ?? llc) !== llc) moves++;
    cache.set(pid, llc);
  }
  expect(moves).toBeLessThan(40);
});
