import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import energyHalf, { type Energy } from '../../components/energy/index.js';
import { simulate, simulateWithHalf, type MachineDescription, type Run } from '../../sim/index.js';
import { compare, measure, type Row } from '../energy/compare.js';
import { machine, model } from '../energy/machine.js';
import { plotOf, SECONDS, tableIn, tableOf } from '../energy/report.js';
import { withCpufreq } from '../energy/schedulers.js';
import { exampleObject, root } from '../util/built-object.js';

const halves = () => Promise.resolve({ energy: energyHalf } as never);
const energyOf = (scheduler: { components: object }): Energy =>
  (scheduler.components as { energy: Energy }).energy;
/** Of the busy time of all CPUs, what fell to the first four: the A53 of the HiKey. */
const littles = (run: Pick<Run, 'cpus'>): number => {
  const busy = run.cpus.map((c) => c.busy);
  const sum = (xs: number[]): number => xs.reduce((a, b) => a + b, 0);
  return sum(busy.slice(0, 4)) / sum(busy);
};

describe('the modelled HiKey 960', () => {
  it('has the CPUs of the device tree', () => {
    expect(model.domains.map((d) => [d.cpus.length, d.capacity])).toEqual([
      [4, 462],
      [4, 1024],
    ]);
  });

  // Power of the fastest state: C f V^2. A task that never sleeps is all that runs.
  it.each([
    [4, 1571.9, 1],
    [0, 245.4, 462 / 1024],
  ])('agrees with the arithmetic: CPU %i busy all the time', async (cpu, milliwatts, speed) => {
    const run = await simulate(null, {
      ...{ machine, duration: '2s' },
      tasks: [{ name: 'busy', run: 'forever', cpus: [cpu] }],
    });
    expect((run.energy / 2) * 1000).toBeCloseTo(milliwatts, 0);
    expect(run.group('busy').work / 2e9).toBeCloseTo(speed, 2);
    expect(run.cpus[cpu]!.busy).toBeCloseTo(1, 4);
  });

  it('wakes up from the deeper state when the whole cluster slept', async () => {
    const beside = { name: 'beside', run: 'forever', cpus: [1] } as const;
    const one = { name: 'one', cpus: [0], loop: [{ run: '100us' }, { sleep: '10ms' }] } as const;
    const run = (tasks: readonly (typeof one | typeof beside)[]) =>
      simulate(null, { machine, duration: '1s', tasks });
    const alone = (await run([one])).group('one').latency.p50;
    const busy = (await run([one, beside])).group('one').latency.p50;
    // 1600 us of the cluster, 650 of the CPU.
    expect(alone / 1000).toBeCloseTo(1600, -2);
    expect(busy / 1000).toBeCloseTo(650, -2);
  });
});

describe('docs/energy.md', () => {
  let rows: Row[];
  beforeAll(async () => {
    rows = await compare(SECONDS);
  }, 180_000);
  const of = (load: string, scheduler: string): Row =>
    rows.find((r) => r.load === load && r.scheduler === scheduler)!;

  it('has the figures of the model', () => {
    const document = readFileSync(join(root, 'docs/energy.md'), 'utf8');
    expect(tableIn(document).trim(), 'npm run simulate writes it').toBe(tableOf(rows).trim());
  });

  it('says so in a plot, too', () => {
    expect(readFileSync(join(root, 'docs/energy-simulation.svg'), 'utf8')).toBe(plotOf(rows));
  });

  it('lets no work be lost: what is not saturated is done by all', () => {
    for (const load of ['light', 'periodic', 'bursty'])
      for (const name of ['nest', 'nest-energy', 'eas', 'eas, patient'])
        expect(of(load, name).throughput / of(load, 'simple').throughput).toBeGreaterThan(0.95);
  });

  it('eas needs less energy for periodic work than simple and nest', () => {
    const eas = of('periodic', 'eas');
    for (const other of ['simple', 'nest', 'nest-energy'])
      expect(eas.energyPerWork, other).toBeLessThan(of('periodic', other).energyPerWork * 0.95);
  });

  it('patience costs latency and saves energy', () => {
    const patient = of('periodic', 'eas, patient');
    expect(patient.energyPerWork).toBeLessThan(of('periodic', 'eas').energyPerWork);
    expect(patient.p99LatencyUs).toBeGreaterThan(of('periodic', 'eas').p99LatencyUs);
  });

  it('over-utilised, eas spreads and does as much as the others', () => {
    const eas = of('saturating', 'eas');
    expect(eas.throughput).toBeGreaterThan(of('saturating', 'simple').throughput * 0.99);
    expect(Math.min(...eas.busy)).toBeGreaterThan(0.95);
  });
});

