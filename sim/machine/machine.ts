import { SimError } from '../errors.js';
import { CpuMask } from '../kernel/cpumask.js';

/** A speed that CPUs of a domain can run at. */
export interface PerformanceState {
  frequencyKhz: number;
  /** Of 1024, the fastest CPU of the machine at its highest frequency. */
  performance: number;
  powerUw: number;
}

/** CPUs that share a clock. */
export interface FrequencyDomain {
  name: string;
  cpus: number[];
  /** From slow to fast. */
  states: PerformanceState[];
  /** Until a CPU of it runs again once it, or with `domain` each of the domain's, has been idle for so long; ns. */
  idle: { residency: number; exit: number; domain: boolean }[];
}

/** A machine as people describe it. CPUs are numbered by core and then by thread: siblings follow each other. */
export interface MachineDescription {
  /** How many CPUs there are, hyperthreads included; 8. */
  cpus?: number;
  /** Hyperthreads of a core; 1. */
  threads?: number;
  /** Last-level caches; one for each node. */
  llcs?: number;
  /** NUMA nodes; 1. */
  nodes?: number;
  /** Cores that share an L2, for CPUs without hyperthreads as well; 1. */
  coresPerCluster?: number;
  /** Capacity of each CPU, of 1024; 1024. */
  capacities?: readonly number[];
  /** CPUs that are not there when the machine starts. */
  offline?: readonly number[];
  /** Frequency domains with power; without, every CPU runs at its capacity. */
  domains?: readonly {
    name?: string;
    cpus: string | readonly number[];
    states: readonly {
      frequencyKhz: number;
      powerUw: number;
      performance?: number;
    }[];
    /** us. `domain`: a state of all CPUs of the domain together, such as a cluster's. */
    idle?: readonly { residencyUs: number; exitUs: number; domain?: boolean }[];
  }[];
}

/** A CPU's place in a machine. */
export interface CpuPlace {
  id: number;
  core: number;
  cluster: number;
  llc: number;
  node: number;
  capacity: number;
  domain: FrequencyDomain | undefined;
}

/** A machine that has been checked. Masks hold the CPUs that a CPU shares a level with, itself included. */
export class Machine {
  readonly possible: CpuMask;
  readonly smt: boolean;
  readonly coreMasks: CpuMask[] = [];
  readonly llcMasks: CpuMask[] = [];
  readonly nodeMasks: CpuMask[] = [];
  readonly nodes: number;
  readonly llcs: number;

  constructor(
    readonly places: readonly CpuPlace[],
    readonly domains: readonly FrequencyDomain[],
    readonly offline: readonly number[],
  ) {
    const count = places.length;
    this.possible = CpuMask.all(count);
    const group = (key: (place: CpuPlace) => number): CpuMask[] => {
      const masks = new Map<number, CpuMask>();
      for (const place of places) {
        const mask = masks.get(key(place)) ?? new CpuMask(count);
        mask.add(place.id);
        masks.set(key(place), mask);
      }
      return places.map((place) => masks.get(key(place))!);
    };
    this.coreMasks = group((p) => p.core);
    this.llcMasks = group((p) => p.llc);
    this.nodeMasks = group((p) => p.node);
    this.smt = this.coreMasks.some((m) => m.size > 1);
    this.nodes = new Set(places.map((p) => p.node)).size;
    this.llcs = new Set(places.map((p) => p.llc)).size;
  }

  get cpus(): number {
    return this.places.length;
  }

  /** In a line, for reports. */
  describe(): string {
    const threads = this.smt ? `, ${this.coreMasks[0]!.size} threads a core` : '';
    const some = (n: number, what: string): string => (n > 1 ? `, ${n} ${what}` : '');
    return `${this.cpus} CPUs${threads}${some(this.llcs, 'last-level caches')}${some(this.nodes, 'nodes')}`;
  }
}

export const MAX_CPUS = 1024;

function whole(value: unknown, what: string, least: number, most: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most)
    throw new SimError(
      'SIM_MACHINE',
      `the machine's '${what}' is ${JSON.stringify(value)}, not a whole number from ${least} to ${most}`,
    );
  return value;
}

const KEYS: readonly (keyof MachineDescription)[] = [
  'cpus',
  'threads',
  'llcs',
  'nodes',
  'coresPerCluster',
  'capacities',
  'offline',
  'domains',
];

