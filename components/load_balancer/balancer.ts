import type { Domains } from './domains.js';
import { feasibleWeight, MAX_WEIGHT } from './infeasible.js';
import { byNode, targetsOf, totalImbalance, worstImbalance } from './imbalance.js';
import { DEFAULT_LIMITS, planMoves, type Limits } from './plan.js';
import type { DomainLoad, TaskColumns } from './records.js';

/** Where a pass reads from and writes to: the maps of the BPF half, or a simulation. */
export interface LoadSource {
  /** Nanoseconds of CLOCK_MONOTONIC. */
  now(): number;
  readDomain(domain: number, now: number): DomainLoad;
  readTasks(now: number, heaviest: number): TaskColumns;
  order(slot: number, generation: number, domain: number): void;
  cancel(slot: number): void;
}

export interface BalancerOptions extends Limits {
  /** Passes in which a task that was moved stays, within a node and after it crossed nodes. */
  cooldown: number;
  cooldownFar: number;
  /** Passes after which an order that was not followed is taken back: the task sleeps. */
  patience: number;
  /** Whether kernel threads are moved too. */
  kernelThreads: boolean;
  /** Whether heavier tasks count for more; otherwise only their running time counts. */
  useWeight: boolean;
}

export const DEFAULT_OPTIONS: Readonly<BalancerOptions> = {
  ...DEFAULT_LIMITS,
  maxMoves: 10_000,
  cooldown: 2,
  cooldownFar: 4,
  patience: 4,
  kernelThreads: false,
  useWeight: true,
};

export interface DomainStats {
  node: number;
  /** Average of weight times runnable time, and what it should be by capacity. */
  load: number;
  target: number;
  /** (load - target) / target */
  imbalance: number;
  /** Load that this pass sends here, or away if negative. */
  delta: number;
  /** CPUs that its tasks ask for. */
  duty: number;
}

export interface PassStats {
  /** Passes before this one. */
  pass: number;
  domains: DomainStats[];
  nodes: { load: number; target: number; imbalance: number; delta: number }[];
  moves: { tid: number; from: number; to: number; load: number }[];
  /** Imbalance of the worst domain, before and as it will be when orders have been followed. */
  worst: number;
  worstAfter: number;
  /** Sum of distances from targets as a share of the whole load, before. */
  total: number;
  /** Weight as which heavier tasks count. */
  heaviest: number;
  tasks: number;
  /** Orders of earlier passes that wait still, and those taken back in this one. */
  pending: number;
  expired: number;
  /** Milliseconds for reading and for the whole pass. */
  readMs: number;
  totalMs: number;
}

interface Rest {
  generation: number;
  until: number;
}

/** One pass after the other: reads loads, plans moves, leaves orders. Has no timer of its own. */
export class Balancer {
  readonly options: BalancerOptions;
  private passes = 0;
  private pending = 0;
  private readonly rests = new Map<number, Rest>();
  private readonly orderedIn = new Map<number, number>();

  constructor(
    private readonly domains: Domains,
    private readonly source: LoadSource,
    options: Partial<BalancerOptions> = {},
  ) {
    this.options = { ...DEFAULT_OPTIONS, ...options };
  }

  /** Reads and, unless `dry`, orders moves. */
  pass(dry = false): PassStats {
    const begin = performance.now();
    const { domains, source, options } = this;
    const now = source.now();
    const { load, duty, heaviest } = this.domainLoads(now);
    const target = targetsOf(load, domains);
    const isOff =
      worstWithin(load, domains) > options.near ||
      worstImbalance(byNode(load, domains), byNode(target, domains)) > options.far;
    const tasks =
      isOff || this.pending > 0
        ? source.readTasks(now, options.useWeight ? heaviest : MAX_WEIGHT)
        : undefined;
    const readMs = performance.now() - begin;
    const planned = tasks ? this.planned(tasks, load) : undefined;
    const stats: PassStats = {
      pass: this.passes++,
      ...this.loadStats(load, target, duty, planned?.plan.load ?? load),
      moves: [],
      worst: worstImbalance(load, target),
      worstAfter: planned ? planned.plan.worstAfter : worstImbalance(load, target),
      total: totalImbalance(load, target) / (load.reduce((a, b) => a + b, 0) || 1),
      heaviest,
      tasks: tasks?.count ?? 0,
      pending: this.pending,
      expired: planned?.expired ?? 0,
      readMs,
      totalMs: 0,
    };
    if (planned && tasks && !dry) {
      for (const { task, from, to, load: l } of planned.plan.moves) {
        this.send(tasks, task, to);
        stats.moves.push({ tid: tasks.tid[task]!, from, to, load: l });
      }
    }
    stats.totalMs = performance.now() - begin;
    return stats;
  }

