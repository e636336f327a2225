import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import half from '../../../components/load_balancer/index.js';
import type { LoadBalancer } from '../../../components/load_balancer/index.js';
import { objectPathOf } from '../../../sim/node/object.js';
import { simulateWithHalf, type HalfOptions } from '../../../sim/index.js';

const example = (name: string): string => join(import.meta.dirname, '../../../examples', name);

describe('the userspace half over the model', () => {
  it('runs in virtual time as a task of the machine, twice the same', async () => {
    using object = await objectPathOf(example('simple.ts'));
    const run = async (): Promise<{ seen: bigint[]; hash: string }> => {
      const seen: bigint[] = [];
      const begin = performance.now();
      const result = await simulateWithHalf(object.path, {
        ...{ duration: '20s', machine: { cpus: 2 }, config: { fifo: true } },
        tasks: [{ name: 'hog', count: 4, run: 'forever' }],
        async half({ scheduler, signal }) {
          while (!signal.aborted) {
            await scheduler.clock.wait(1000);
            seen.push(scheduler.readCounters()['nr_shared']!);
          }
        },
      });
      // Twenty seconds of its clock are not twenty of ours.
      expect(performance.now() - begin).toBeLessThan(15_000);
      expect(result.exit.kindName).toBe('SCX_EXIT_UNREG');
      return { seen, hash: result.hash };
    };
    const first = await run();
    expect(first.seen.length).toBeGreaterThanOrEqual(18);
    for (const [i, n] of first.seen.entries())
      if (i > 0) expect(n).toBeGreaterThan(first.seen[i - 1]!);
    expect(await run()).toEqual(first);
  }, 60_000);

  it("balances with rusty's own balancer", async () => {
    using object = await objectPathOf(example('rusty.ts'));
    const loads: number[][] = [];
    const options: HalfOptions = {
      ...{ duration: '8s', machine: { cpus: 4, llcs: 2 } },
      // All of the first domain at first: then they may go where they like.
      tasks: [{ name: 'hog', count: 8, run: 'forever', cpus: '0-1' }],
      events: [{ at: '1s', task: 'hog', cpus: '0-3' }],
      halves: () => Promise.resolve({ load_balancer: half } as never),
      async half({ scheduler, signal }) {
        const { load_balancer } = scheduler.components as unknown as {
          load_balancer: LoadBalancer;
        };
        while (!signal.aborted) {
          await scheduler.clock.wait(500);
          if (load_balancer.last) loads.push(load_balancer.last.domains.map((d) => d.load));
        }
      },
    };
    const run = await simulateWithHalf(object.path, options);
    expect(run.exit.message).toBe('');
    expect(loads.length).toBeGreaterThan(5);
    const [a, b] = loads.at(-1)!;
    expect(Math.abs(a! - b!) / (a! + b!)).toBeLessThan(0.2);
    expect(run.counters['load_balancer_nr_moved']).toBeGreaterThanOrEqual(3);
    for (const cpu of run.cpus) expect(cpu.busy).toBeGreaterThan(0.8);
  }, 60_000);

  it('says what a half did wrong', async () => {
    using object = await objectPathOf(example('simple.ts'));
    const options: HalfOptions = { duration: '1s', machine: { cpus: 2 } };
    await expect(
      simulateWithHalf(object.path, {
        ...options,
        half: () => Promise.reject(new Error('no luck')),
      }),
    ).rejects.toThrow(/the userspace half failed: Error: no luck/);
  }, 60_000);
});
