// What docs/schedulers says of the schedulers, exactly: on the model nothing else runs, and no clock is noisy.
import { describe, expect, it } from 'vitest';
import balancerHalf, { type LoadBalancer } from '../../components/load_balancer/index.js';
import type { CounterView } from '../../native/runtime/index.js';
import { simulate, simulateWithHalf, Simulation } from '../../sim/index.js';
import type { Run, SimulateOptions, TaskGroup } from '../../sim/index.js';
import { objectOf } from '../../sim/node/object.js';
import { exampleObject } from '../util/built-object.js';

const ended = { kindName: 'SCX_EXIT_UNREG', message: '' };

async function example(name: string, options: SimulateOptions): Promise<Run> {
  const run = await simulate(await exampleObject(name), { trace: false, ...options });
  expect(run.exit).toMatchObject(ended);
  return run;
}

async function start(name: string, options: SimulateOptions): Promise<Simulation> {
  return Simulation.start(await objectOf(await exampleObject(name)), options);
}

describe.each(['6.12', '6.18', '7.3'])('on Linux %s', (kernel) => {
  it.each([
    ['simple', 2, {}],
    ['nest', 2, {}],
    ['flatcg', 2, { nr_cpus: 2 }],
    ['flatcg', 1, { nr_cpus: 1 }],
  ])(
    '%s gives nice 0 and nice 10 what they are due on %i CPUs: 100 to 11',
    async (name, cpus, config) => {
      const run = await example(name, {
        ...{ kernel, config, duration: '20s', machine: { cpus } },
        tasks: [
          { name: 'heavy', count: 2 * cpus, run: 'forever' },
          { name: 'light', count: 2 * cpus, nice: 10, run: 'forever' },
        ],
      });
      const ratio = run.group('heavy').cpuTime / run.group('light').cpuTime;
      // A slice of 20 ms more or less of each light task, which gets 500 ms.
      expect(Math.abs(ratio / (100 / 11) - 1)).toBeLessThan(0.05);
    },
  );

  it('nest keeps a light load on half of the cores that simple uses', async () => {
    const tasks: TaskGroup[] = [
      { name: 'light', count: 2, loop: [{ run: '300us' }, { sleep: ['500us', '1500us'] }] },
      { name: 'shell', loop: [{ run: '100us' }, { fork: 'short' }, { sleep: '3ms' }] },
      { name: 'short', start: 'never', run: '200us' },
    ];
    const used = async (name: string): Promise<number> => {
      const run = await example(name, { kernel, duration: '3s', machine: { cpus: 8 }, tasks });
      const total = run.cpus.reduce((n, c) => n + c.busy, 0);
      return run.cpus.filter((c) => c.busy > total / 100).length;
    };
    expect(await used('simple')).toBe(8);
    expect(await used('nest')).toBeLessThanOrEqual(4);
  });

  it('flatcg gives cgroups their shares, and others as soon as weights change', async () => {
    const cgroups = [
      { path: '/A', weight: 100 },
      { path: '/A/B', weight: 100 },
      { path: '/A/C', weight: 100 },
      { path: '/D', weight: 200 },
    ];
    const simulation = await start('flatcg', {
      ...{ kernel, duration: '20s', machine: { cpus: 4 }, config: { nr_cpus: 4 }, cgroups },
      tasks: ['A/B', 'A/C', 'D'].map((g) => ({
        ...{ name: g, count: 4, cgroup: `/${g}`, run: 'forever' as const },
      })),
      events: [
        { at: '10s', cgroup: '/A', weight: 300 },
        { at: '10s', cgroup: '/D', weight: 100 },
      ],
    });
    const ran = (): number[] => {
      simulation.settle();
      return [...simulation.load.tasks.values()].map((g) => g.reduce((n, p) => n + p.stats.ran, 0));
    };
    const sharesAre = (ns: number[], wanted: number[]): void => {
      const total = ns.reduce((a, b) => a + b, 0);
      for (const [i, part] of wanted.entries())
        expect(Math.abs(ns[i]! / total - part)).toBeLessThan(0.005);
    };
    simulation.run(10e9);
    const first = ran();
    sharesAre(first, [1 / 6, 1 / 6, 2 / 3]);
    simulation.run();
    const second = ran().map((n, i) => n - first[i]!);
    sharesAre(second, [3 / 8, 3 / 8, 1 / 4]);
    expect(simulation.finish().exit).toMatchObject(ended);
  });

  it('pair never lets partners run tasks of two cgroups, whatever takes their CPUs', async () => {
    const [cpus, stride] = [4, 2];
    const numbers = Array.from({ length: cpus }, (_, c) => c);
    const simulation = await start('pair', {
      ...{ kernel, duration: '5s', machine: { cpus } },
      config: {
        pair_cpu: numbers.map((c) => (c + stride) % cpus),
        pair_id: numbers.map((c) => c % stride),
        in_pair_idx: numbers.map((c) => Math.floor(c / stride)),
      },
      tasks: [
        ...['P', 'Q'].map((g): TaskGroup => ({
          ...{ name: g, count: cpus, cgroup: `/${g}`, run: 'forever' },
        })),
        { name: 'short', count: 3, cgroup: '/P', loop: [{ run: '300us' }, { sleep: '2ms' }] },
        { name: 'rt', policy: 'fifo', priority: 1, loop: [{ run: '1ms' }, { sleep: '97ms' }] },
      ],
    });
    const { kernel: k } = simulation.machine;
    /** How the two CPUs of each pair stood after the last event. */
    const mixed = Array.from({ length: stride }, () => false);
    let [together, apart, since] = [0, 0, 0];
    k.hooks.after = () => {
      for (let c = 0; c < stride; c++) {
        if (mixed[c]) apart += k.now - since;
        const [a, b] = [k.cpus[c]!.current, k.cpus[c + stride]!.current];
        const both = a?.policy === 'other' && b?.policy === 'other';
        if (both && a.cgroup === b.cgroup) together++;
        mixed[c] = both && a.cgroup !== b.cgroup;
      }
      since = k.now;
    };
    simulation.run();
    const run = simulation.finish();
    expect(run.exit).toMatchObject(ended);
    expect(together).toBeGreaterThan(1000);
    expect(apart).toBe(0);
    expect(run.counters['nr_preemptions']).toBeGreaterThan(40);
    // And each cgroup has its half.
    for (const name of ['P', 'Q']) expect(run.group(name).share).toBeCloseTo(0.5, 1);
  });

  it('central decides for all on one CPU, whose timer takes CPUs from tasks whose time is over', async () => {
    const counted: Record<string, number[]> = {};
    const run = await simulateWithHalf(await exampleObject('central'), {
      ...{ kernel, duration: '3s', machine: { cpus: 4 }, config: { central_cpu: 2 } },
      tasks: [{ name: 'hog', count: 8, run: 'forever' }],
      async half({ scheduler }) {
        await scheduler.clock.wait(2900);
        const views = scheduler.counters as unknown as Record<string, CounterView>;
        for (const name of ['nr_placed', 'nr_dispatches'])
          counted[name] = [...views[name]!.perCpu()].map(Number);
      },
    });
    expect(run.exit).toMatchObject(ended);
    for (const name of ['nr_placed', 'nr_dispatches']) {
      const [first, second, central, last] = counted[name]!;
      expect([first, second, last]).toEqual([0, 0, 0]);
      expect(central).toBeGreaterThan(200);
    }
    // Slices are infinite: without the timer the first four would run for ever.
    expect(run.group('hog').spread).toBeLessThan(0.05);
    expect(run.group('hog').longestWait / 1e6).toBeLessThan(22);
  });
});