/** Checks a description and lays the machine out; throws SimError for one that cannot be. */
export function machineOf(description: MachineDescription = {}): Machine {
  for (const key of Object.keys(description))
    if (!(KEYS as readonly string[]).includes(key))
      throw new SimError('SIM_MACHINE', `a machine has no '${key}'`, `it has ${KEYS.join(', ')}`);
  const cpus = whole(description.cpus ?? 8, 'cpus', 1, MAX_CPUS);
  const threads = whole(description.threads ?? 1, 'threads', 1, 8);
  const nodes = whole(description.nodes ?? 1, 'nodes', 1, cpus);
  const llcs = whole(description.llcs ?? nodes, 'llcs', 1, cpus);
  const clustered = whole(description.coresPerCluster ?? 1, 'coresPerCluster', 1, cpus);
  const cores = cpus / threads;
  const divides = (n: number, of: number, what: string): void => {
    if (of % n !== 0)
      throw new SimError(
        'SIM_MACHINE',
        `${of} cannot be divided into ${n} ${what} of the same size`,
        'choose numbers that divide',
      );
  };
  divides(threads, cpus, 'threads');
  divides(llcs, cores, 'last-level caches');
  divides(nodes, llcs, 'nodes');
  const { capacities } = description;
  if (capacities && capacities.length !== cpus)
    throw new SimError(
      'SIM_MACHINE',
      `there are ${cpus} CPUs and ${capacities.length} capacities`,
      "'capacities' has one for each CPU",
    );
  const offline = (description.offline ?? []).map((c) => whole(c, 'offline', 0, cpus - 1));
  if (new Set(offline).size === cpus)
    throw new SimError('SIM_MACHINE', 'every CPU of the machine is offline', 'leave one online');
  const domains = domainsOf(description, cpus, capacities);
  const places = Array.from({ length: cpus }, (_, id): CpuPlace => {
    const core = Math.floor(id / threads);
    const llc = Math.floor(core / (cores / llcs));
    const domain = domains.find((d) => d.cpus.includes(id));
    const capacity = domain
      ? Math.round(domain.states.at(-1)!.performance)
      : whole(capacities?.[id] ?? 1024, 'capacities', 1, 1024);
    return {
      ...{ id, core, llc, capacity, domain },
      cluster: Math.floor(core / clustered),
      node: Math.floor(llc / (llcs / nodes)),
    };
  });
  return new Machine(places, domains, offline);
}

function domainsOf(
  description: MachineDescription,
  cpus: number,
  capacities: readonly number[] | undefined,
): FrequencyDomain[] {
  const seen = new Set<number>();
  const domains = (description.domains ?? []).map((d, i): FrequencyDomain => {
    const name = d.name ?? `domain${i}`;
    const members = typeof d.cpus === 'string' ? listOf(d.cpus, name) : [...d.cpus];
    for (const cpu of members) {
      whole(cpu, `domains: cpus of ${name}`, 0, cpus - 1);
      if (seen.has(cpu))
        throw new SimError('SIM_MACHINE', `CPU ${cpu} is in two frequency domains`);
      seen.add(cpu);
    }
    if (d.states.length === 0)
      throw new SimError('SIM_MACHINE', `frequency domain ${name} has no states`);
    const states = [...d.states].sort((a, b) => a.frequencyKhz - b.frequencyKhz);
    const top = states.at(-1)!.frequencyKhz;
    const capacity = capacities?.[members[0] ?? 0] ?? 1024;
    return {
      name,
      cpus: members,
      states: states.map((s) => ({
        frequencyKhz: s.frequencyKhz,
        powerUw: s.powerUw,
        performance: s.performance ?? (capacity * s.frequencyKhz) / top,
      })),
      idle: (d.idle ?? []).map((s) => ({
        residency: s.residencyUs * 1000,
        exit: s.exitUs * 1000,
        domain: s.domain ?? false,
      })),
    };
  });
  if (domains.length > 0 && seen.size !== cpus)
    throw new SimError(
      'SIM_MACHINE',
      `${cpus - seen.size} CPUs are in no frequency domain`,
      'either every CPU is in one, or there are none',
    );
  return domains;
}

/** `0-3,8`. */
function listOf(text: string, name: string): number[] {
  return text.split(',').flatMap((part) => {
    const found = /^\s*(\d+)(?:-(\d+))?\s*$/.exec(part);
    if (!found)
      throw new SimError(
        'SIM_MACHINE',
        `'${text}' is no list of CPUs (domain ${name})`,
        'as in 0-3,8',
      );
    const from = Number(found[1]);
    const to = Number(found[2] ?? from);
    return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
  });
}
