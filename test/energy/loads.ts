// What the HiKey 960 has to do. Work is that of its fastest CPU at full speed; each job takes up to 30 % more or less.
import type { TaskGroup } from '../../sim/index.js';

const periodic = (name: string, count: number, periodUs: number, workUs: number): TaskGroup => ({
  ...{ name, count, start: [0, periodUs * 1000], apart: [0, periodUs * 1000] },
  loop: [{ run: [workUs * 700, workUs * 1300] }, { period: periodUs * 1000 }],
});

/** Threads of a group that all wake up when a request comes. */
const BURST = 10;

export const LOADS: Readonly<Record<string, readonly TaskGroup[]>> = {
  // Sound, and small chores.
  light: [periodic('sound', 2, 5000, 250), periodic('chore', 3, 100_000, 4000)],
  // A screen that is drawn 60 times a second by three threads, sound, and small chores.
  periodic: [
    periodic('frame', 3, 16_667, 2000),
    periodic('sound', 2, 5000, 250),
    periodic('chore', 4, 50_000, 3000),
  ],
  // Ten threads that wake up when a request comes, three times a second.
  bursty: [
    { name: 'burst', count: BURST, loop: [{ wait: 'request' }, { run: ['4500us', '25500us'] }] },
    {
      name: 'network',
      loop: [{ poisson: '333ms' }, { run: '20us' }, { wake: 'request', count: BURST }],
    },
  ],
  // More that never sleeps than there are CPUs, and something that wants to be served meanwhile.
  saturating: [{ name: 'busy', count: 12, run: 'forever' }, periodic('frame', 2, 16_667, 2000)],
};