describe('the load balancer of rusty and simple-balanced', () => {
  /** Two domains of two CPUs; three hogs and two sleepers in the first, one of each bound to it. */
  const greedy = async (config: object, tune: boolean): Promise<Run> =>
    simulateWithHalf(await exampleObject('simple-balanced'), {
      ...{ duration: '4s', machine: { cpus: 4, llcs: 2, nodes: 2 }, config: { ...config } },
      tasks: [
        { name: 'hog', count: 3, run: 'forever', cpus: '0-1' },
        { name: 'near', count: 1, run: 'forever', cpus: '0-1' },
        { name: 'sleeper', count: 2, loop: [{ run: '200us' }, { sleep: '10ms' }], cpus: '0-1' },
        { name: 'bound', loop: [{ run: '200us' }, { sleep: '10ms' }], cpus: '0-1' },
        // Who looks for others' tasks is a CPU that has just run something.
        { name: 'far', count: 2, loop: [{ run: '100us' }, { sleep: '10ms' }], cpus: '2-3' },
      ],
      events: (tune ? ['sleeper'] : ['hog']).map((task) => ({ at: '500ms', task, cpus: '0-3' })),
      halves: () => Promise.resolve({ load_balancer: balancerHalf } as never),
      configure(opened) {
        const { load_balancer } = opened.components as unknown as {
          load_balancer: { options: object };
        };
        Object.assign(load_balancer.options, { intervalMs: 0, tunerMs: 0 });
      },
      async half({ scheduler, signal }) {
        const { load_balancer } = scheduler.components as unknown as {
          load_balancer: LoadBalancer;
        };
        while (tune && !signal.aborted) {
          load_balancer.tune();
          await scheduler.clock.wait(100);
        }
      },
    });

  it('lets greedy CPUs take tasks that wait for another domain', async () => {
    const run = await greedy({ load_balancer_greedy: 1, load_balancer_greedy_far: 1 }, false);
    expect(run.exit).toMatchObject(ended);
    expect(run.counters['load_balancer_nr_stolen_far']).toBeGreaterThanOrEqual(2);
    for (const cpu of run.cpus) expect(cpu.busy).toBeGreaterThan(0.8);
    const none = await greedy({ load_balancer_greedy: 0, load_balancer_greedy_far: 0 }, false);
    expect(none.counters['load_balancer_nr_stolen_far']).toBe(0);
    expect(Math.max(none.cpus[2]!.busy, none.cpus[3]!.busy)).toBeLessThan(0.2);
  });

  it('gives tasks that wake up in a busy domain to one that has time to spare, as the tuner says', async () => {
    const config = { load_balancer_greedy: 0, load_balancer_greedy_far: 0 };
    const tuned = await greedy(config, true);
    expect(tuned.counters['load_balancer_nr_idle_far']).toBeGreaterThan(500);
    expect(tuned.counters['load_balancer_nr_stolen_far']).toBe(0);
    const far = tuned.cpus[2]!.busy + tuned.cpus[3]!.busy;
    // The two that may; the third, and the hogs, stay where they must.
    expect(tuned.group('sleeper').latency.p50).toBeLessThan(tuned.group('bound').latency.p50 / 10);
    expect(far).toBeLessThan(0.2);
  });

  it.each(['rusty', 'simple-balanced'])(
    'brings a load that starts in one domain to within 2 percent in a pass, and leaves it there: %s',
    async (name) => {
      const passes: { worst: number; moves: number }[] = [];
      const run = await simulateWithHalf(await exampleObject(name), {
        ...{ duration: '20s', machine: { cpus: 4, llcs: 2, nodes: 2 } },
        config: { load_balancer_greedy: 0, load_balancer_greedy_far: 0 },
        tasks: [
          { name: 'even', count: 8, run: 'forever', cpus: '0-1' },
          { name: 'light', count: 2, nice: 5, run: 'forever', cpus: '0-1' },
          { name: 'heavy', nice: -5, run: 'forever', cpus: '0-1' },
          { name: 'lightest', nice: 10, run: 'forever', cpus: '0-1' },
          { name: 'bound', run: 'forever', cpus: '0' },
          { name: 'near', nice: 5, run: 'forever', cpus: '0-1' },
          { name: 'far', run: 'forever', cpus: '3' },
        ],
        events: ['even', 'light', 'heavy', 'lightest'].map((task) => ({
          ...{ at: '100ms', task, cpus: '0-3' },
        })),
        halves: () => Promise.resolve({ load_balancer: balancerHalf } as never),
        configure(opened) {
          const { load_balancer } = opened.components as unknown as {
            load_balancer: { options: object };
          };
          Object.assign(load_balancer.options, { intervalMs: 0, tunerMs: 0 });
        },
        async half({ scheduler, signal }) {
          const { load_balancer } = scheduler.components as unknown as {
            load_balancer: LoadBalancer;
          };
          await scheduler.clock.wait(4000);
          while (!signal.aborted) {
            const { worst, moves } = load_balancer.pass();
            passes.push({ worst, moves: moves.length });
            await scheduler.clock.wait(1500);
          }
        },
      });
      expect(run.exit).toMatchObject(ended);
      expect(passes[0]!.worst).toBeGreaterThan(0.5);
      expect(passes[0]!.moves).toBeGreaterThan(0);
      for (const pass of passes.slice(1)) {
        expect(pass.worst).toBeLessThan(0.02);
        expect(pass.moves).toBe(0);
      }
      expect(run.counters['load_balancer_nr_moved']).toBe(passes[0]!.moves);
      for (const [i, { busy }] of run.cpus.entries())
        expect(busy, `CPU ${i}`).toBeGreaterThan(i < 2 ? 0.99 : 0.79);
    },
  );
});
