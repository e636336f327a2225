// What CPUs can do in relation to each other. Cores of one kind differ a little too, by which of them the firmware prefers to boost:
// that makes no hybrid machine of one.
import type { Cpumask } from './cpumask.js';
import type { DeviceFiles } from './sysfs.js';

/** The fastest CPU of the machine. */
export const CAPACITY_SCALE = 1024;

/** Capacities of the kernel that are no further apart than this are the same: turbo bins differ a little. */
const SAME_CAPACITY = 0.95;

/** Frequencies and firmware ranks that are no further apart than this, each from the next, are of one kind of core. */
const SAME_KIND = 0.85;

/** Where a capacity comes from: `cpu_capacity`, ACPI CPPC, the highest frequency, or nowhere. */
export type CapacitySource = 'kernel' | 'cppc' | 'frequency' | 'none';

export interface Capacities {
  source: CapacitySource;
  /** Of 1024, by CPU. */
  of: Map<number, number>;
}

type Figures = Map<number, number>;

function figures(sys: DeviceFiles, online: Cpumask, file: string): Figures | undefined {
  const out: Figures = new Map();
  for (const cpu of online) {
    const value = sys.cpuNumber(cpu, file);
    // Without a figure for every CPU there is nothing to compare.
    if (value === undefined) return undefined;
    out.set(cpu, value);
  }
  return out;
}

/** The highest value of the run of values, each at least `same` times the next higher one, that a value belongs to. */
function kinds(values: Iterable<number>, same: number): Map<number, number> {
  const out = new Map<number, number>();
  let above: number | undefined;
  let top = 0;
  for (const value of [...new Set(values)].sort((a, b) => b - a)) {
    if (above === undefined || value < above * same) top = value;
    out.set(value, top);
    above = value;
  }
  return out;
}

function scaled(values: Figures): Map<number, number> {
  const most = Math.max(...values.values());
  return new Map([...values].map(([cpu, v]) => [cpu, Math.round((v / most) * CAPACITY_SCALE)]));
}

/** Kinds of cores by the names of their performance counters, on Intel's hybrid machines: `cpu_core`, `cpu_atom`, `cpu_lowpower`. */
function counterKinds(sys: DeviceFiles, online: Cpumask): Cpumask[] | undefined {
  const out = sys
    .names(/^cpu_(core|atom|lowpower)$/)
    .flatMap((name) => sys.mask(name, 'cpus')?.and(online) ?? [])
    .filter((cpus) => !cpus.isEmpty);
  const covered = [...online].every((cpu) => out.some((cpus) => cpus.has(cpu)));
  return out.length > 0 && covered ? out : undefined;
}

function byKind(values: Figures, same: Cpumask[] | undefined): Figures {
  const out: Figures = new Map();
  const levels = kinds(values.values(), SAME_KIND);
  for (const [cpu, value] of values) {
    const kind = same?.find((cpus) => cpus.has(cpu));
    const best = kind
      ? Math.max(...[...kind].map((other) => values.get(other)!))
      : levels.get(value)!;
    out.set(cpu, best);
  }
  return out;
}

/** Capacities of the CPUs that are online. */
export function readCapacities(sys: DeviceFiles, online: Cpumask): Capacities {
  const kernel = figures(sys, online, 'cpu_capacity');
  if (kernel) {
    // Only from the fastest down: little cores are as little as the kernel says.
    const most = Math.max(...kernel.values());
    const levels = kinds(kernel.values(), SAME_CAPACITY);
    const of = new Map([...kernel].map(([cpu, v]) => [cpu, levels.get(v) === most ? most : v]));
    return { source: 'kernel', of: scaled(of) };
  }
  const ranks = figures(sys, online, 'acpi_cppc/highest_perf');
  const frequencies = figures(sys, online, 'cpufreq/cpuinfo_max_freq');
  // amd-pstate puts the order in which cores are preferred into highest_perf, not what they can do.
  const isOrder = [...online].some(
    (cpu) => sys.cpuText(cpu, 'cpufreq/amd_pstate_prefcore_ranking') !== undefined,
  );
  const known = counterKinds(sys, online);
  if (ranks && !isOrder) return { source: 'cppc', of: scaled(byKind(ranks, known)) };
  if (frequencies) return { source: 'frequency', of: scaled(byKind(frequencies, known)) };
  return { source: 'none', of: new Map([...online].map((cpu) => [cpu, CAPACITY_SCALE])) };
}
