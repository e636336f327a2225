// Which CPUs belong together. Lists of CPUs come before ids: a core's id counts within its cluster, die or socket, as the
// firmware likes, and little and big cores of one socket can have the same; lists name CPUs.
import type { Cpumask } from './cpumask.js';
import type { DeviceFiles } from './sysfs.js';

/** Numbers groups by the lowest CPU that they have. */
export class Numbering<K = string> {
  private readonly ids = new Map<K, number>();
  of(key: K): number {
    const id = this.ids.get(key) ?? this.ids.size;
    this.ids.set(key, id);
    return id;
  }
  /** Keys by their number. */
  get keys(): K[] {
    return [...this.ids.keys()];
  }
  get size(): number {
    return this.ids.size;
  }
}

/** What a CPU belongs to. Two CPUs with the same text are in the same group. */
export interface Membership {
  socket: string;
  die: string;
  cluster: string;
  core: string;
  llc: string;
}

/** Reads a list under the name that it has now, or that it had before Linux 5.3. */
const LISTS = {
  core: ['core_cpus_list', 'thread_siblings_list'],
  cluster: ['cluster_cpus_list'],
  die: ['die_cpus_list'],
  socket: ['package_cpus_list', 'core_siblings_list'],
} as const;

export class Memberships {
  private last: { cpu: number; threads: Cpumask | undefined } | undefined;

  constructor(
    private readonly sys: DeviceFiles,
    private readonly online: Cpumask,
  ) {}

  /** Threads of the CPU's core by a list; undefined without one. */
  private threads(cpu: number): Cpumask | undefined {
    if (this.last?.cpu !== cpu) this.last = { cpu, threads: this.siblings(cpu, 'core') };
    return this.last.threads;
  }

  /** The CPUs of a list that are online; undefined unless the CPU itself is among them. */
  private siblings(cpu: number, level: keyof typeof LISTS): Cpumask | undefined {
    for (const file of LISTS[level]) {
      const list = this.sys.cpuMask(cpu, `topology/${file}`)?.and(this.online);
      if (list?.has(cpu)) return list;
    }
    return undefined;
  }

  private named(cpus: Cpumask): string {
    return `of CPU ${cpus.first}`;
  }

  of(cpu: number): Membership {
    const { sys } = this;
    const id = (file: string): number | undefined => sys.cpuId(cpu, file);
    const within = (outer: string, name: string, value: number | undefined): string | undefined =>
      value === undefined ? undefined : `${outer} ${name} ${value}`;
    const socketList = this.siblings(cpu, 'socket');
    const socket = socketList
      ? this.named(socketList)
      : (within('', 'socket', id('physical_package_id')) ?? '');
    const dieList = this.siblings(cpu, 'die');
    const die = dieList ? this.named(dieList) : (within(socket, 'die', id('die_id')) ?? socket);
    const core = this.core(cpu, die);
    const threads = this.threads(cpu)?.size ?? 1;
    const { shared, second } = this.caches(cpu, threads);
    // x86 calls a cluster what shares the second level's cache; where the kernel has no word for it, that says it.
    const listed = [this.siblings(cpu, 'cluster'), second].find((c) => c && c.size > threads);
    const cluster = listed
      ? this.named(listed)
      : threads > 1
        ? core
        : (within(die, 'cluster', id('cluster_id')) ?? core);
    return { socket, die, cluster, core, llc: shared ? this.named(shared) : `die ${die}` };
  }

  private core(cpu: number, die: string): string {
    const list = this.threads(cpu);
    if (list) return this.named(list);
    const { sys } = this;
    const core = sys.cpuId(cpu, 'core_id');
    if (core === undefined) return `of CPU ${cpu}`;
    // Without a list the id has to do. Threads of one core are in one cluster and can do the same.
    const cluster = sys.cpuId(cpu, 'cluster_id') ?? '';
    return `${die} ${cluster} ${sys.cpuNumber(cpu, 'cpu_capacity') ?? ''} core ${core}`;
  }

  /** CPUs that share the last-level cache with this one, and those that share the second level's; undefined if the kernel does not know. */
  private caches(cpu: number, threads: number): { shared?: Cpumask; second?: Cpumask } {
    const { sys } = this;
    const byLevel = new Map<number, Cpumask>();
    for (const index of sys.names(/^index\d+$/, 'system/cpu', `cpu${cpu}`, 'cache')) {
      const level = Number(sys.cpuText(cpu, `cache/${index}/level`) ?? 0);
      const list = sys.cpuMask(cpu, `cache/${index}/shared_cpu_list`)?.and(this.online);
      if (list?.has(cpu) && sys.cpuText(cpu, `cache/${index}/type`) !== 'Instruction')
        byLevel.set(level, list);
    }
    const last = Math.max(0, ...byLevel.keys());
    const shared = byLevel.get(last);
    const second = byLevel.get(2);
    // A second level of each core's own, and no third that is known: nothing is shared as far as is known.
    const isPrivate = last <= 2 && (shared?.size ?? 0) <= threads;
    return {
      ...(shared && last > 1 && !isPrivate ? { shared } : {}),
      ...(second ? { second } : {}),
    };
  }
}
