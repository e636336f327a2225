import type { Load } from './description.js';

/** What runs if nothing else is asked for: half of the CPUs' worth of hogs too many, servers, pipes and short jobs. */
export function defaultLoad(cpus: number): Load {
  const half = Math.max(1, Math.floor(cpus / 2));
  return {
    tasks: [
      { name: 'hog', count: cpus, run: 'forever' },
      { name: 'nice-hog', count: half, nice: 10, run: 'forever' },
      {
        ...{ name: 'server', count: 2 * cpus },
        loop: [{ run: ['100us', '400us'] }, { sleep: { exponential: '5ms' } }],
      },
      { name: 'frame', count: half, loop: [{ run: '2ms' }, { period: '16667us' }] },
      {
        ...{ name: 'ping', count: half },
        loop: [{ run: '30us' }, { wake: 'ping', sync: true }, { wait: 'pong' }, { sleep: '1ms' }],
      },
      {
        name: 'pong',
        count: half,
        loop: [{ wait: 'ping' }, { run: '30us' }, { wake: 'pong', sync: true }],
      },
      { name: 'spawner', loop: [{ run: '200us' }, { fork: 'job', count: 4 }, { sleep: '50ms' }] },
      { name: 'job', count: 0, start: 'never', run: '3ms' },
    ],
  };
}
