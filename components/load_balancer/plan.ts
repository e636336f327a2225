import { Candidates, type Tasks } from './candidates.js';
import type { Domains } from './domains.js';
import { byNode, targetsOf, totalImbalance, worstImbalance } from './imbalance.js';

export interface Limits {
  /** Domains of one node are balanced when one is further from its target than this share of it. */
  near: number;
  /** Nodes are balanced when one is further from its target than this; higher, as memory is far then. */
  far: number;
  /** Tasks moved in one pass at most. */
  maxMoves: number;
}

export const DEFAULT_LIMITS: Readonly<Limits> = { near: 0.05, far: 0.1, maxMoves: Infinity };

export interface Move {
  task: number;
  from: number;
  to: number;
  load: number;
}

export interface Plan {
  moves: Move[];
  target: Float64Array;
  /** Load of each domain once the moves are made. */
  load: Float64Array;
  /** Sum over domains of the distance to the target, before and after. */
  before: number;
  after: number;
  /** Distance of the worst domain as a share of its target. */
  worstBefore: number;
  worstAfter: number;
}

/** Once balancing was called for, it goes on to this share of the limit: then noise does not call again. */
const SETTLE = 0.25;
/** A move must leave a pair of domains this much nearer, or tasks would go to and fro on noise. */
const WORTH = 0.9;

/**
 * Decides which tasks to move, and nothing else: no clock, no kernel. Within each node first, then
 * across nodes. Total imbalance never grows, no task goes where it may not run, and each step takes a
 * task out of the lists, so that it ends.
 */
export function planMoves(
  domains: Domains,
  load: Float64Array,
  tasks: Tasks,
  limits: Partial<Limits> = {},
): Plan {
  return new Planner(domains, load, tasks, { ...DEFAULT_LIMITS, ...limits }).run();
}

/** Domains by how far they are below their target, the furthest first: a binary heap. */
class Pulls {
  private readonly heap: number[] = [];
  constructor(private readonly excess: Float64Array) {}

  get top(): number | undefined {
    return this.heap[0];
  }
  push(domain: number): void {
    const { heap, excess } = this;
    let i = heap.push(domain) - 1;
    for (; i > 0;) {
      const parent = (i - 1) >> 1;
      if (excess[heap[parent]!]! <= excess[domain]!) break;
      heap[i] = heap[parent]!;
      i = parent;
    }
    heap[i] = domain;
  }
  pop(): void {
    const { heap, excess } = this;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && excess[heap[child + 1]!]! < excess[heap[child]!]!) child++;
      if (excess[heap[child]!]! >= excess[last]!) break;
      heap[i] = heap[child]!;
      i = child;
    }
    heap[i] = last;
  }
}

class Planner {
  /** Where each task is, moves included. */
  private readonly at: Uint32Array;
  private readonly load: Float64Array;
  private readonly target: Float64Array;
  private moves = 0;
  private candidates!: Candidates;

  constructor(
    private readonly domains: Domains,
    private readonly initial: Float64Array,
    private readonly tasks: Tasks,
    private readonly limits: Limits,
  ) {
    this.at = tasks.domain.slice(0, tasks.count);
    this.load = initial.slice();
    this.target = targetsOf(initial, domains);
  }

  run(): Plan {
    const { target, initial } = this;
    this.withinNodes();
    if (this.domains.nodes > 1) this.acrossNodes();
    return {
      moves: this.collect(),
      target,
      load: this.load,
      before: totalImbalance(initial, target),
      after: totalImbalance(this.load, target),
      worstBefore: worstImbalance(initial, target),
      worstAfter: worstImbalance(this.load, target),
    };
  }

  private collect(): Move[] {
    const moves: Move[] = [];
    const { tasks, at } = this;
    for (let task = 0; task < tasks.count; task++) {
      const from = tasks.domain[task]!;
      const to = at[task]!;
      if (from !== to) moves.push({ task, from, to, load: tasks.load[task]! });
    }
    return moves;
  }

  private withinNodes(): void {
    const { domains, load, limits } = this;
    const { node, capacity, count, nodes } = domains;
    const nodeLoad = byNode(load, domains);
    const nodeCapacity = byNode(capacity, domains);
    const excess = new Float64Array(count);
    const share = new Float64Array(count);
    const members: number[][] = Array.from({ length: nodes }, () => []);
    for (let d = 0; d < count; d++) {
      const n = node[d]!;
      share[d] = nodeCapacity[n]! > 0 ? (nodeLoad[n]! * capacity[d]!) / nodeCapacity[n]! : 0;
      excess[d] = load[d]! - share[d]!;
      members[n]!.push(d);
    }
    const off = (d: number): boolean => Math.abs(excess[d]!) > limits.near * share[d]!;
    const groups = members.filter((group) => group.length > 1 && group.some(off));
    if (groups.length === 0) return;
    this.gather((d) => groups.some((g) => g.includes(d)) && excess[d]! > 0);
    for (const group of groups) {
      const pulls = new Pulls(excess);
      for (const d of group) if (excess[d]! < 0) pulls.push(d);
      const pushes = group.filter((d) => excess[d]! > 0).sort((a, b) => excess[b]! - excess[a]!);
      const done = (d: number): boolean => Math.abs(excess[d]!) <= limits.near * SETTLE * share[d]!;
      for (const from of pushes) {
        const aside: number[] = [];
        for (let to = pulls.top; to !== undefined && excess[from]! > 0; to = pulls.top) {
          if (done(from) && done(to)) break;
          if (
            this.moveOne(from, to, excess[from]!, -excess[to]!, (l) => {
              excess[from]! -= l;
              excess[to!]! += l;
            })
          ) {
            pulls.pop();
            if (excess[to]! < 0) pulls.push(to);
          } else {
            if (!this.candidates.hasRestricted(from)) break;
            pulls.pop();
            aside.push(to);
          }
        }
        for (const d of aside) pulls.push(d);
      }
    }
  }

