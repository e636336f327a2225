import { ScxtsError } from '../errors.js';
import { CAPACITY_SCALE, readCapacities, type CapacitySource } from './capacity.js';
import { Cpumask } from './cpumask.js';
import { Memberships, Numbering, type Membership } from './groups.js';
import { currentBackend } from '../backend.js';
import { DeviceFiles } from './sysfs.js';

/** Groups that a CPU is in, from the smallest to the largest. */
export type Level = 'core' | 'cluster' | 'llc' | 'die' | 'node' | 'socket';

/** One CPU. Groups are numbered from 0 in the order of the lowest CPU that they have; a CPU that is not online has -1. */
export interface Cpu {
  /** The kernel's number. */
  id: number;
  online: boolean;
  /** Physical core; threads of one core share it. */
  core: number;
  /** Place among the threads of its core that are online. */
  thread: number;
  /** Cores that share a second-level cache or what the firmware calls a cluster; the core itself where there is none. */
  cluster: number;
  /** Group of CPUs that share a last-level cache. */
  llc: number;
  die: number;
  node: number;
  socket: number;
  /** Computing power, 1024 is that of the fastest CPU; 0 if it is not online. */
  capacity: number;
  /** What the kernel itself says of it (`cpu_capacity`), of 1024. */
  kernelCapacity?: number;
  /** Highest frequency, in kHz. */
  maxKhz?: number;
  /** CPUs that share its clock (cpufreq), the lowest of them; undefined without cpufreq. */
  clock?: number;
}

export interface Topology {
  /**
   * By CPU number, from 0 to the highest that can be. A number that no CPU has is here like a CPU that is not online.
   */
  cpus: Cpu[];
  /** CPUs that can be there at some time, and those that are there now. */
  possible: Cpumask;
  online: Cpumask;
  /** How many there are of each. */
  cores: number;
  clusters: number;
  llcs: number;
  dies: number;
  nodes: number;
  sockets: number;
  /** The kernel's numbers of the NUMA nodes that have CPUs, by the number that they have here. */
  nodeIds: number[];
  smt: boolean;
  /** Whether CPUs differ in computing power. */
  hybrid: boolean;
  capacitySource: CapacitySource;
}

const ABSENT: Omit<Cpu, 'id'> = {
  online: false,
  core: -1,
  thread: 0,
  cluster: -1,
  llc: -1,
  die: -1,
  node: -1,
  socket: -1,
  capacity: 0,
};

/** Node of each CPU that is in one. */
function nodesOf(sys: DeviceFiles): Map<number, number> {
  const out = new Map<number, number>();
  for (const name of sys.names(/^node\d+$/, 'system/node'))
    for (const cpu of sys.mask('system/node', name, 'cpulist') ?? [])
      out.set(cpu, Number(name.slice(4)));
  return out;
}

/** CPUs that have a folder and do not say that they are offline, where no list says it: trees that were written by hand. */
function foldersOf(sys: DeviceFiles): Cpumask {
  const ids = sys.names(/^cpu\d+$/, 'system/cpu').map((name) => Number(name.slice(3)));
  return Cpumask.of(ids.filter((id) => sys.cpuText(id, 'online') !== '0'));
}

function readSets(sys: DeviceFiles): { online: Cpumask; possible: Cpumask } {
  const list = (name: string): Cpumask | undefined => sys.mask('system/cpu', name);
  const online = list('online') ?? list('present') ?? foldersOf(sys);
  const possible = (list('possible') ?? list('present') ?? online).or(online);
  if (online.isEmpty)
    throw new ScxtsError('ERR_CPUS', `${sys.cpuFolder} lists no CPUs`, {
      hint: 'sysfs has to be mounted there: mount -t sysfs sysfs /sys',
    });
  return { online, possible };
}

/** What is known of single CPUs, whatever they belong to. */
function optional(sys: DeviceFiles, id: number): Pick<Cpu, 'kernelCapacity' | 'maxKhz' | 'clock'> {
  const kernelCapacity = sys.cpuNumber(id, 'cpu_capacity');
  const maxKhz = sys.cpuNumber(id, 'cpufreq/cpuinfo_max_freq');
  // Separated by spaces, unlike other lists.
  const clock = /^\d+/.exec(sys.cpuText(id, 'cpufreq/related_cpus') ?? '')?.[0];
  return {
    ...(kernelCapacity === undefined ? {} : { kernelCapacity }),
    ...(maxKhz === undefined ? {} : { maxKhz }),
    ...(clock === undefined ? {} : { clock: Number(clock) }),
  };
}

/**
 * Reads what the kernel says of the machine's CPUs in sysfs. `root` is where sysfs is: another folder in tests. Throws ERR_CPUS
 * if it lists no CPUs.
 */
export function readTopology(root = currentBackend().sysfs): Topology {
  const sys = new DeviceFiles(root);
  const { online, possible } = readSets(sys);
  const nodeOf = nodesOf(sys);
  const memberships = new Memberships(sys, online);
  const capacities = readCapacities(sys, online);
  const numbers = {
    core: new Numbering(),
    cluster: new Numbering(),
    llc: new Numbering(),
    die: new Numbering(),
    socket: new Numbering(),
  };
  const nodes = new Numbering<number>();
  const threads = new Map<number, number>();
  const member = (id: number): Record<keyof Membership, number> => {
    const of = memberships.of(id);
    return {
      core: numbers.core.of(of.core),
      cluster: numbers.cluster.of(of.cluster),
      llc: numbers.llc.of(of.llc),
      die: numbers.die.of(of.die),
      socket: numbers.socket.of(of.socket),
    };
  };
  const cpus = Array.from({ length: possible.last! + 1 }, (_, id): Cpu => {
    if (!online.has(id)) return { id, ...ABSENT };
    const groups = member(id);
    const thread = threads.get(groups.core) ?? 0;
    threads.set(groups.core, thread + 1);
    return {
      id,
      online: true,
      ...groups,
      thread,
      node: nodes.of(nodeOf.get(id) ?? 0),
      capacity: capacities.of.get(id) ?? CAPACITY_SCALE,
      ...optional(sys, id),
    };
  });
  return {
    cpus,
    possible,
    online,
    cores: numbers.core.size,
    clusters: numbers.cluster.size,
    llcs: numbers.llc.size,
    dies: numbers.die.size,
    nodes: nodes.size,
    sockets: numbers.socket.size,
    nodeIds: nodes.keys,
    smt: [...threads.values()].some((n) => n > 1),
    hybrid: cpus.some((c) => c.online && c.capacity !== CAPACITY_SCALE),
    capacitySource: capacities.source,
  };
}

/** The CPUs of each group of a level, by the group's number: `cpusBy(topology, 'core')[0]` are the threads of core 0. */
export function cpusBy(topology: Topology, level: Level): Cpumask[] {
  const groups: number[][] = [];
  for (const cpu of topology.cpus) if (cpu.online) (groups[cpu[level]] ??= []).push(cpu.id);
  return groups.map((cpus) => Cpumask.of(cpus));
}
