// Reads the energy model that the kernel has: debugfs (kernel/power/energy_model.c), what CPUs can do (the runtime's
// topology) and, with neither power nor debugfs, an assumption. Everything is below a root that tests replace.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  parseCpuList as parseList,
  readTopology,
  ScxtsError,
  type Cpu,
  type Topology,
} from '../../native/runtime/index.js';
import { readText } from '../../native/runtime/topology/sysfs.js';
import {
  checkedModel,
  EnergyModelError,
  MAX_DOMAINS,
  type EnergyModel,
  type PerfDomain,
  type PerfState,
} from './model.js';

const DEBUGFS = 'sys/kernel/debug/energy_model';

/** CPUs of a list as the kernel prints it, e.g. `0-3,8`. Throws EnergyModelError. */
export function parseCpuList(text: string): number[] {
  try {
    return parseList(text);
  } catch (error) {
    throw new EnergyModelError((error as Error).message);
  }
}

function number(path: string): number | undefined {
  const text = readText(path);
  if (text === undefined || text === '') return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** The machine's CPUs; undefined where there is nothing to read them from. */
function topologyOf(root: string): Topology | undefined {
  try {
    return readTopology(join(root, 'sys'));
  } catch (error) {
    if (error instanceof ScxtsError && error.code === 'ERR_CPUS') return undefined;
    throw error;
  }
}

/** `cpu_capacity` of each CPU that has one; empty where the architecture has none (x86 without hybrid cores). */
export function readCapacities(root = '/'): Map<number, number> {
  const cpus = topologyOf(root)?.cpus ?? [];
  return new Map(
    cpus.flatMap(({ id, kernelCapacity }) =>
      kernelCapacity === undefined ? [] : [[id, kernelCapacity] as const],
    ),
  );
}

/** Bit 0 of `flags`: powers are in uW; bit 2: the model is artificial. include/linux/energy_model.h. */
const MICROWATTS = 1;

function readDomain(folder: string, name: string, capacities: Map<number, number>): PerfDomain[] {
  const list = readText(join(folder, 'cpus'));
  // Devices other than CPUs have a model too.
  if (list === undefined) return [];
  const cpus = parseCpuList(list);
  const flags = Number(readText(join(folder, 'flags')) ?? MICROWATTS);
  const unit = flags & MICROWATTS ? 1 : 1000;
  const raw = readdirSync(folder)
    .filter((f) => f.startsWith('ps:'))
    .map((f) => ({
      frequencyKhz: number(join(folder, f, 'frequency')) ?? Number(f.slice(3)),
      powerUw: (number(join(folder, f, 'power')) ?? NaN) * unit,
      performance: number(join(folder, f, 'performance')),
      inefficient: number(join(folder, f, 'inefficient')) === 1,
    }))
    .filter((s) => !s.inefficient);
  const fastest = Math.max(...raw.map((s) => s.frequencyKhz));
  // CPUs that are offline have no cpu_capacity on some kernels.
  const known = Math.max(...cpus.map((cpu) => capacities.get(cpu) ?? 0));
  const capacity = known || Math.max(...raw.map((s) => s.performance ?? 0)) || 1024;
  const states = raw.map(({ frequencyKhz, powerUw, performance }): PerfState => ({
    frequencyKhz,
    powerUw,
    // Kernels before 6.9 do not say it.
    performance: performance ?? (capacity * frequencyKhz) / fastest,
  }));
  return [{ name, cpus, capacity, states }];
}

/** The kernel's energy model, or undefined if it has none (or debugfs is not mounted, or not readable). */
export function readKernelModel(root = '/'): EnergyModel | undefined {
  const folder = join(root, DEBUGFS);
  let names: string[];
  try {
    names = readdirSync(folder).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  } catch {
    return undefined;
  }
  const capacities = readCapacities(root);
  const domains = names.flatMap((name) => readDomain(join(folder, name), name, capacities));
  if (domains.length === 0) return undefined;
  const few = domains.length > MAX_DOMAINS ? alike(domains) : domains;
  return checkedModel({ source: 'kernel', domains: few });
}

/** Joins domains of the same CPUs at the same cost: where each CPU has a clock of its own they are many. */
function alike(domains: PerfDomain[]): PerfDomain[] {
  const joined = new Map<string, PerfDomain>();
  for (const d of domains) {
    const key = JSON.stringify([d.capacity, d.states]);
    const first = joined.get(key);
    joined.set(key, first ? { ...first, cpus: [...first.cpus, ...d.cpus] } : d);
  }
  return [...joined.values()];
}

function grouped(cpus: readonly Cpu[], keyOf: (cpu: Cpu) => string): Map<string, Cpu[]> {
  const out = new Map<string, Cpu[]>();
  for (const cpu of cpus) out.set(keyOf(cpu), [...(out.get(keyOf(cpu)) ?? []), cpu]);
  return out;
}

/**
 * What can be said where CPUs differ in what they can do and powers are not known: a CPU of twice the capacity is taken to draw
 * four times the power, so that work costs in proportion to capacity and the weakest CPU that fits is best.
 * Undefined if all CPUs can do the same, for then it says nothing.
 */
export function modelFromCapacities(root = '/'): EnergyModel | undefined {
  const topology = topologyOf(root);
  if (!topology?.hybrid) return undefined;
  const cpus = topology.cpus.filter((cpu) => cpu.online);
  const byClock = grouped(cpus, (cpu) => `${cpu.capacity}:${cpu.clock ?? ''}`);
  // A clock of each CPU's own makes more domains than there is room for; their cost is the same then.
  const few = byClock.size <= MAX_DOMAINS ? byClock : grouped(cpus, (cpu) => `${cpu.capacity}`);
  const domains = [...few.values()].map((of, i): PerfDomain => {
    const { capacity, maxKhz = 0 } = of[0]!;
    const states = [{ frequencyKhz: maxKhz, performance: capacity, powerUw: capacity ** 2 }];
    return { name: `capacity${i}`, cpus: of.map((cpu) => cpu.id), capacity, states };
  });
  return checkedModel({ source: 'capacity', domains });
}

/**
 * The best that is known of this machine: the kernel's model, or one from capacities; undefined without either. A
 * kernel's model that cannot be used is warned of, for a scheduler can do without.
 */
export function findModel(root = '/'): EnergyModel | undefined {
  try {
    return readKernelModel(root) ?? modelFromCapacities(root);
  } catch (error) {
    if (!(error instanceof EnergyModelError)) throw error;
    process.emitWarning(`the kernel's energy model is not used: ${error.message}`);
    return modelFromCapacities(root);
  }
}