  /** Moves from the busiest domain of a node with too much to the idlest of a node with too little. */
  private acrossNodes(): void {
    const { domains, load, target, limits } = this;
    const excess = byNode(load, domains);
    const share = byNode(target, domains);
    for (let n = 0; n < domains.nodes; n++) excess[n]! -= share[n]!;
    const off = (n: number): boolean => Math.abs(excess[n]!) > limits.far * share[n]!;
    const all = Array.from({ length: domains.nodes }, (_, n) => n);
    if (!all.some(off)) return;
    const done = (n: number): boolean => Math.abs(excess[n]!) <= limits.far * SETTLE * share[n]!;
    const members = all.map((n) => {
      const own = [...domains.node.keys()].filter((d) => domains.node[d] === n);
      return own;
    });
    this.gather((d) => excess[domains.node[d]!]! > 0);
    const pulls = new Pulls(excess);
    for (const n of all) if (excess[n]! < 0) pulls.push(n);
    const pushes = all.filter((n) => excess[n]! > 0).sort((a, b) => excess[b]! - excess[a]!);
    for (const from of pushes) {
      const aside: number[] = [];
      const sources = new Map<number, number[]>();
      for (let to = pulls.top; to !== undefined && excess[from]! > 0; to = pulls.top) {
        if (done(from) && done(to)) break;
        const left = sources.get(to) ?? [...members[from]!];
        sources.set(to, left);
        if (this.moveBetween(left, members[to]!, excess, from, to)) {
          pulls.pop();
          if (excess[to]! < 0) pulls.push(to);
        } else {
          pulls.pop();
          aside.push(to);
        }
      }
      for (const n of aside) pulls.push(n);
    }
  }

  /** `sources` are those domains of the node that still have tasks for the other node; it shrinks. */
  private moveBetween(
    sources: number[],
    sinks: number[],
    excess: Float64Array,
    from: number,
    to: number,
  ): boolean {
    const { load, target } = this;
    const over = (d: number): number => load[d]! - target[d]!;
    const tryPair = (source: number, sink: number): boolean =>
      this.moveOne(source, sink, excess[from]!, -excess[to]!, (l) => {
        excess[from]! -= l;
        excess[to]! += l;
      });
    const idlest = sinks.reduce((a, b) => (over(b) < over(a) ? b : a));
    while (sources.length > 0) {
      const busiest = sources.reduce((a, b) => (over(b) > over(a) ? b : a));
      if (tryPair(busiest, idlest)) return true;
      if (this.candidates.hasRestricted(busiest)) {
        const others = sinks.filter((d) => d !== idlest).sort((a, b) => over(a) - over(b));
        if (others.some((sink) => tryPair(busiest, sink))) return true;
      }
      // What it has is too large or may not go there, and both sides only come nearer from now on.
      sources.splice(sources.indexOf(busiest), 1);
    }
    return false;
  }

  private gather(wanted: (domain: number) => boolean): void {
    const which = new Uint8Array(this.domains.count);
    for (let d = 0; d < which.length; d++) which[d] = wanted(d) ? 1 : 0;
    this.candidates = new Candidates(this.tasks, this.at, which);
  }

  /**
   * Moves the task that comes nearest to halving what lies between the two: `much` is how far the one
   * is above, `little` how far the other is below.
   */
  private moveOne(
    from: number,
    to: number,
    much: number,
    little: number,
    moved: (load: number) => void,
  ): boolean {
    if (this.moves >= this.limits.maxMoves) return false;
    const wanted = Math.min(much, little);
    const below = WORTH * (much + little);
    const task = this.candidates.take(from, to, wanted, below);
    if (task < 0) return false;
    const l = this.tasks.load[task]!;
    if (!this.helps(from, to, l)) return false;
    this.at[task] = to;
    this.load[from]! -= l;
    this.load[to]! += l;
    this.moves++;
    moved(l);
    return true;
  }

  /** Whether the two domains together come no further from what they should have of the whole. */
  private helps(from: number, to: number, l: number): boolean {
    // Rounding must not let a tiny load into a domain that has no CPU to run it.
    if (!(this.domains.capacity[to]! > 0)) return false;
    const off = (d: number, more: number): number =>
      Math.abs(this.load[d]! + more - this.target[d]!);
    const before = off(from, 0) + off(to, 0);
    return off(from, -l) + off(to, l) <= before * (1 + 1e-12);
  }
}
