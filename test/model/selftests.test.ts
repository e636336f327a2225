import { beforeAll, describe, expect, it } from 'vitest';
import { simulateWithHalf, type LoadEvent, type Run, type TaskGroup } from '../../sim/index.js';
import { modelSequences } from '../selftests/sequences.js';
import { buildSchedulers, CASES, endingOn, KERNELS, type Case } from '../selftests/cases.js';

/** As the guest's: something always runs, something sleeps and forks, one task may use CPU 0 alone. */
const LOAD: TaskGroup[] = [
  { name: 'hog', run: 'forever' },
  { name: 'shell', loop: [{ run: '200us' }, { fork: 'true' }, { sleep: '10ms' }] },
  { name: 'pinned', count: 3, cpus: [0], loop: [{ run: '200us' }, { sleep: '10ms' }] },
  { name: 'true', start: 'never', run: '300us' },
];

async function runCase(of: Case, object: string, kernel: string): Promise<Run> {
  const events: LoadEvent[] = of.hotplug
    ? [
        { at: '200ms', cpu: 1, online: false },
        { at: '400ms', cpu: 1, online: true },
      ]
    : [];
  const stalls = of.scheduler === 'stall';
  return simulateWithHalf(object, {
    ...{ kernel, machine: { cpus: 2 }, events, trace: false },
    duration: stalls ? '3s' : '600ms',
    config: of.config ?? {},
    tasks: [...LOAD, ...(stalls ? [{ name: 'lost', run: 'forever' } as const] : [])],
    async half({ scheduler }) {
      if (!of.program) return;
      await scheduler.clock.wait(200);
      (scheduler.progs as Record<string, { run(): unknown }>)[of.program]!.run();
    },
  });
}

let objects: Map<string, string>;
beforeAll(async () => {
  objects = await buildSchedulers();
}, 180_000);

describe.each(KERNELS)('sched_ext selftests on the model of Linux %s', (kernel) => {
  // The whole sequence is compared with a machine's in test/vm/selftests.test.ts.
  it('calls back in order', async () => {
    const { seqA, seqB } = await modelSequences(objects.get('sequences')!, kernel);
    const round = ['runnable', 'enqueue', ...(kernel === '7.3' ? ['dequeue'] : [])];
    const served = [...round, 'running', 'stopping', 'quiescent'];
    const five = Array.from({ length: 5 }, () => served).flat();
    const begin = ['init_task', 'enable', 'set_weight', 'set_cpumask', ...five];
    const end = [...served, 'disable', 'exit_task'];
    expect(seqA).toEqual([...begin, 'set_cpumask', 'select_cpu', ...end]);
    expect(seqB).toEqual([...begin, 'set_weight', ...end]);
  });

  it.each(CASES.filter((c) => !c.not?.includes(kernel)))('$name', async (of) => {
    const ends = endingOn(of, kernel);
    const { exit, lastCounters: counters } = await runCase(of, objects.get(of.scheduler)!, kernel);
    expect(exit.kindName).toBe(`SCX_EXIT_${ends.kind}`);
    expect(exit.message).toMatch(ends.message ?? /^/);
    expect(exit.code).toBe(ends.code ?? 0n);
    if (of.counters) expect(of.counters(counters), JSON.stringify(counters)).toBe(true);
  });
});
