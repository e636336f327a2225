import { beforeAll, describe, expect, it } from 'vitest';
import cpufreqHalf, { type Cpufreq } from '../../components/cpufreq/index.js';
import qosHalf, { type ClassReport, type Qos, type QosClass } from '../../components/qos/index.js';
import { currentBackend } from '../../native/runtime/index.js';
import { simulateWithHalf, type HalfOptions, type Run } from '../../sim/index.js';
import { exampleObject } from '../util/built-object.js';

type Reports = Record<QosClass, ClassReport>;
interface Components {
  qos: Qos;
  cpufreq: Cpufreq;
}
type Context = Parameters<NonNullable<HalfOptions['half']>>[0];

const componentsOf = ({ scheduler }: Context): Components =>
  scheduler.components as unknown as Components;

/** The number of a task of the modelled machine. */
function pidOf(comm: string): number {
  for (let pid = 1; pid < 10_000; pid++)
    if (currentBackend().file(`/proc/${pid}/comm`) === comm) return pid;
  throw new Error(`no task is called ${comm}`);
}

let object: string;
beforeAll(async () => {
  object = await exampleObject('qos');
}, 60_000);

const run = (options: HalfOptions): Promise<Run> =>
  simulateWithHalf(object, {
    trace: false,
    halves: () => Promise.resolve({ qos: qosHalf, cpufreq: cpufreqHalf } as never),
    ...options,
  });

/** One task that wakes up each 10 ms, beside four hogs of the normal class and four of the low one. */
const MIXED: NonNullable<HalfOptions['tasks']> = [
  { name: 'screen', nice: -15, loop: [{ run: '500us' }, { period: '10ms' }] },
  { name: 'normal', count: 4, run: 'forever' },
  { name: 'low', count: 4, nice: 10, run: 'forever' },
];

/** By nice value as the rules say; all tasks at nice 0 to compare with, told apart by name. */
async function windows(cpus: number): Promise<{ without: Reports; with: Reports }> {
  const found: Partial<Record<'without' | 'with', Reports>> = {};
  const tasks = MIXED.map((group) => ({ ...group, nice: 0 }));
  await run({
    ...{ machine: { cpus }, duration: '6500ms', tasks },
    async half(context) {
      const { qos } = componentsOf(context);
      qos.add({ comm: { 'screen*': 'high', 'low*': 'low' } });
      for (const [name, enforce] of [
        ['without', false],
        ['with', true],
      ] as const) {
        qos.enforce = enforce;
        await context.scheduler.clock.wait(500);
        qos.report();
        await context.scheduler.clock.wait(2500);
        found[name] = qos.report();
      }
    },
  });
  return found as { without: Reports; with: Reports };
}

