// Task: run tasks of a positive nice value at a quarter of the speed, all others at the whole speed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { simulate, type MachineDescription, type TaskGroup } from 'scxts/sim';
import { given } from '../given.js';

const machine = JSON.parse(
  readFileSync(join(import.meta.dirname, 'machine.json'), 'utf8'),
) as MachineDescription;
const run = (tasks: TaskGroup[]) =>
  simulate(given(import.meta.dirname), { machine, tasks, duration: '2s' });

it('saves energy where nobody is in a hurry', async () => {
  const run1 = await run([{ name: 'index', count: 4, nice: 10, run: 'forever' }]);
  const run2 = await run([{ name: 'game', count: 4, run: 'forever' }]);
  expect(run2.energy).toBeGreaterThan(5); // J
  expect(run1.energy).toBeLessThan(run2.energy / 3);
});

it('is as fast as ever for the others', async () => {
  const { cpus, exit } = await run([
    { name: 'game', count: 1, loop: [{ run: '4ms' }, { period: '16ms' }], cpus: '2' },
    { name: 'index', count: 1, nice: 10, loop: [{ run: '1ms' }, { sleep: '20ms' }], cpus: '2' },
  ]);
  expect(exit.error).toBe(false);
  // A game that the clock of the other task slowed down would need four times as long.
  expect(cpus[2]!.busy).toBeLessThan(0.5);
});
