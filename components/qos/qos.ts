// The half of the qos component that runs in user space: rules, bounds of the classes and statistics, all of them
// while the scheduler runs.
import { readFileSync } from 'node:fs';
import {
  currentBackend,
  readTopology,
  type ArrayMap,
  type HashMap,
  type LpmTrieMap,
  type PercpuArrayMap,
  type SkeletonTypes,
} from '../../native/runtime/index.js';
import { CLASSES, commKey, QosError, ruleValue, type QosClass } from './rules.js';
import { reportOf, type ClassCounts, type ClassReport } from './stats.js';

interface RawStats {
  wakeups: bigint;
  wait_ns: bigint;
  max_wait_ns: bigint;
  run_ns: bigint;
  hist: bigint[];
}

/** What it needs of the BPF half. */
export interface QosState extends SkeletonTypes {
  config: object;
  counters: never;
  progs: object;
  globals: {
    generation: number;
    nice_high: number;
    nice_low: number;
    enforce: boolean;
    slice_high_ns: bigint;
    slice_normal_ns: bigint;
    slice_low_ns: bigint;
    starve_ns: bigint;
    nr_pack_cpus: number;
    pack_changes: number;
  };
  maps: {
    pid_rules: HashMap<number, number>;
    cgroup_rules: HashMap<bigint, number>;
    comm_rules: LpmTrieMap<{ prefix: number; comm: string }, number>;
    class_stats: PercpuArrayMap<RawStats>;
    pack_cpus: ArrayMap<boolean>;
  };
}

export interface QosRules {
  /** Up to this nice value: high (-10). */
  niceHigh?: number;
  /** From this nice value on: low (5). */
  niceLow?: number;
  /** By name; a * at the end stands for anything. */
  comm?: Record<string, QosClass>;
  /** By the folder of the cgroup; cgroups below it belong, unless they have a rule of their own. */
  cgroup?: Record<string, QosClass>;
}

export class Qos {
  private before: ClassCounts[] | undefined;

  constructor(
    private readonly state: Pick<QosState, 'globals' | 'maps'>,
    /** Where sysfs is: another folder in tests. */
    private readonly sysfs?: string,
  ) {}

  /** Every task is classed anew when it is queued next. */
  private changed(): void {
    const { globals } = this.state;
    globals.generation = (globals.generation + 1) >>> 0 || 1;
  }

  /** Adds rules to those that there are. */
  add(rules: QosRules): void {
    const { globals } = this.state;
    if (rules.niceHigh !== undefined) globals.nice_high = rules.niceHigh;
    if (rules.niceLow !== undefined) globals.nice_low = rules.niceLow;
    for (const [pattern, cls] of Object.entries(rules.comm ?? {})) this.setComm(pattern, cls);
    for (const [path, cls] of Object.entries(rules.cgroup ?? {})) this.setCgroup(path, cls);
    this.changed();
  }

  /** A rule for names; without a class it goes. */
  setComm(pattern: string, cls?: QosClass): void {
    const { comm_rules } = this.state.maps;
    const key = commKey(pattern);
    if (cls) comm_rules.set(key, ruleValue(cls));
    else comm_rules.delete(key);
    this.changed();
  }

  /** A rule for a cgroup by its folder, e.g. `/sys/fs/cgroup/system.slice`; without a class it goes. */
  setCgroup(path: string, cls?: QosClass): void {
    const { cgroup_rules } = this.state.maps;
    let id: bigint;
    try {
      id = currentBackend().cgroupId(path);
    } catch (error) {
      throw new QosError(`there is no cgroup ${path}`, { cause: error });
    }
    if (cls) cgroup_rules.set(id, ruleValue(cls));
    else cgroup_rules.delete(id);
    this.changed();
  }

  /** A rule for a thread, or for all threads of a process by its id, until it ends; without a class it goes. */
  setTask(pid: number, cls?: QosClass): void {
    const { pid_rules } = this.state.maps;
    if (cls && currentBackend().file(`/proc/${pid}/comm`) === undefined)
      throw new QosError(`there is no task ${pid}`);
    if (cls) pid_rules.set(pid, ruleValue(cls));
    else pid_rules.delete(pid);
    this.changed();
  }

  /**
   * Where the low class is packed; none lets it run anywhere, and so does a set of which none is online. Throws QosError for a CPU
   * that the machine cannot have.
   */
  pack(cpus: Iterable<number>): void {
    const { pack_cpus } = this.state.maps;
    const wanted = new Set(cpus);
    const { possible } = readTopology(this.sysfs);
    const absent = [...wanted].find((cpu) => !possible.has(cpu));
    if (absent !== undefined)
      throw new QosError(`there is no CPU ${absent}; this machine may have ${possible}`);
    for (const cpu of possible) pack_cpus.set(cpu, wanted.has(cpu));
    this.state.globals.nr_pack_cpus = wanted.size;
    this.state.globals.pack_changes = (this.state.globals.pack_changes + 1) >>> 0;
  }

  /** Time slices in us. */
  slices(us: Partial<Record<QosClass, number>>): void {
    const { globals } = this.state;
    const ns = (x: number): bigint => BigInt(Math.round(x * 1000));
    if (us.high !== undefined) globals.slice_high_ns = ns(us.high);
    if (us.normal !== undefined) globals.slice_normal_ns = ns(us.normal);
    if (us.low !== undefined) globals.slice_low_ns = ns(us.low);
  }

  /** How long a class waits before it is served ahead of better ones, in ms. */
  set starveMs(ms: number) {
    this.state.globals.starve_ns = BigInt(Math.round(ms * 1e6));
  }

  /** False schedules all tasks as normal; the statistics go on telling classes apart. */
  set enforce(enforce: boolean) {
    this.state.globals.enforce = enforce;
  }
  get enforce(): boolean {
    return this.state.globals.enforce;
  }

  private read(): ClassCounts[] {
    return CLASSES.map((_, i) => {
      const cpus = this.state.maps.class_stats.get(i) ?? [];
      const sum = (of: (s: RawStats) => bigint): number =>
        cpus.reduce((n, s) => n + Number(of(s)), 0);
      return {
        wakeups: sum((s) => s.wakeups),
        waitNs: sum((s) => s.wait_ns),
        maxWaitNs: Math.max(0, ...cpus.map((s) => Number(s.max_wait_ns))),
        runNs: sum((s) => s.run_ns),
        hist: (cpus[0]?.hist ?? []).map((_, k) => sum((s) => s.hist[k] ?? 0n)),
      };
    });
  }

  /** Latency and CPU share of each class since the last call. */
  report(): Record<QosClass, ClassReport> {
    const now = this.read();
    const [high, normal, low] = reportOf(now, this.before);
    this.before = now;
    return { high: high!, normal: normal!, low: low! };
  }
}

/** Rules from a JSON file: QosRules, and `pack` with CPUs. Throws QosError with the path. */
export function readRules(path: string): QosRules & { pack?: number[] } {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as QosRules & { pack?: number[] };
  } catch (error) {
    throw new QosError(`${path} holds no rules: ${(error as Error).message}`, { cause: error });
  }
}
