import {
  currentBackend,
  every,
  readTopology,
  userspaceHalf,
  type ArrayMap,
  type LoadedComponent,
  type OpenComponent,
  type SkeletonTypes,
  type SyscallProgram,
  type Timer,
  type Topology,
} from '../../native/runtime/index.js';
import { Balancer, DEFAULT_OPTIONS, type BalancerOptions, type PassStats } from './balancer.js';
import { domainsOf, type Domains } from './domains.js';
import { BUCKETS, BucketReader, TaskRecords } from './records.js';
import { DEFAULT_TUNER, parseCpuTimes, readCpuTimes, Tuner, type TunerLimits } from './tuner.js';

export { Balancer, DEFAULT_OPTIONS } from './balancer.js';
export type { BalancerOptions, DomainStats, LoadSource, PassStats } from './balancer.js';
export { domainsOf, type Domains } from './domains.js';
export { feasibleWeight } from './infeasible.js';
export { planMoves, type Limits, type Move, type Plan } from './plan.js';
export { parseCpuList, readTopology, type Cpu, type Topology } from '../../native/runtime/index.js';
export { Tuner, type TunerLimits } from './tuner.js';

/** What this half needs of the BPF half. */
export interface LoadBalancerState extends SkeletonTypes {
  config: { nr_domains: number; half_life_ms: number };
  globals: { slots_used: bigint };
  counters: 'nr_moved' | 'nr_refused' | 'nr_untracked';
  maps: {
    tasks: ArrayMap<object>;
    allowed: ArrayMap<object>;
    free_slots: object;
    buckets: ArrayMap<object>;
    bucket_locks: object;
    domain_cpus: object;
    clocks: object;
    domain_node: ArrayMap<number>;
    cpu_domain: ArrayMap<number>;
  };
  progs: { set_spare: SyscallProgram<{ domain: number; on: number }> };
}

export interface LoadBalancerOptions extends Partial<BalancerOptions> {
  /** Milliseconds between two passes; 0: none by itself, call pass(). */
  intervalMs?: number;
  /** Milliseconds between two looks of the tuner at utilisation; 0: never. */
  tunerMs?: number;
  tuner?: TunerLimits;
  /** Largest domain in CPUs; 0: as large as the last-level cache. */
  maxCpus?: number;
  /** Tasks that can be balanced at a time; others are scheduled where they are. */
  maxTasks?: number;
  /** Where sysfs and procfs are. */
  sysfs?: string;
  procfs?: string;
  /** Takes the statistics of each pass. */
  onPass?: (stats: PassStats) => void;
}

/** Most domains that a task's mask of domains has room for (MASK_WORDS of state.bpf.ts). */
const MOST_DOMAINS = 1024;

/** The load balancer of a scheduler that is open: what it balances can be set still. */
export class OpenLoadBalancer {
  readonly options: LoadBalancerOptions = { intervalMs: 2000, tunerMs: 100 };
  private chosen: Topology | undefined;

  constructor(private readonly component: OpenComponent<LoadBalancerState>) {}

  get topology(): Topology {
    this.chosen ??= readTopology(this.options.sysfs);
    return this.chosen;
  }
  /** Another machine than sysfs says. */
  set topology(topology: Topology) {
    this.chosen = topology;
  }

  /** The domains of the machine. */
  settle(): Domains {
    return domainsOf(this.topology, { maxCpus: this.options.maxCpus ?? 0 });
  }

  /** Sizes maps and sets config; before load. */
  prepare(): void {
    const domains = this.settle();
    const { maps, config } = this.component;
    if (domains.count > MOST_DOMAINS)
      throw new Error(
        `${domains.count} domains are more than the ${MOST_DOMAINS} that there is room for; set maxCpus higher`,
      );
    config.nr_domains = domains.count;
    const sizes: [keyof typeof maps, number][] = [
      ['buckets', domains.count * BUCKETS],
      ['bucket_locks', domains.count * BUCKETS],
      ['domain_cpus', domains.count],
      ['clocks', domains.count],
      ['domain_node', domains.count],
    ];
    const { maxTasks } = this.options;
    if (maxTasks) sizes.push(['tasks', maxTasks], ['allowed', maxTasks], ['free_slots', maxTasks]);
    for (const [name, size] of sizes) maps[name].maxEntries = size;
  }
}