describe('eas', () => {
  const LIGHT = [{ name: 'light', count: 2, loop: [{ run: '1ms' }, { sleep: '20ms' }] }] as const;

  it('finds the kernel model of its machine and keeps little work on the little CPUs', async () => {
    const run = await simulateWithHalf(await exampleObject('eas'), {
      ...{ machine, duration: '3s', tasks: LIGHT, halves },
      half({ scheduler }) {
        const energy = energyOf(scheduler);
        expect(energy.model?.source).toBe('kernel');
        expect(energy.model?.domains.map((d) => [d.cpus, d.capacity])).toEqual([
          [[0, 1, 2, 3], 462],
          [[4, 5, 6, 7], 1024],
        ]);
        expect(energy.classes.map((c) => c.kind)).toEqual(['little', 'big']);
      },
    });
    expect(littles(run)).toBeGreaterThan(0.99);
    expect(run.counters['energy_nr_model']).toBeGreaterThan(250);
  });

  it('goes by a model that changes while it runs', async () => {
    // A machine on which all CPUs are alike; the model says of which it is worth to use them.
    const alike: MachineDescription = { cpus: 8 };
    let before = 0;
    const run = await simulateWithHalf(await exampleObject('eas'), {
      ...{ machine: alike, duration: '4s', tasks: LIGHT, halves },
      async half({ scheduler }) {
        const energy = energyOf(scheduler);
        energy.use(model);
        await scheduler.clock.wait(2000);
        before = scheduler.readCounters()['energy_nr_model'] as unknown as number;
        const [little, big] = model.domains as [
          (typeof model.domains)[0],
          (typeof model.domains)[0],
        ];
        energy.use({
          ...model,
          domains: [
            { ...little, cpus: big.cpus },
            { ...big, cpus: little.cpus },
          ],
        });
      },
    });
    expect(Number(before)).toBeGreaterThan(100);
    // Half of the time each.
    expect(littles(run)).toBeGreaterThan(0.45);
    expect(littles(run)).toBeLessThan(0.55);
  });

  it('spreads over all CPUs when one is over-utilised', async () => {
    let over = false;
    const run = await simulateWithHalf(await exampleObject('eas'), {
      ...{ machine, duration: '2s', halves },
      tasks: [...LIGHT, { name: 'hog', count: 12, run: 'forever' }],
      async half({ scheduler }) {
        await scheduler.clock.wait(1000);
        over = energyOf(scheduler).overutilised;
      },
    });
    expect(over).toBe(true);
    expect(run.counters['energy_nr_over']).toBeGreaterThan(50);
    for (const cpu of run.cpus) expect(cpu.busy).toBeGreaterThan(0.98);
  });

  it('without a model packs an idle machine and spreads a full one', async () => {
    const modes: string[] = [];
    const run = await simulateWithHalf(await exampleObject('eas'), {
      ...{ machine: { cpus: 4 }, duration: '6s', halves },
      tasks: [
        { name: 'light', count: 2, loop: [{ run: '1ms' }, { sleep: '20ms' }] },
        { name: 'hog', count: 8, start: '2s', run: '4s' },
      ],
      async half({ scheduler, signal }) {
        const energy = energyOf(scheduler);
        expect(energy.model).toBeUndefined();
        while (!signal.aborted) {
          await scheduler.clock.wait(500);
          if (energy.signal) modes.push(energy.mode);
        }
      },
    });
    expect(modes.slice(0, 3)).toEqual(['pack', 'pack', 'pack']);
    expect(modes.at(-1)).toBe('spread');
    expect(run.counters['energy_nr_packed']).toBeGreaterThan(50);
  });

  it('packs nothing on a CPU that has gone', async () => {
    const run = await simulateWithHalf(await exampleObject('eas'), {
      ...{ machine: { cpus: 4, offline: [3] }, duration: '2s', halves },
      tasks: [{ name: 'short', count: 8, loop: [{ run: '2ms' }, { sleep: '500us' }] }],
      half({ scheduler }) {
        const energy = energyOf(scheduler);
        expect(energy.utilisations()).toHaveLength(3);
        energy.stop();
        energy.mode = 'pack';
      },
    });
    expect(run.cpus[3]!.busy).toBe(0);
    for (const cpu of run.cpus.slice(0, 3)) expect(cpu.busy).toBeGreaterThan(0.98);
    const { energy_nr_packed: packed, energy_nr_spread: spread } = run.counters;
    expect(packed! / (packed! + spread!)).toBeLessThan(0.1);
  });
});

