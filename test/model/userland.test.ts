import { describe, expect, it } from 'vitest';
import userlandHalf, {
  type Decision,
  type Latency,
  type Policy,
  type Ready,
  type Userland,
} from '../../components/userland/index.js';
import { simulateWithHalf, type HalfOptions, type Run } from '../../sim/index.js';
import { exampleObject } from '../util/built-object.js';

type Context = Parameters<NonNullable<HalfOptions['half']>>[0];
const userlandOf = ({ scheduler }: Context): Userland =>
  (scheduler.components as unknown as { userland: Userland }).userland;

const FIVE: NonNullable<HalfOptions['tasks']> = [
  { name: 'heavy', count: 3, run: 'forever' },
  { name: 'light', count: 2, nice: 10, run: 'forever' },
];

const run = async (options: HalfOptions): Promise<Run> =>
  simulateWithHalf(await exampleObject('userland-component'), {
    ...{ machine: { cpus: 2 }, duration: '4s', tasks: FIVE },
    trace: false,
    halves: () => Promise.resolve({ userland: userlandHalf } as never),
    ...options,
  });

/** CPU time of a task of nice 0 to one of nice 10; due 9.1. */
const ratio = (r: Run): number => r.group('heavy').cpuTime / 3 / (r.group('light').cpuTime / 2);

describe('the userland component', () => {
  it('runs tasks as the policy in user space says: by weight', async () => {
    let latency: Latency | undefined;
    const result = await run({
      async half(context) {
        await context.scheduler.clock.wait(3900);
        latency = userlandOf(context).latency();
      },
    });
    expect(result.exit.kindName).toBe('SCX_EXIT_UNREG');
    expect(ratio(result)).toBeGreaterThan(8.2);
    expect(ratio(result)).toBeLessThan(10);
    const { counters } = result;
    const { userland_nr_decided: decided, userland_nr_reported: reported } = counters;
    expect(decided).toBeGreaterThan(400);
    // What was reported last waits for the process at this moment.
    expect(reported! - decided!).toBeLessThanOrEqual(5);
    expect(counters).toMatchObject({
      userland_nr_late: 0,
      userland_nr_fallback: 0,
      userland_nr_stalls: 0,
    });
    expect(latency!.decided.count).toBeGreaterThan(400);
    // In us: the process preempts as it wakes up.
    expect(latency!.decided.p99).toBeLessThan(500);
    for (const cpu of result.cpus) expect(cpu.busy).toBeGreaterThan(0.98);
  });

  it('goes by another policy at once', async () => {
    /** Light ones first, always. */
    const reverse: Policy = {
      decide: (ready: readonly Ready[]): Decision[] =>
        ready.map(({ tid, weight }) => ({ tid, order: BigInt(weight), slice: 5_000_000n })),
    };
    const result = await run({
      tasks: [
        { name: 'heavy', count: 2, cpus: '0', run: 'forever' },
        { name: 'light', count: 2, cpus: '0', nice: 10, run: 'forever' },
      ],
      half: (context) => void (userlandOf(context).policy = reverse),
    });
    const [heavy, light] = ['heavy', 'light'].map((n) => result.group(n).cpuTime);
    expect(light! / (heavy! + light!)).toBeGreaterThan(0.9);
  });

  it('leaves the kernel to decide while user space takes too long, and decides again after that', async () => {
    const decided: number[] = [];
    const result = await run({
      async half(context) {
        const { scheduler } = context;
        const note = (): void =>
          void decided.push(Number(scheduler.readCounters()['userland_nr_decided']));
        await scheduler.clock.wait(1000);
        note();
        // It computes for a second, fifty times as long as is waited for.
        context.compute(1000);
        await scheduler.clock.wait(1);
        note();
        await scheduler.clock.wait(1000);
        note();
      },
    });
    expect(result.exit.kindName).toBe('SCX_EXIT_UNREG');
    const [before, after, later] = decided as [number, number, number];
    expect(before).toBeGreaterThan(100);
    // Nothing was decided meanwhile, and the kernel ran all five by itself, one after the other.
    expect(after - before).toBeLessThan(10);
    expect(result.counters['userland_nr_stalls']).toBe(1);
    expect(result.counters['userland_nr_fallback']).toBeGreaterThan(0);
    expect(later - after).toBeGreaterThan(100);
    expect(result.group('light').cpuTime).toBeGreaterThan(3e8);
  });

  it('ends with what the policy throws', async () => {
    let error: unknown;
    const result = await run({
      async half(context) {
        const userland = userlandOf(context);
        await context.scheduler.clock.wait(500);
        userland.policy = {
          decide: () => {
            throw new Error('no idea');
          },
        };
        while (!context.signal.aborted) await context.scheduler.clock.wait(50);
        error = userland.error;
      },
    });
    expect(String(error)).toBe('Error: no idea');
    expect(result.exit.kindName).toBe('SCX_EXIT_UNREG');
    expect(result.exit.at).toBeLessThan(1e9);
  });
});
