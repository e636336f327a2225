import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  cpuClasses,
  capacitiesOf,
  domainPower,
  dynamicPower,
  Energy,
  EnergyModelError,
  findModel,
  modelFromTable,
  packScore,
  PackReader,
  PackSignal,
  parseCpuList,
  readKernelModel,
  readModelFile,
  stateFor,
  tablesOf,
} from '../../components/energy/index.js';
import type { ArrayMap } from '../../native/runtime/index.js';

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'scxts-energy-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(files: Record<string, string | number>): void {
  for (const [path, text] of Object.entries(files)) {
    const full = join(root, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, `${text}\n`);
  }
}
const EM = 'sys/kernel/debug/energy_model';
const cpu = (n: number, file: string): string => `sys/devices/system/cpu/cpu${n}/${file}`;

function ps(domain: string, khz: number, power: number, more: Record<string, number> = {}) {
  const at = `${EM}/${domain}/ps:${khz}`;
  const files: Record<string, number> = { [`${at}/frequency`]: khz, [`${at}/power`]: power };
  for (const [name, value] of Object.entries(more)) files[`${at}/${name}`] = value;
  return files;
}

describe('the model of the kernel', () => {
  beforeEach(() =>
    put({
      [cpu(0, 'cpu_capacity')]: 462,
      [cpu(1, 'cpu_capacity')]: 462,
      [cpu(2, 'cpu_capacity')]: 1024,
      [`${EM}/cpu0/cpus`]: '0-1',
      [`${EM}/cpu0/flags`]: '0x1',
      ...ps('cpu0', 1_844_000, 245_000, { performance: 462 }),
      ...ps('cpu0', 533_000, 28_000, { performance: 134 }),
      ...ps('cpu0', 999_000, 99_000, { performance: 250, inefficient: 1 }),
      [`${EM}/cpu2/cpus`]: '2',
      [`${EM}/cpu2/flags`]: '0x0',
      ...ps('cpu2', 1_000_000, 500),
      ...ps('cpu2', 2_000_000, 1500),
      // A device that is no CPU.
      [`${EM}/gpu/ps:1/frequency`]: 1,
    }),
  );

  it('is read from debugfs, by rising performance, without inefficient states', () => {
    const model = readKernelModel(root)!;
    expect(model.source).toBe('kernel');
    expect(model.domains.map((d) => [d.name, d.cpus, d.capacity])).toEqual([
      ['cpu0', [0, 1], 462],
      ['cpu2', [2], 1024],
    ]);
    expect(model.domains[0]!.states).toEqual([
      { frequencyKhz: 533_000, powerUw: 28_000, performance: 134 },
      { frequencyKhz: 1_844_000, powerUw: 245_000, performance: 462 },
    ]);
  });

  it('in mW, and of kernels that do not say the performance, is scaled', () => {
    expect(readKernelModel(root)!.domains[1]!.states).toEqual([
      { frequencyKhz: 1_000_000, powerUw: 500_000, performance: 512 },
      { frequencyKhz: 2_000_000, powerUw: 1_500_000, performance: 1024 },
    ]);
  });

  it('tells big from little', () => {
    const classes = cpuClasses(capacitiesOf(readKernelModel(root)!));
    expect(classes).toEqual([
      { kind: 'little', capacity: 462, cpus: [0, 1] },
      { kind: 'big', capacity: 1024, cpus: [2] },
    ]);
  });

  it('is assumed from capacities where there is no debugfs', () => {
    rmSync(join(root, EM), { recursive: true });
    const model = findModel(root)!;
    expect(model.source).toBe('capacity');
    const { costs } = tablesOf(model);
    expect(costs[0]![0]!).toBeLessThan(costs[1]![0]!);
  });

  it('is none where all CPUs are the same', () => {
    rmSync(join(root, EM), { recursive: true });
    put({ [cpu(0, 'cpu_capacity')]: 1024, [cpu(1, 'cpu_capacity')]: 1024 });
    expect(findModel(root)).toBeUndefined();
    expect(findModel(join(root, 'nothing'))).toBeUndefined();
  });

  it('is refused where two domains have the same CPU; what there is besides is used, with a warning', async () => {
    put({ [`${EM}/cpu2/cpus`]: '1-2' });
    expect(() => readKernelModel(root)).toThrow(/CPU 1 is in both domain 'cpu0' and 'cpu2'/);
    const warned = new Promise<Error>((resolve) => process.once('warning', resolve));
    expect(findModel(root)).toMatchObject({ source: 'capacity' });
    expect((await warned).message).toMatch(/kernel's energy model is not used: CPU 1 is in both/);
  });

  it('knows what a domain can do whose CPUs are offline, and have no cpu_capacity then', () => {
    for (const n of [0, 1]) rmSync(join(root, cpu(n, 'cpu_capacity')));
    expect(readKernelModel(root)!.domains.map((d) => d.capacity)).toEqual([462, 1024]);
  });

  it('joins domains of the same CPUs where there is no room for each', () => {
    rmSync(join(root, EM), { recursive: true });
    for (let n = 0; n < 24; n++) {
      const most = n < 16 ? 1024 : 512;
      put({
        [cpu(n, 'cpu_capacity')]: most,
        [`${EM}/cpu${n}/cpus`]: n,
        ...ps(`cpu${n}`, 2_000_000, most * 1000, { performance: most }),
      });
    }
    const { domains } = readKernelModel(root)!;
    expect(domains.map((d) => [d.cpus.length, d.capacity])).toEqual([
      [16, 1024],
      [8, 512],
    ]);
  });
});

describe('a model from a file', () => {
  const dt = {
    domains: [
      {
        cpus: '0-3',
        capacityDmipsMhz: 592,
        dynamicPowerCoefficient: 110,
        operatingPoints: [
          { frequencyKhz: 533_000, microvolt: 700_000 },
          { frequencyKhz: 1_844_000, microvolt: 1_100_000 },
        ],
      },
      {
        cpus: '4-7',
        capacityDmipsMhz: 1024,
        dynamicPowerCoefficient: 550,
        operatingPoints: [{ frequencyKhz: 2_362_000, microvolt: 1_100_000 }],
      },
    ],
  };

  it('derives capacity and power from a device tree as the kernel does', () => {
    const [little, big] = modelFromTable(dt).domains;
    // 592 * 1844 / (1024 * 2362) of 1024: what Linux says of the HiKey 960.
    expect(little!.capacity).toBe(462);
    expect(big!.capacity).toBe(1024);
    expect(dynamicPower(110, 1_844_000, 1_100_000)).toBeCloseTo(245_436, 0);
    expect(little!.states[1]!.powerUw).toBeCloseTo(245_436, 0);
  });

  it('leaves a fifth free when it chooses a state, and counts the busiest CPU', () => {
    const [little] = modelFromTable(dt).domains;
    expect(stateFor(little!, 100).frequencyKhz).toBe(533_000);
    expect(stateFor(little!, 110).frequencyKhz).toBe(1_844_000);
    const low = little!.states[0]!;
    const high = little!.states[1]!;
    expect(domainPower(little!, [50, 20])).toBeCloseTo((low.powerUw / low.performance) * 70);
    expect(domainPower(little!, [200, 20])).toBeCloseTo((high.powerUw / high.performance) * 220);
  });

  it('is tabulated over the utilisation of the busiest CPU', () => {
    const model = modelFromTable(dt);
    const { cpus, costs, scale } = tablesOf(model);
    expect(cpus.get(5)).toEqual({ domain: 2, capacity: 1024 });
    expect(costs[0]).toHaveLength(65);
    for (const util of [0, 96, 160, 1024])
      expect(Number(costs[0]![util / 16]) * scale).toBeCloseTo(
        domainPower(model.domains[0]!, [util, 1 - 0]) / (util + 1),
        0,
      );
  });

  it.each([
    ['not JSON', '{', /is no energy model: .*JSON/],
    ['no domains', '{}', /has no list of 'domains'/],
    ['no CPUs', '{"domains":[{"cpus":"","capacity":5,"states":[]}]}', /has no CPU/],
    ['bad CPUs', '{"domains":[{"cpus":"3-1","capacity":5,"states":[]}]}', /no list of CPUs/],
    [
      'too much',
      '{"domains":[{"cpus":"0","capacity":2000,"states":[{"frequencyKhz":1,"powerUw":1}]}]}',
      /capacity 2000/,
    ],
  ])('says what is wrong: %s', (_, text, message) => {
    const path = join(root, 'model.json');
    writeFileSync(path, text);
    expect(() => readModelFile(path)).toThrow(EnergyModelError);
    expect(() => readModelFile(path)).toThrow(message);
    expect(() => readModelFile(path)).toThrow(path);
  });

  it('reads lists of CPUs', () => {
    expect(parseCpuList('0-2,5\n')).toEqual([0, 1, 2, 5]);
    expect(parseCpuList('')).toEqual([]);
  });
});

describe('packing or spreading without a model', () => {
  it('packs an idle machine and spreads a full one', () => {
    expect(packScore({ utilisation: 0.1, waiting: 0 })).toBe(1);
    expect(packScore({ utilisation: 0.9, waiting: 0.5 })).toBe(0);
  });

  it('follows each of its inputs', () => {
    const middle = { utilisation: 0.65, waiting: 0 };
    const score = packScore(middle);
    expect(packScore({ ...middle, waiting: 0.5 })).toBeLessThan(score);
    expect(packScore({ ...middle, powerShare: 1 })).toBeGreaterThan(score);
    expect(packScore({ ...middle, throttled: true })).toBeGreaterThan(score);
    expect(packScore({ ...middle, preference: 1 })).toBeGreaterThan(score);
    expect(packScore({ ...middle, preference: 0 })).toBeLessThan(score);
    expect(packScore({ ...middle, onBattery: true })).toBeGreaterThan(score);
  });

  it('does not flap', () => {
    const signal = new PackSignal(true);
    const at = (utilisation: number): boolean => signal.update({ utilisation, waiting: 0 }).pack;
    expect(at(0.67)).toBe(true);
    expect(at(0.8)).toBe(false);
    expect(at(0.67)).toBe(false);
    expect(at(0.5)).toBe(true);
  });

  it('reads power, heat, preference and supply from sysfs', () => {
    let now = 1000;
    put({
      'sys/class/powercap/intel-rapl:0/energy_uj': 1_000_000,
      'sys/class/powercap/intel-rapl:0/constraint_0_power_limit_uw': 15_000_000,
      [cpu(0, 'thermal_throttle/package_throttle_count')]: 3,
      [cpu(0, 'cpufreq/energy_performance_preference')]: 'balance_power',
      'sys/class/power_supply/AC/type': 'Mains',
      'sys/class/power_supply/AC/online': 0,
    });
    const reader = new PackReader(root, () => now);
    expect(reader.read()).toEqual({ preference: 0.67, onBattery: true });
    now += 100;
    put({
      'sys/class/powercap/intel-rapl:0/energy_uj': 2_200_000,
      [cpu(0, 'thermal_throttle/package_throttle_count')]: 4,
    });
    // 1.2 J in 100 ms are 12 W of 15.
    const second = reader.read();
    expect(second.powerShare).toBeCloseTo(0.8);
    expect(second.throttled).toBe(true);
    put({ 'sys/class/powercap/intel-rapl:0/energy_uj': 5 });
    now += 100;
    expect(reader.read().powerShare).toBeUndefined();
  });

  it('counts packages, not the platform that has them in it', () => {
    let now = 1000;
    const reader = new PackReader(root, () => now);
    const zone = (n: number, file: string): string => `sys/class/powercap/intel-rapl:${n}/${file}`;
    for (const [n, name] of ['package-0', 'psys', 'package-1'].entries())
      put({
        [zone(n, 'name')]: name,
        [zone(n, 'energy_uj')]: 0,
        [zone(n, 'constraint_0_power_limit_uw')]: 10_000_000,
      });
    reader.read();
    now += 1000;
    for (const [n, uj] of [4_000_000, 50_000_000, 6_000_000].entries())
      put({ [zone(n, 'energy_uj')]: uj });
    expect(reader.read().powerShare).toBeCloseTo(0.5);
  });

  it('looks at the CPUs that are online, whatever their numbers', () => {
    put({ 'sys/devices/system/cpu/online': '1,3' });
    // CPUs 0 and 2 are offline: what they did last stands there for good.
    const uses = [1024, 512, 1024, 256].map((util, cpu) => ({
      util: BigInt(util) << 10n,
      at: 1n,
      runnable: 0n,
      busy: 1,
      nr: cpu === 3 ? 3 : 1,
    }));
    const array = <V>(values: V[]) =>
      ({
        length: values.length,
        get: (i: number) => values[i],
        set: (i: number, value: V) => void (values[i] = value),
      }) as unknown as ArrayMap<V>;
    const energy = new Energy(
      {
        globals: { mode: 0, overutilised: false },
        maps: {
          cpu_models: array(uses.map(() => ({ domain: 0, capacity: 0 }))),
          domain_models: array<{ costs: bigint[] }>([]),
          cpu_uses: array(uses),
        },
      },
      { root },
    );
    expect(energy.look().inputs).toMatchObject({ utilisation: 0.375, waiting: 1 });
  });

  it('reads nothing where there is nothing', () => {
    expect(new PackReader(root).read()).toEqual({});
  });
});