describe('nest-energy', () => {
  it('packs with little to do, spreads when every CPU is needed, and packs again', async () => {
    const modes: [at: number, mode: string][] = [];
    const gained: Record<string, number>[] = [];
    const run = await simulateWithHalf(await exampleObject('nest-energy'), {
      ...{ machine: { cpus: 4 }, duration: '9s', halves, config: { p_remove_ns: 200_000_000n } },
      tasks: [
        { name: 'light', count: 2, loop: [{ run: '1ms' }, { sleep: '20ms' }] },
        { name: 'hog', count: 8, start: '3s', run: '1500ms' },
      ],
      async half({ scheduler, signal }) {
        while (!signal.aborted) {
          const before = scheduler.readCounters();
          await scheduler.clock.wait(1000);
          const after = scheduler.readCounters();
          modes.push([scheduler.clock.now(), energyOf(scheduler).mode]);
          gained.push(
            Object.fromEntries(Object.keys(after).map((n) => [n, Number(after[n]! - before[n]!)])),
          );
        }
      },
    });
    expect(run.exit.kindName).toBe('SCX_EXIT_UNREG');
    const mode = modes.map(([, m]) => m);
    expect(mode.slice(0, 3)).toEqual(['pack', 'pack', 'pack']);
    expect(mode[4]).toBe('spread');
    expect(mode.at(-1)).toBe('pack');
    for (const i of [1, mode.length - 1]) {
      const g = gained[i]!;
      expect(g['nr_packed']).toBeGreaterThan(80);
      const nested = Object.entries(g).filter(([k]) => /^wakeup_.*(primary|attached)$/.test(k));
      // All of its two tasks' wake-ups stay in the nest.
      expect(nested.reduce((n, [, v]) => n + v, 0)).toBeGreaterThan(g['nr_packed']! * 0.95);
      expect(g['nr_spread']).toBe(0);
    }
    expect(gained[4]!['nr_spread']! + gained[4]!['nr_no_idle']!).toBeGreaterThan(20);
  });
});

it('a component is put into an example that has some, and into one that has none', () => {
  const read = (name: string): string => readFileSync(join(root, 'examples', `${name}.ts`), 'utf8');
  expect(withCpufreq(read('eas'))).toMatch(/use: \[cpufreq, energy\]/);
  expect(withCpufreq(read('simple'))).toMatch(/name: 'simple',\n {2}use: \[cpufreq\],/);
  expect(() => withCpufreq('export default 1')).toThrow('no place');
});

it('the same run gives the same hash', async () => {
  const hash = async (): Promise<string> => (await measure('bursty', 'eas', 2)).hash;
  expect(await hash()).toBe(await hash());
});
