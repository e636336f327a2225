import { describe, expect, it } from 'vitest';
import { createDsq, dsqInsert, dsqMoveToLocal } from '../../../../sim/kernel/calls-queue.js';
import { selectCpuDefault } from '../../../../sim/kernel/calls-cpu.js';
import { timeDifference } from '../../../../sim/kernel/invariants.js';
import { charge } from '../../../../sim/kernel/account.js';
import type { Kernel } from '../../../../sim/kernel/kernel.js';
import type { Scheduler } from '../../../../sim/kernel/scheduler.js';
import type { Load } from '../../../../sim/load/description.js';
import { model } from './model.js';

const SLICE = 20_000_000;

/** One queue for all, first in first out. */
const fifo = (k: Kernel): Scheduler => ({
  name: 'fifo',
  flags: {},
  init: () => createDsq(k, 7, -1),
  select_cpu(p, prev, wake) {
    const { cpu, idle } = selectCpuDefault(k, p, prev, wake);
    if (idle) dsqInsert(k, p, { to: 'local' }, SLICE, 0);
    return cpu;
  },
  enqueue: (p, flags) => void dsqInsert(k, p, { to: 'user', key: 7 }, SLICE, flags),
  dispatch: () => void dsqMoveToLocal(k, 7),
});

const MIXED: Load = {
  tasks: [
    { name: 'hog', count: 6, run: 'forever' },
    { name: 'web', count: 8, loop: [{ run: '200us' }, { sleep: ['1ms', '3ms'] }] },
    { name: 'short', count: 3, loop: [{ run: '3ms' }], times: 4, start: '50ms' },
    { name: 'ping', loop: [{ run: '20us' }, { wake: 'a', sync: true }, { wait: 'b' }] },
    { name: 'pong', loop: [{ wait: 'a' }, { run: '30us' }, { wake: 'b', sync: true }] },
    { name: 'polite', loop: [{ run: '100us' }, { yield: true }] },
  ],
};

describe('the model kernel', () => {
  it('keeps its own rules under a mixed load, and no time is lost', () => {
    const { kernel, load } = model(fifo, { load: MIXED });
    let gone = 0;
    kernel.hooks.exited = (p) => void (gone += p.stats.ran);
    kernel.run(1_000_000_000);
    for (const cpu of kernel.cpus) charge(kernel, cpu);
    expect(kernel.exit.info).toBeUndefined();
    expect(timeDifference(kernel, gone)).toBe(0);
    const busy = kernel.cpus.reduce((n, c) => n + c.busy, 0);
    expect(busy).toBeGreaterThan(3.9e9);
    expect(load.tasks.get('short')!.every((p) => p.dead)).toBe(true);
    const [ping] = load.tasks.get('ping')!;
    expect(ping!.stats.wakeups).toBeGreaterThanOrEqual(20);
  });

  it('gives the same hash for the same seed, and another for another', () => {
    const hash = (seed: number): string => {
      const { kernel } = model(fifo, { load: MIXED, seed });
      kernel.run(300_000_000);
      return kernel.log.hash();
    };
    expect(hash(1)).toBe(hash(1));
    expect(hash(1)).not.toBe(hash(2));
  });
  it('schedules by itself without a scheduler: by weight', () => {
    const { kernel, load } = model(() => null, {
      machine: { cpus: 1 },
      load: {
        tasks: [
          { name: 'heavy', nice: -5, run: 'forever' },
          { name: 'light', run: 'forever' },
        ],
      },
    });
    kernel.run(3_000_000_000);
    for (const cpu of kernel.cpus) charge(kernel, cpu);
    const [heavy, light] = ['heavy', 'light'].map((n) => load.tasks.get(n)![0]!.stats.ran);
    expect(heavy! / light!).toBeCloseTo(3121 / 1024, 1);
  });
  it('asks a task that exits for nothing more, whatever its sibling does', () => {
    const { kernel, load } = model(fifo, {
      machine: { cpus: 4, threads: 2 },
      load: {
        tasks: [
          { name: 'short', count: 60, run: '1ms', apart: '300us' },
          { name: 'web', count: 6, loop: [{ run: '100us' }, { sleep: '200us' }] },
        ],
      },
      seed: 3,
    });
    kernel.run(300_000_000);
    expect(load.tasks.get('short')!.every((p) => p.dead)).toBe(true);
  });
});