describe('the classes of qos', () => {
  it.each([1, 2])('give the high class a CPU at once, on a machine with %i', async (cpus) => {
    const { without, with: classes } = await windows(cpus);
    for (const reports of [without, classes]) {
      // A wake-up each 10 ms; one that is late is not made up for where it waits for longer.
      expect(reports.high.wakeups).toBeGreaterThan(reports === classes ? 240 : 15);
      const shares = Object.values(reports).map((r) => r.cpuShare);
      expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 6);
    }
    // A slice of the normal class is 20 ms: it waits for the end of one at least; with classes for an interrupt.
    expect(without.high.p50Us).toBeGreaterThan(4000);
    expect(classes.high.p99Us).toBeLessThan(100);
    expect(without.normal.cpuShare / without.low.cpuShare).toBeCloseTo(1, 1);
    expect(classes.normal.cpuShare / classes.low.cpuShare).toBeGreaterThan(2.5);
    expect(classes.low.runMs).toBeGreaterThan(50);
  });

  it('are told in CPU time that adds up to that of the machine', async () => {
    let reported: Reports | undefined;
    const result = await run({
      ...{ machine: { cpus: 1 }, duration: '2s', tasks: MIXED },
      async half(context) {
        await context.scheduler.clock.wait(1990);
        reported = componentsOf(context).qos.report();
      },
    });
    // All but what runs at this moment, since its last tick.
    expect(reported!.low.runMs).toBeCloseTo(result.group('low').cpuTime / 1e6, -1.5);
    expect(reported!.high.runMs).toBeCloseTo(result.group('screen').cpuTime / 1e6, -1.5);
  });

  it('pack the low class where they are told, and elsewhere where that CPU has gone', async () => {
    const only = async (pack: number[], offline: number[]): Promise<number[]> => {
      const result = await run({
        ...{ machine: { cpus: 4, offline }, duration: '1s' },
        tasks: [{ name: 'low', count: 6, nice: 10, run: 'forever' }],
        half: (context) => componentsOf(context).qos.pack(pack),
      });
      return result.cpus.map((c) => Math.round(c.busy * 10) / 10);
    };
    expect(await only([1], [])).toEqual([0, 1, 0, 0]);
    expect(await only([2, 3], [])).toEqual([0, 0, 1, 1]);
    expect(await only([], [])).toEqual([1, 1, 1, 1]);
    expect(await only([3], [3])).toEqual([1, 1, 1, 0]);
    await expect(only([7], [])).rejects.toThrow(/there is no CPU 7; this machine may have 0-3/);
  });

  it('starve nobody whose only CPU never runs out of better ones, which get most of it', async () => {
    const result = await run({
      ...{ machine: { cpus: 2 }, duration: '8s' },
      tasks: [
        { name: 'better', count: 3, nice: -15, cpus: '0', run: 'forever' },
        { name: 'normal', cpus: '0', run: 'forever' },
        { name: 'low', nice: 10, cpus: '0', run: 'forever' },
      ],
    });
    const ms = (name: string): number => result.group(name).cpuTime / 1e6;
    // Each of the worse classes is served once in 200 ms (starveMs): a slice of 20 and of 40 ms.
    expect(ms('normal')).toBeGreaterThan(400);
    expect(ms('low')).toBeGreaterThan(800);
    expect(ms('better')).toBeGreaterThan(1.5 * (ms('normal') + ms('low')));
    expect(result.group('low').longestWait / 1e6).toBeLessThan(500);
  });

  it('go by task, cgroup, name and nice value, in this order, while it runs', async () => {
    const was: Record<string, string> = {};
    await run({
      ...{ machine: { cpus: 2 }, duration: '8s' },
      tasks: [{ name: 'one', cgroup: '/a/b', run: 'forever' }],
      events: [
        { at: '2s', task: 'one', nice: -15 },
        { at: '3s', task: 'one', nice: 10 },
      ],
      async half(context) {
        const { qos } = componentsOf(context);
        const { clock } = context.scheduler;
        const note = async (name: string, until: number): Promise<void> => {
          await clock.wait(200);
          qos.report();
          await clock.wait(until - 200);
          const { high, normal, low } = qos.report();
          const most = Math.max(high.runMs, normal.runMs, low.runMs);
          was[name] = most === high.runMs ? 'high' : most === low.runMs ? 'low' : 'normal';
        };
        await note('none', 900);
        qos.setTask(pidOf('one'), 'low');
        await note('task', 800);
        qos.setTask(pidOf('one'));
        await clock.wait(320);
        await note('nice -15', 900);
        await clock.wait(100);
        await note('nice 10', 600);
        qos.setComm('on*', 'high');
        await note('name', 600);
        qos.setCgroup('/sys/fs/cgroup/a', 'low');
        await note('cgroup', 600);
        qos.setCgroup('/sys/fs/cgroup/a/b', 'high');
        await note('nearest', 600);
        qos.setCgroup('/sys/fs/cgroup/a/b');
        await note('above', 600);
        qos.setCgroup('/sys/fs/cgroup/a');
        qos.setComm('on*');
        await note('nice', 600);
        expect(() => qos.setCgroup('/sys/fs/cgroup/none', 'low')).toThrow('there is no cgroup');
        expect(() => qos.setTask(9999, 'low')).toThrow('there is no task 9999');
      },
    });
    expect(was).toEqual({
      none: 'normal',
      task: 'low',
      'nice -15': 'high',
      'nice 10': 'low',
      name: 'high',
      cgroup: 'low',
      nearest: 'high',
      above: 'low',
      nice: 'low',
    });
  });

  it('ask for the frequencies that a CPU needs, within bounds, and for more for the high class', async () => {
    const asked: Record<string, number> = {};
    const states = [256, 512, 768, 1024].map((performance) => ({
      ...{ performance, frequencyKhz: performance * 1000, powerUw: performance * 500 },
    }));
    const result = await run({
      machine: {
        cpus: 2,
        domains: [
          { cpus: '0', states },
          { cpus: '1', states },
        ],
      },
      duration: '4s',
      tasks: [
        { name: 'quiet', cpus: '0', loop: [{ run: '200us' }, { sleep: '10ms' }] },
        { name: 'busy', cpus: '0', start: '1s', run: '1s' },
        { name: 'screen', cpus: '1', nice: -15, loop: [{ run: '1ms' }, { sleep: '50ms' }] },
      ],
      async half(context) {
        const { cpufreq } = componentsOf(context);
        const { clock } = context.scheduler;
        // Where this process does not run.
        const target = (): number => cpufreq.speed(0)!.target;
        await clock.wait(900);
        asked['quiet'] = target();
        cpufreq.bound(0, 700);
        await clock.wait(50);
        asked['least'] = target();
        cpufreq.bound(0, 0);
        await clock.wait(700);
        asked['busy'] = target();
        cpufreq.bound(0, 0, 300);
        await clock.wait(100);
        asked['most'] = target();
        cpufreq.bound(0, 0);
        await clock.wait(1500);
        asked['quietAgain'] = target();
      },
    });
    expect(asked).toMatchObject({ least: 700, busy: 1024, most: 300 });
    expect(asked['quiet']).toBeLessThan(300);
    expect(asked['quietAgain']).toBeLessThan(300);
    // 1 ms of work at full speed, not the 4 ms that the slowest state takes.
    expect(result.group('screen').response.p50 / 1e6).toBeLessThan(1.3);
  });
});
