// How fast the model kernel is: virtual time for each second of CPU time, events, memory; and how long a search takes.
import { join } from 'node:path';
import { simulate } from '../../dist/sim/index.js';
import { explore } from '../../dist/sim/explore/explore.js';
import { objectOf } from '../../dist/sim/node/object.js';

const SHORT = process.env['SCXTS_SHORT'] === '1';
const simple = join(import.meta.dirname, '../../examples/simple.ts');
const object = await objectOf(simple);

/** A fifth of the tasks never sleep, the others run for 0.2 ms each 10 ms or so. */
const tasks = (count) => [
  { name: 'hog', count: Math.floor(count / 5), run: 'forever' },
  {
    name: 'web',
    count: count - Math.floor(count / 5),
    loop: [{ run: ['100us', '300us'] }, { sleep: { exponential: '10ms' } }],
  },
];

async function cpuSeconds(run) {
  const before = process.cpuUsage();
  const result = await run();
  const { user, system } = process.cpuUsage(before);
  return { seconds: (user + system) / 1e6, result };
}

for (const [cpus, count, seconds] of [
  [8, 100, 20],
  [128, 2000, 2],
  [1024, 20_000, 0.5],
]) {
  const options = {
    machine: { cpus },
    tasks: tasks(count),
    duration: `${SHORT ? seconds / 20 : seconds}s`,
    trace: false,
  };
  const { seconds: took, result } = await cpuSeconds(() => simulate(simple, options));
  const rss = Math.round(process.memoryUsage().rss / 1e6);
  console.log(
    `${cpus} CPUs, ${count} tasks: ${((SHORT ? seconds / 20 : seconds) / took).toFixed(1)} times real time, ` +
      `${((took * 1e9) / result.events).toFixed(0)} ns an event, ${rss} MB`,
  );
}
const CASES = SHORT ? 5 : 200;
const { seconds } = await cpuSeconds(() =>
  explore(object, {
    ...{ runs: CASES, seed: 1, kernel: '7.3', config: {}, duration: 1e9, cpus: 4, hotplug: true },
  }),
);
console.log(
  `a search: ${((seconds / CASES) * 1000).toFixed(0)} s of CPU time for 1000 cases of 1 s`,
);
