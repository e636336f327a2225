import { describe, expect, it } from 'vitest';
import { compare, model, simulate } from '../sim/compare.js';
import { LOADS } from '../sim/loads.js';
import { NestEnergyPolicy } from '../sim/policies/nest-energy.js';
import { plotOf, tableOf } from '../sim/report.js';
import { makeCpus } from '../sim/machine.js';
import { Simulation, type Policy } from '../sim/simulation.js';

const rows = compare(10);
const of = (load: string, scheduler: string) =>
  rows.find((r) => r.load === load && r.scheduler === scheduler)!;

/** Everything on one CPU. */
const onCpu = (id: number): Policy => {
  const waiting: import('../sim/simulation.js').Task[] = [];
  return {
    sliceUs: 10_000,
    enqueue: (sim, task, wakeup) => {
      const cpu = sim.cpus[id]!;
      if (wakeup && cpu.isIdle) sim.start(task, cpu);
      else waiting.push(task);
    },
    dispatch: (_, cpu) => (cpu.id === id ? waiting.shift() : undefined),
  };
};
const idle = model.domains.map(() => ({
  cpuResidencyUs: Infinity,
  cpuExitUs: 0,
  clusterResidencyUs: Infinity,
  clusterExitUs: 0,
}));

describe('the simulation', () => {
  it('has the machine of the device tree', () => {
    const cpus = makeCpus({ model, idle, hints: true });
    expect(cpus.map((c) => c.capacity)).toEqual([462, 462, 462, 462, 1024, 1024, 1024, 1024]);
  });

  it.each([
    [4, 1571.9],
    [0, 245.4],
  ])('agrees with the arithmetic: one task that never sleeps on CPU %i', (cpu, milliwatts) => {
    const busy = { name: 'busy', next: (at: number) => ({ atUs: at, workUs: 50_000 }) };
    const machine = { model, idle, hints: false };
    const r = new Simulation(machine, [busy], onCpu(cpu)).run(2);
    expect((r.energyJ / 2) * 1000).toBeCloseTo(milliwatts, 0);
    expect(r.workUs / 2e6).toBeCloseTo(cpu === 4 ? 1 : 462 / 1024, 2);
    expect(r.busy[cpu]).toBeCloseTo(1, 5);
  });

  it('gives the same result each time', () => {
    expect(simulate('bursty', 'eas', 3)).toEqual(simulate('bursty', 'eas', 3));
  });

  it('lets no work be lost: what is not saturated is done by all', () => {
    for (const load of ['light', 'periodic', 'bursty'])
      for (const name of ['nest', 'eas'])
        expect(of(load, name).throughput / of(load, 'simple').throughput).toBeGreaterThan(0.95);
  });

  it('eas needs less energy for periodic work than simple and nest, and is not later', () => {
    const eas = of('periodic', 'eas');
    expect(eas.energyPerWork).toBeLessThan(of('periodic', 'nest').energyPerWork * 0.98);
    expect(eas.energyPerWork).toBeLessThan(of('periodic', 'simple').energyPerWork * 0.95);
    expect(eas.p99LatencyUs).toBeLessThanOrEqual(of('periodic', 'simple').p99LatencyUs * 1.1);
  });

  it('nest-energy packs while there is little to do, and spreads when every CPU is needed', () => {
    const looksAt = (load: string): NestEnergyPolicy['looks'] => {
      const policy = new NestEnergyPolicy();
      new Simulation({ model, idle, hints: true }, LOADS[load]!(), policy).run(5);
      return policy.looks;
    };
    for (const load of ['light', 'periodic']) expect(looksAt(load).spread).toBe(0);
    const { pack, spread } = looksAt('bursty');
    expect(pack).toBeGreaterThan(spread);
    expect(looksAt('saturating').pack).toBe(0);
    for (const load of ['light', 'periodic', 'bursty', 'saturating']) {
      const [nest, ours] = [of(load, 'nest'), of(load, 'nest-energy')];
      expect(ours.energyPerWork / nest.energyPerWork).toBeCloseTo(1, 1);
      expect(ours.throughput / nest.throughput).toBeGreaterThan(0.98);
    }
  });

  it('patience costs latency and saves energy', () => {
    const patient = of('light', 'eas, patient');
    expect(patient.energyPerWork).toBeLessThan(of('light', 'simple').energyPerWork * 0.85);
    expect(patient.p99LatencyUs).toBeGreaterThan(of('light', 'eas').p99LatencyUs);
  });

  it('over-utilised, eas spreads and does as much as the others', () => {
    const eas = of('saturating', 'eas');
    expect(eas.throughput).toBeGreaterThan(of('saturating', 'simple').throughput * 0.99);
    expect(Math.min(...eas.busy)).toBeGreaterThan(0.95);
  });

  it('is told as a table and a plot', () => {
    expect(tableOf(rows).split('\n')).toHaveLength(rows.length + 3);
    const svg = plotOf(rows);
    expect(svg.match(/<rect/g)!.length).toBeGreaterThan(rows.length * 4);
    expect(svg).not.toMatch(/NaN|undefined/);
  });
});
