// What docs/schedulers/latency.md says of latency, beside simple and the kernel's own scheduler under the same loads.
import { describe, expect, it } from 'vitest';
import { simulate } from '../../sim/index.js';
import type { Run, SimulateOptions, TaskGroup } from '../../sim/index.js';
import { exampleObject } from '../util/built-object.js';

const MS = 1e6;

/** 16 that never sleep, and 2 that hand out 8 pieces of work each every 4 ms, on 8 CPUs. */
const SATURATED: TaskGroup[] = [
  { name: 'batch', count: 16, run: 'forever' },
  {
    name: 'message',
    count: 2,
    loop: [{ repeat: 8, steps: [{ run: '10us' }, { wake: 'work' }] }, { period: '4ms' }],
  },
  { name: 'worker', count: 16, loop: [{ wait: 'work' }, { run: ['300us', '700us'] }] },
];
/** Frames of 60 a second that four others render, and sound, beside a build. */
const GAME: TaskGroup[] = [
  { name: 'compile', count: 16, loop: [{ run: ['20ms', '200ms'] }, { sleep: '1ms' }] },
  {
    name: 'frame',
    loop: [
      { run: '2ms' },
      { repeat: 4, steps: [{ wake: 'job' }] },
      { run: '2ms' },
      { repeat: 4, steps: [{ wait: 'done' }] },
      { run: '1ms' },
      { period: '16667us' },
    ],
  },
  { name: 'render', count: 4, loop: [{ wait: 'job' }, { run: '3ms' }, { wake: 'done' }] },
  { name: 'sound', loop: [{ run: '200us' }, { period: '5ms' }] },
];
/** 20 pairs that hand each other the word. */
const TALK: TaskGroup[] = [
  { name: 'ask', count: 20, loop: [{ run: '10us' }, { wake: 'asked' }, { wait: 'answered' }] },
  { name: 'answer', count: 20, loop: [{ wait: 'asked' }, { run: '10us' }, { wake: 'answered' }] },
];

async function run(name: string | null, options: SimulateOptions): Promise<Run> {
  const object = name === null ? null : await exampleObject(name);
  const result = await simulate(object, { machine: { cpus: 8 }, duration: '3s', ...options });
  if (name !== null) expect(result.exit).toMatchObject({ kindName: 'SCX_EXIT_UNREG', message: '' });
  return result;
}
const work = (r: Run): number => r.groups.reduce((n, g) => n + g.work, 0);

describe.each(['6.12', '6.18', '7.3'])('latency on Linux %s', (kernel) => {
  it('has a tenth of the waits of simple when all CPUs are busy, and less than the kernel has', async () => {
    const [own, simple, none] = await Promise.all(
      ['latency', 'simple', null].map((name) => run(name, { kernel, tasks: SATURATED })),
    );
    const p99 = (r: Run | undefined): number => r!.group('worker').latency.p99;
    expect(p99(own)).toBeLessThan(p99(simple) / 10);
    expect(p99(own)).toBeLessThan(p99(none) / 2);
    expect(work(own!) / work(none!)).toBeGreaterThan(0.97);
  });

  it('draws every frame in time beside a build', async () => {
    const own = await run('latency', { kernel, tasks: GAME });
    expect(own.group('frame').response.p99).toBeLessThan(16.667 * MS);
    for (const name of ['frame', 'render', 'sound'])
      expect(own.group(name).latency.p99).toBeLessThan(1 * MS);
    const simple = await run('simple', { kernel, tasks: GAME });
    expect(simple.group('frame').latency.p99).toBeGreaterThan(5 * MS);
  });

  it('hands the word as fast as the kernel does, within 4 %', async () => {
    const options: SimulateOptions = { kernel, tasks: TALK, duration: '300ms', trace: false };
    const [own, none] = [await run('latency', options), await run(null, options)];
    expect(work(own) / work(none)).toBeGreaterThan(0.96);
  });

  it('keeps shares by weight within 10 %', async () => {
    const own = await run('latency', {
      kernel,
      duration: '10s',
      tasks: [-5, 0, 5].map((nice) => ({ name: `nice ${nice}`, count: 8, nice, run: 'forever' })),
    });
    for (const g of own.groups) expect(Math.abs(g.share / g.due - 1)).toBeLessThan(0.1);
  });

  it('leaves nobody out who may run on one CPU only', async () => {
    const own = await run('latency', {
      kernel,
      tasks: [
        { name: 'hog', count: 16, run: 'forever' },
        { name: 'pinned', count: 2, cpus: '3', run: 'forever' },
      ],
    });
    expect(own.group('pinned').longestWait).toBeLessThan(200 * MS);
  });
});