  private domainLoads(now: number): { load: Float64Array; duty: Float64Array; heaviest: number } {
    const { domains, source, options } = this;
    const all = Array.from({ length: domains.count }, (_, d) => source.readDomain(d, now));
    const cpus = domains.capacity.reduce((a, b) => a + b, 0);
    const duty = Float64Array.from(all, (d) => d.duty.reduce((a, b) => a + b, 0));
    if (!options.useWeight) return { load: duty.map((d) => d * 100), duty, heaviest: 100 };
    const size = all[0]?.duty.length ?? 0;
    const sum = new Float64Array(size);
    const weight = new Float64Array(size);
    for (let b = 0; b < size; b++) {
      for (const d of all) {
        sum[b]! += d.duty[b]!;
        weight[b]! += d.load[b]!;
      }
      weight[b] = sum[b]! > 0 ? weight[b]! / sum[b]! : 0;
    }
    const heaviest = feasibleWeight(weight, sum, cpus);
    const load = Float64Array.from(all, (d) =>
      d.load.reduce((total, l, b) => total + Math.min(l, heaviest * d.duty[b]!), 0),
    );
    return { load, duty, heaviest };
  }

  /** What to move, with tasks that have orders taken as being where those send them. */
  private planned(
    tasks: TaskColumns,
    load: Float64Array,
  ): { plan: ReturnType<typeof planMoves>; expired: number } {
    const { options, domains, passes } = this;
    const expected = load.slice();
    let pending = 0;
    let expired = 0;
    const seen = new Map(this.orderedIn);
    this.orderedIn.clear();
    for (let t = 0; t < tasks.count; t++) {
      const slot = tasks.slot[t]!;
      if (!options.useWeight) tasks.load[t] = tasks.duty[t]! * 100;
      if (tasks.kernelThread[t] && !options.kernelThreads) tasks.movable[t] = 0;
      const rest = this.rests.get(slot);
      if (rest && (rest.until < passes || rest.generation !== tasks.generation[t]))
        this.rests.delete(slot);
      else if (rest) tasks.movable[t] = 0;
      if (tasks.domain[t]! >= domains.count) {
        tasks.movable[t] = 0;
        tasks.domain[t] = 0;
      }
      const to = tasks.ordered[t]!;
      if (to < 0) continue;
      const since = seen.get(slot) ?? passes;
      if (to >= domains.count || passes - since >= options.patience) {
        this.source.cancel(slot);
        expired++;
        continue;
      }
      this.orderedIn.set(slot, since);
      pending++;
      expected[tasks.domain[t]!]! -= tasks.load[t]!;
      expected[to]! += tasks.load[t]!;
      tasks.domain[t] = to;
      tasks.movable[t] = 0;
    }
    for (let d = 0; d < expected.length; d++) expected[d] = Math.max(0, expected[d]!);
    this.pending = pending;
    return { plan: planMoves(domains, expected, tasks, options), expired };
  }

  private send(tasks: TaskColumns, task: number, to: number): void {
    const slot = tasks.slot[task]!;
    const generation = tasks.generation[task]!;
    const { node } = this.domains;
    const isFar = node[tasks.domain[task]!] !== node[to];
    const { cooldown, cooldownFar } = this.options;
    this.source.order(slot, generation, to);
    this.rests.set(slot, { generation, until: this.passes + (isFar ? cooldownFar : cooldown) });
    this.orderedIn.set(slot, this.passes);
    this.pending++;
  }

  private loadStats(
    load: Float64Array,
    target: Float64Array,
    duty: Float64Array,
    planned: Float64Array,
  ): Pick<PassStats, 'domains' | 'nodes'> {
    const { domains } = this;
    const share = (l: number, t: number): number => (t > 0 ? (l - t) / t : 0);
    const [nodeLoad, nodeTarget, nodePlanned] = [load, target, planned].map((v) =>
      byNode(v, domains),
    ) as [Float64Array, Float64Array, Float64Array];
    return {
      domains: Array.from(load, (l, d) => ({
        node: domains.node[d]!,
        load: l,
        target: target[d]!,
        imbalance: share(l, target[d]!),
        delta: planned[d]! - l,
        duty: duty[d]!,
      })),
      nodes: Array.from(nodeLoad, (l, n) => ({
        load: l,
        target: nodeTarget[n]!,
        imbalance: share(l, nodeTarget[n]!),
        delta: nodePlanned[n]! - l,
      })),
    };
  }
}

/** How far a domain is from its share of its own node's load, at worst. */
function worstWithin(load: Float64Array, domains: Domains): number {
  const nodeLoad = byNode(load, domains);
  const nodeCapacity = byNode(domains.capacity, domains);
  const share = domains.capacity.map((c, d) => {
    const n = domains.node[d]!;
    return nodeCapacity[n]! > 0 ? (nodeLoad[n]! * c) / nodeCapacity[n]! : 0;
  });
  return worstImbalance(load, share);
}
