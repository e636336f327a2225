import { VmError } from '../errors.js';
import { topologyParts, type Machine } from '../qemu/arguments.js';

/** How many of what a machine has. */
export interface Shape {
  cpus: number;
  packages: number;
  dies: number;
  cores: number;
  nodes: number;
}

/** What the guest reported of itself. */
export interface Reported extends Shape {
  /** CPUs that the kernel was built for; undefined where it does not say. */
  most: number | undefined;
}

const NAMES: Record<keyof Shape, string> = {
  cpus: 'CPUs',
  packages: 'sockets',
  dies: 'dies',
  cores: 'cores',
  nodes: 'NUMA nodes',
};

/** Arguments of the kernel that make a machine smaller than it is, or flatter: who gives one knows. */
const CHANGES_SHAPE =
  /(^|\s)(maxcpus|nr_cpus|possible_cpus|nosmp|nosmt|noapic|nolapic|numa|numa_off|acpi|disable_cpu_apicid)(=|\s|$)/;

/** How many there are in a list such as `0-3,6`. */
function listed(list: string): number {
  return list.split(',').reduce((sum, part) => {
    const [first = 0, last = first] = part.split('-').map(Number);
    return sum + last - first + 1;
  }, 0);
}

/** Reads what guest/init.sh says when it is ready: the highest CPU, the nodes, then `package:die:core` of each CPU. */
export function readShape([max = '-', nodes = '-', ...cpus]: string[]): Reported {
  // A die's id is one within its package, a core's one within its die.
  const different = (ids: number): number =>
    new Set(cpus.map((cpu) => cpu.split(':').slice(0, ids).join(':'))).size;
  return {
    most: max === '-' ? undefined : Number(max) + 1,
    cpus: cpus.length,
    packages: different(1),
    dies: different(2),
    cores: different(3),
    // A kernel without NUMA has one node and no folder for it.
    nodes: nodes === '-' ? 1 : listed(nodes),
  };
}

/** What was asked for, as far as it was. */
export function wantedShape({ cpus, topology, numaNodes, kernelArgs }: Machine): Partial<Shape> {
  if (CHANGES_SHAPE.test(kernelArgs ?? '')) return {};
  const shape: Partial<Shape> = { cpus, nodes: numaNodes ?? 1 };
  if (!topology) return shape;
  const { sockets = 1, dies = 1, threads = 1 } = topologyParts(topology);
  return { ...shape, packages: sockets, dies: sockets * dies, cores: cpus / threads };
}

/** The error for a machine that is another than was asked for; undefined for one that is as it should be. */
export function wrongShape(
  machine: Machine,
  reported: Reported,
  release: string,
): VmError | undefined {
  const wanted = wantedShape(machine);
  const wrong = (Object.keys(wanted) as (keyof Shape)[]).filter((k) => wanted[k] !== reported[k]);
  if (wrong.length === 0) return undefined;
  const parts = wrong.map((k) => `${reported[k]} ${NAMES[k]} instead of ${wanted[k]}`);
  const { most } = reported;
  return new VmError(
    `Linux ${release} came up with ${parts.join(', ')}`,
    most !== undefined && most < machine.cpus
      ? `this kernel was built for ${most} CPUs at most (CONFIG_NR_CPUS): ask for fewer, or take another kernel (--list)`
      : 'take another kernel (--list shows them) or another topology; --verbose shows what the kernel says',
  );
}
