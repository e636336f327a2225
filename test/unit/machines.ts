// sysfs trees of machines, made from what is published of them: lscpu and `lstopo` outputs, device trees, vendors' manuals. Only what
// the kernel shows there is made, under the names of the kernels that run on them.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { formatCpuList, parseCpuList } from '../../native/runtime/index.js';

/** What one CPU's folder says; without `core` the CPU is offline. */
export interface Described {
  core?: number;
  package?: number;
  cluster?: number;
  die?: number;
  /** Threads of its core. */
  threads?: string;
  /** CPUs of its cluster. */
  clusterCpus?: string;
  /** By level; level 1 is private to the core and always there unless `caches` is false. */
  l2?: string;
  l3?: string;
  caches?: false;
  capacity?: number;
  /** `acpi_cppc/highest_perf`. */
  perf?: number;
  maxKhz?: number;
  clock?: string;
  ranking?: number;
}

export interface Machine {
  cpus: Record<number, Described>;
  possible?: string;
  nodes?: Record<number, string>;
  /** `cpu_core`, `cpu_atom`. */
  counters?: Record<string, string>;
  /** Names that lists of siblings had before Linux 5.3, and nothing of clusters. */
  old?: boolean;
  /** No lists at all, as of kernels and sandboxes that show ids only. */
  idsOnly?: boolean;
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

function of(ids: Iterable<number>, describe: (id: number) => Described): Record<number, Described> {
  return Object.fromEntries([...ids].map((id) => [id, describe(id)]));
}

/** Writes the tree; gives what readTopology() takes. */
export function sysfsOf(machine: Machine, root: string): string {
  const file = (path: string, text: string | number): void => {
    const full = join(root, 'devices', path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, `${text}\n`);
  };
  const ids = Object.keys(machine.cpus).map(Number);
  const online = ids.filter((id) => machine.cpus[id]!.core !== undefined);
  file('system/cpu/online', formatCpuList(online));
  file('system/cpu/present', formatCpuList(ids));
  file('system/cpu/possible', machine.possible ?? formatCpuList(ids));
  for (const [node, list] of Object.entries(machine.nodes ?? {}))
    file(`system/node/node${node}/cpulist`, list);
  for (const [name, list] of Object.entries(machine.counters ?? {})) file(`${name}/cpus`, list);
  for (const id of ids) {
    const cpu = machine.cpus[id]!;
    const put = (path: string, value: string | number | undefined): void => {
      if (value !== undefined) file(`system/cpu/cpu${id}/${path}`, value);
    };
    put('online', cpu.core === undefined ? 0 : 1);
    if (cpu.core === undefined) continue;
    const samePackage = online.filter((o) => machine.cpus[o]!.package === cpu.package);
    put('topology/physical_package_id', cpu.package ?? 0);
    put('topology/core_id', cpu.core);
    put('topology/die_id', cpu.die);
    if (!machine.idsOnly) {
      put(`topology/${machine.old ? 'thread_siblings_list' : 'core_cpus_list'}`, cpu.threads ?? id);
      put(
        `topology/${machine.old ? 'core_siblings_list' : 'package_cpus_list'}`,
        formatCpuList(samePackage),
      );
    }
    if (!machine.old) put('topology/cluster_id', cpu.cluster);
    if (!machine.old && !machine.idsOnly) put('topology/cluster_cpus_list', cpu.clusterCpus);
    const cache = (index: number, level: number, type: string, list: string | number): void => {
      put(`cache/index${index}/level`, level);
      put(`cache/index${index}/type`, type);
      put(`cache/index${index}/shared_cpu_list`, list);
    };
    if (cpu.caches !== false) {
      cache(0, 1, 'Data', cpu.threads ?? id);
      cache(1, 1, 'Instruction', cpu.threads ?? id);
      if (cpu.l2 !== undefined) cache(2, 2, 'Unified', cpu.l2);
      if (cpu.l3 !== undefined) cache(3, 3, 'Unified', cpu.l3);
    }
    put('cpu_capacity', cpu.capacity);
    put('acpi_cppc/highest_perf', cpu.perf);
    put('cpufreq/cpuinfo_max_freq', cpu.maxKhz);
    put('cpufreq/related_cpus', cpu.clock?.replace(/,/g, ' '));
    put('cpufreq/amd_pstate_prefcore_ranking', cpu.ranking);
  }
  return root;
}

/** Core i9-12900K: 8 P cores of two threads, two clusters of 4 E cores that share a second level each; Linux 6.1, no cpu_capacity. */
export const INTEL_HYBRID: Machine = {
  cpus: {
    ...of(range(0, 15), (id) => {
      const threads = `${id & ~1}-${id | 1}`;
      const isFavoured = id >> 1 === 4 || id >> 1 === 5;
      return {
        core: (id >> 1) * 4,
        die: 0,
        cluster: (id >> 1) * 8,
        threads,
        clusterCpus: threads,
        l2: threads,
        l3: '0-23',
        perf: isFavoured ? 68 : 66,
        maxKhz: isFavoured ? 5_200_000 : 5_100_000,
        clock: `${id}`,
      };
    }),
    ...of(range(16, 23), (id) => {
      const cluster = id < 20 ? '16-19' : '20-23';
      return {
        core: 32 + (id - 16),
        die: 0,
        cluster: id < 20 ? 64 : 72,
        clusterCpus: cluster,
        l2: cluster,
        l3: '0-23',
        perf: 41,
        maxKhz: 3_900_000,
        clock: `${id}`,
      };
    }),
  },
  nodes: { 0: '0-23' },
  counters: { cpu_core: '0-15', cpu_atom: '16-23' },
};

/** Ryzen 9 7950X: two dies of 8 cores with a third level each, threads i and i + 16, ranks of preferred cores by amd-pstate. */
export const AMD_TWO_CCD: Machine = {
  cpus: of(range(0, 31), (id) => {
    const core = id % 16;
    const first = core & ~7;
    return {
      core,
      die: 0,
      cluster: core,
      threads: `${core},${core + 16}`,
      clusterCpus: `${core},${core + 16}`,
      l2: `${core},${core + 16}`,
      l3: `${first}-${first + 7},${first + 16}-${first + 23}`,
      // The first die has the better cores; firmware counts down by 5.
      perf: 236 - 5 * core,
      ranking: 236 - 5 * core,
      maxKhz: 5_881_000,
      clock: `${id}`,
    };
  }),
  nodes: { 0: '0-31' },
};

/** RK3588: four A55, two pairs of A76; a core's id counts within its cluster, one package; a third level for all (Linux 6.6). */
export const RK3588: Machine = {
  cpus: of(range(0, 7), (id) => {
    const cluster = id < 4 ? 0 : id < 6 ? 1 : 2;
    const list = ['0-3', '4-5', '6-7'][cluster]!;
    return {
      core: cluster === 0 ? id : id % 2,
      cluster,
      clusterCpus: list,
      l2: `${id}`,
      l3: '0-7',
      capacity: cluster === 0 ? 414 : 1024,
      maxKhz: cluster === 0 ? 1_800_000 : 2_400_000,
      clock: list,
    };
  }),
};

/** The same board under a kernel that shows ids only: core 0 is a big and a little CPU. */
export const RK3588_IDS_ONLY: Machine = { ...RK3588, idsOnly: true };

/** The same with neither lists nor clusters: four "cores" of a big and a little CPU remain to be told apart by capacity. */
export const LITTLE_AND_BIG_SHARE_IDS: Machine = {
  cpus: of(range(0, 7), (id) => ({ core: id % 4, capacity: id < 4 ? 446 : 1024, caches: false })),
  old: true,
  idsOnly: true,
};

/** Graviton2 (Neoverse N1): 64 cores without threads, second levels of their own, 32 MB for all. */
export const GRAVITON: Machine = {
  cpus: of(range(0, 63), (id) => ({
    core: id,
    cluster: 0,
    l2: `${id}`,
    l3: '0-63',
    capacity: 1024,
  })),
  nodes: { 0: '0-63' },
};

/** Altra: 80 cores, pairs as clusters, and no cache that the kernel knows to be shared. */
export const ALTRA: Machine = {
  cpus: of(range(0, 79), (id) => ({
    core: id * 256,
    package: 0,
    cluster: id & ~1,
    clusterCpus: `${id & ~1}-${id | 1}`,
    l2: `${id}`,
    maxKhz: 3_000_000,
    clock: `${id}`,
  })),
};

/** Snapdragon 8 Gen 2 under Android's 5.15: 3 A510, 4 A715/A710, 1 X3; packages are clusters, no lists by their new names. */
export const PHONE: Machine = {
  cpus: of(range(0, 7), (id) => {
    const cluster = id < 3 ? 0 : id < 7 ? 1 : 2;
    const list = ['0-2', '3-6', '7'][cluster]!;
    return {
      core: [0, 1, 2, 0, 1, 2, 3, 0][id]!,
      package: cluster,
      l2: `${id}`,
      capacity: [325, 870, 1024][cluster]!,
      maxKhz: [2_016_000, 2_803_200, 3_187_200][cluster]!,
      clock: list,
    };
  }),
  old: true,
};

/** POWER9, two sockets, SMT8 cores of which four threads are on (ppc64_cpu --smt=4): nodes 0 and 8, ids of cores with gaps. */
export const POWER: Machine = {
  cpus: of(range(0, 63), (id) => {
    if (id % 8 >= 4) return {};
    const first = id & ~7;
    const socket = id < 32 ? 0 : 8;
    const pair = id & ~15;
    return {
      core: [0, 8, 24, 32, 2048, 2056, 2072, 2080][first >> 3]!,
      package: socket,
      threads: `${first}-${first + 3}`,
      l2: `${pair}-${pair + 3},${pair + 8}-${pair + 11}`,
      l3: `${pair}-${pair + 3},${pair + 8}-${pair + 11}`,
      maxKhz: 3_800_000,
    };
  }),
  possible: '0-127',
  nodes: { 0: '0-3,8-11,16-19,24-27', 8: '32-35,40-43,48-51,56-59', 252: '', 253: '' },
  old: true,
};

/** A virtual machine whose hypervisor tells of no caches; on arm64 ids of packages and cores can be -1. */
export const VM_WITHOUT_CACHES: Machine = {
  cpus: of(range(0, 3), () => ({ core: -1, package: -1, cluster: -1, caches: false })),
  idsOnly: true,
};

/** Threads i and i + 8, as servers number them: a cut by number would tear every core. */
export const FAR_THREADS: Machine = {
  cpus: of(range(0, 15), (id) => ({
    core: id % 8,
    threads: `${id % 8},${(id % 8) + 8}`,
    l3: '0-15',
  })),
  old: true,
};

/** Core i7-6950X: one core of ten boosts to 4.0 GHz, the others to 3.5, and firmware ranks them. */
export const FAVOURED_CORE: Machine = {
  cpus: of(range(0, 9), (id) => ({
    core: id,
    l3: '0-9',
    perf: id === 6 ? 40 : 35,
    maxKhz: id === 6 ? 4_000_000 : 3_500_000,
  })),
};

/** EPYC with ranks but without cpufreq, as some firmware leaves it. */
export const RANKS_ALONE: Machine = {
  cpus: of(range(0, 7), (id) => ({ core: id, l3: '0-7', perf: 211 - 5 * id })),
};

/** Ryzen AI 9 HX 370: four Zen 5 and eight Zen 5c cores in two clusters. */
export const AMD_DENSE: Machine = {
  cpus: of(range(0, 23), (id) => {
    const core = id % 12;
    const isDense = core >= 4;
    return {
      core,
      threads: `${core},${core + 12}`,
      l3: isDense ? '4-11,16-23' : '0-3,12-15',
      perf: isDense ? 135 - core : 211 - 5 * core,
      ranking: isDense ? 135 - core : 211 - 5 * core,
      maxKhz: isDense ? 3_300_000 : 5_157_000,
    };
  }),
};

/** CPUs 0 and 5 to 7 were never there; 1 and 9 are offline. */
export const GAPS: Machine = {
  cpus: of(parseCpuList('1-4,8-11'), (id) =>
    id === 1 || id === 9 ? {} : { core: id, l3: id < 8 ? '2-4' : '8,10-11' },
  ),
  possible: '1-4,8-11',
};