/** The load balancer of a loaded scheduler. */
export class LoadBalancer {
  readonly domains: Domains;
  readonly balancer: Balancer;
  readonly tuner: Tuner;
  /** Statistics of the last pass. */
  last: PassStats | undefined;
  private readonly timers: Timer[] = [];
  /** Of the kernel that the scheduler was loaded into: a model's clock and CPU times are not this machine's. */
  private readonly backend = currentBackend();

  constructor(
    private readonly component: LoadedComponent<LoadBalancerState>,
    open: OpenLoadBalancer,
    readonly options: LoadBalancerOptions = open.options,
  ) {
    this.domains = open.settle();
    const { maps, config, globals } = component;
    if (config.nr_domains !== this.domains.count)
      throw new Error(
        `the object is for ${config.nr_domains} domains and the machine has ${this.domains.count}`,
      );
    this.domains.node.forEach((node, d) => maps.domain_node.set(d, node));
    for (let cpu = 0; cpu < maps.cpu_domain.length; cpu++)
      maps.cpu_domain.set(cpu, this.domains.ofCpu[cpu] ?? 0);
    const halfLife = config.half_life_ms * 1e6;
    const records = TaskRecords.of(maps.tasks, maps.allowed, () => Number(globals.slots_used));
    const buckets = BucketReader.of(maps.buckets);
    this.tuner = new Tuner(this.domains, options.tuner ?? DEFAULT_TUNER);
    this.balancer = new Balancer(
      this.domains,
      {
        now: () => (this.backend.isModel ? this.backend.clock.now() * 1e6 : monotonic()),
        readDomain: (d, now) => buckets.read(d, now, halfLife),
        readTasks: (now, heaviest) => records.read(now, halfLife, heaviest),
        order: (slot, generation, domain) => records.order(slot, generation, domain),
        cancel: (slot) => records.cancel(slot),
      },
      onlyDefined({ ...DEFAULT_OPTIONS, ...options }),
    );
  }

  /** One balancing pass now; with `dry`, statistics only. */
  pass(dry = false): PassStats {
    this.last = this.balancer.pass(dry);
    this.options.onPass?.(this.last);
    return this.last;
  }

  /** One look at utilisation: switches domains that have time to spare on or off. */
  tune(): void {
    const cpus = this.domains.ofCpu.length;
    const { backend } = this;
    const times = backend.isModel
      ? parseCpuTimes(backend.file('/proc/stat') ?? '', cpus)
      : readCpuTimes(cpus, this.options.procfs);
    for (const domain of this.tuner.update(times))
      this.component.progs.set_spare.run({ domain, on: this.tuner.spare[domain]! });
  }

  /** Starts passes and tuner by their timers; the scheduler's attach() does. */
  start(): void {
    const { intervalMs = 0, tunerMs = 0 } = this.options;
    if (intervalMs > 0) this.timers.push(every(intervalMs, () => void this.pass()).unref());
    if (tunerMs > 0) this.timers.push(every(tunerMs, () => this.tune()).unref());
  }

  stop(): void {
    for (const timer of this.timers.splice(0)) timer.stop();
  }
}

/** CLOCK_MONOTONIC in ns, which bpf_ktime_get_ns() gives too. */
function monotonic(): number {
  const [seconds, ns] = process.hrtime();
  return seconds * 1e9 + ns;
}

function onlyDefined<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(options).filter(([, v]) => v !== undefined),
  ) as Partial<T>;
}

export default userspaceHalf({
  open: (component: OpenComponent<LoadBalancerState>) => new OpenLoadBalancer(component),
  prepare: (open) => open.prepare(),
  load: (component: LoadedComponent<LoadBalancerState>, open) => new LoadBalancer(component, open),
  attach: (half) => {
    half.start();
    return () => half.stop();
  },
});
