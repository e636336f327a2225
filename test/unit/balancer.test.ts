import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Tasks } from '../../components/load_balancer/candidates.js';
import type { Domains } from '../../components/load_balancer/domains.js';
import { feasibleWeight } from '../../components/load_balancer/infeasible.js';
import { totalImbalance } from '../../components/load_balancer/imbalance.js';
import { planMoves } from '../../components/load_balancer/plan.js';
import { Tuner, parseCpuTimes } from '../../components/load_balancer/tuner.js';

function machine(capacity: number[], node: number[]): Domains {
  return {
    count: capacity.length,
    nodes: Math.max(...node) + 1,
    node: Uint32Array.from(node),
    capacity: Float64Array.from(capacity),
    ofCpu: new Uint32Array(0),
  };
}

interface Given {
  at: number;
  load: number;
  /** Domains in which it may run; all, without it. */
  allowed?: number[];
  movable?: boolean;
}

function tasksOf(given: Given[]): Tasks {
  return {
    count: given.length,
    domain: Uint32Array.from(given, (t) => t.at),
    load: Float64Array.from(given, (t) => t.load),
    movable: Uint8Array.from(given, (t) => (t.movable === false ? 0 : 1)),
    restricted: Uint8Array.from(given, (t) => (t.allowed ? 1 : 0)),
    mayRunIn: (t, d) => given[t]!.allowed?.includes(d) ?? true,
  };
}

function loads(given: Given[], count: number, resident: number[] = []): Float64Array {
  const out = new Float64Array(count);
  for (const { at, load } of given) out[at]! += load;
  resident.forEach((l, d) => (out[d]! += l));
  return out;
}

const weights = fc.constantFrom(15, 36, 70, 100, 100, 100, 215, 335, 1024, 9548);
const machines = fc
  .array(fc.record({ capacity: fc.constantFrom(0, 1, 2, 4, 4.5, 8, 64), node: fc.nat(3) }), {
    minLength: 1,
    maxLength: 12,
  })
  .map((domains) => {
    // Nodes are numbered without gaps.
    const seen = [...new Set(domains.map((d) => d.node))];
    return machine(
      domains.map((d) => d.capacity),
      domains.map((d) => seen.indexOf(d.node)),
    );
  });
const cases = machines.chain((domains) =>
  fc.record({
    domains: fc.constant(domains),
    tasks: fc.array(
      fc.record(
        {
          at: fc.nat(domains.count - 1),
          load: fc
            .tuple(weights, fc.double({ min: 0, max: 1, noNaN: true }))
            .map(([w, d]) => w * d),
          allowed: fc.uniqueArray(fc.nat(domains.count - 1), { minLength: 1 }),
          movable: fc.boolean(),
        },
        { requiredKeys: ['at', 'load'] },
      ),
      { maxLength: 120 },
    ),
    resident: fc.array(fc.nat(2000), { minLength: domains.count, maxLength: domains.count }),
    maxMoves: fc.oneof(fc.constant(Infinity), fc.nat(10)),
  }),
);

describe('planMoves', () => {
  it('never makes imbalance larger, never moves what must not move, and says what it does', () => {
    fc.assert(
      fc.property(cases, ({ domains, tasks, resident, maxMoves }) => {
        const load = loads(tasks, domains.count, resident);
        const plan = planMoves(domains, load, tasksOf(tasks), { maxMoves });
        expect(plan.after).toBeLessThanOrEqual(plan.before * (1 + 1e-9) + 1e-9);
        expect(plan.before).toBeCloseTo(totalImbalance(load, plan.target), 6);
        expect(new Set(plan.moves.map((m) => m.task)).size).toBe(plan.moves.length);
        const result = load.slice();
        for (const { task, from, to, load: l } of plan.moves) {
          expect(tasks[task]!.movable).not.toBe(false);
          expect(tasks[task]!.allowed ?? [to]).toContain(to);
          expect(from).toBe(tasks[task]!.at);
          expect(to).not.toBe(from);
          expect(domains.capacity[to]).toBeGreaterThan(0);
          result[from]! -= l;
          result[to]! += l;
        }
        result.forEach((l, d) => expect(l).toBeCloseTo(plan.load[d]!, 6));
        expect(totalImbalance(result, plan.target)).toBeCloseTo(plan.after, 5);
      }),
      { numRuns: 400 },
    );
  });

  it('settles: planning on its own result again and again ends with no moves', () => {
    fc.assert(
      fc.property(cases, ({ domains, tasks, resident }) => {
        const now = tasks.map((t) => ({ ...t }));
        let rounds = 0;
        for (; rounds < 60; rounds++) {
          const plan = planMoves(domains, loads(now, domains.count, resident), tasksOf(now));
          if (plan.moves.length === 0) break;
          for (const { task, to } of plan.moves) now[task]!.at = to;
        }
        expect(rounds).toBeLessThan(60);
      }),
      { numRuns: 200 },
    );
  });

  it('keeps load within a node where that is enough', () => {
    const domains = machine([4, 4, 4, 4], [0, 0, 1, 1]);
    const tasks = [
      ...Array.from({ length: 16 }, () => ({ at: 0, load: 100 })),
      ...Array.from({ length: 16 }, () => ({ at: 3, load: 100 })),
    ];
    const { moves, worstAfter } = planMoves(domains, loads(tasks, 4), tasksOf(tasks));
    expect(worstAfter).toBe(0);
    expect(moves).toHaveLength(16);
    expect(moves.every((m) => domains.node[m.from] === domains.node[m.to])).toBe(true);
  });

  it('crosses nodes only above the higher bar', () => {
    const domains = machine([4, 4], [0, 1]);
    const of = (first: number, second: number): Given[] => [
      ...Array.from({ length: first }, () => ({ at: 0, load: 1 })),
      ...Array.from({ length: second }, () => ({ at: 1, load: 1 })),
    ];
    const moves = (tasks: Given[]): number =>
      planMoves(domains, loads(tasks, 2), tasksOf(tasks)).moves.length;
    expect(moves(of(108, 92))).toBe(0);
    expect(moves(of(120, 80))).toBeGreaterThan(15);
    // Within one node 8 % are enough.
    const near = machine([4, 4], [0, 0]);
    const tasks = of(108, 92);
    expect(planMoves(near, loads(tasks, 2), tasksOf(tasks)).moves).not.toHaveLength(0);
  });

  it('takes capacity into account: big and little domains, and one that is offline', () => {
    const domains = machine([8, 4, 0], [0, 0, 0]);
    const tasks = Array.from({ length: 120 }, () => ({ at: 1, load: 10 }));
    const { load } = planMoves(domains, loads(tasks, 3), tasksOf(tasks));
    expect([...load]).toEqual([800, 400, 0]);
  });

  it('does not move a task to and fro that is alone heavier than what is out of balance', () => {
    const domains = machine([1, 1], [0, 0]);
    const tasks = [
      { at: 0, load: 1000 },
      { at: 0, load: 10 },
    ];
    const { moves } = planMoves(domains, loads(tasks, 2), tasksOf(tasks));
    expect(moves.map((m) => m.task)).toEqual([1]);
  });
});

/** Every way to place the tasks: the least worst imbalance that there is. */
function optimum(domains: Domains, given: Given[]): number {
  let best = Infinity;
  const load = new Float64Array(domains.count);
  const capacity = domains.capacity.reduce((a, b) => a + b, 0);
  const total = given.reduce((sum, t) => sum + t.load, 0);
  const target = domains.capacity.map((c) => (total * c) / capacity);
  const place = (t: number): void => {
    if (t === given.length) {
      best = Math.min(best, totalImbalance(load, target));
      return;
    }
    const { allowed, load: l } = given[t]!;
    for (let d = 0; d < domains.count; d++) {
      if (allowed && !allowed.includes(d)) continue;
      load[d]! += l;
      place(t + 1);
      load[d]! -= l;
    }
  };
  place(0);
  return best;
}

/** Cases with a name, described in docs/components.md: what remains, as a share of the whole load. */
const CASES: { name: string; capacity: number[]; tasks: Given[]; atMost: number }[] = [
  {
    name: 'eight equal tasks in one of two domains',
    capacity: [4, 4],
    tasks: Array.from({ length: 8 }, () => ({ at: 0, load: 100 })),
    atMost: 0,
  },
  {
    name: 'nine equal tasks in one of four domains',
    capacity: [2, 2, 2, 2],
    tasks: Array.from({ length: 9 }, () => ({ at: 0, load: 100 })),
    atMost: 0,
  },
  {
    name: 'weights of nice -5 to 10 in one of two domains',
    capacity: [4, 4],
    tasks: [305, 305, 100, 100, 100, 34, 34, 11, 11, 100].map((load) => ({ at: 0, load })),
    atMost: 0.02,
  },
  {
    name: 'powers of two in one of three domains',
    capacity: [1, 1, 1],
    tasks: [1, 2, 4, 8, 16, 32, 64, 128].map((load) => ({ at: 0, load })),
    atMost: 0,
  },
  {
    name: 'half of the tasks pinned where they are',
    capacity: [2, 2],
    tasks: Array.from({ length: 10 }, (_, i) =>
      i % 2 ? { at: 0, load: 50 + i, allowed: [0] } : { at: 0, load: 50 + i },
    ),
    atMost: 0.02,
  },
  {
    name: 'a big and a little domain',
    capacity: [4, 1],
    tasks: Array.from({ length: 10 }, (_, i) => ({ at: 1, load: 20 + i })),
    atMost: 0.05,
  },
];

describe('against the optimum by brute force', () => {
  it.each(CASES)('$name', ({ capacity, tasks, atMost }) => {
    const domains = machine(
      capacity,
      capacity.map(() => 0),
    );
    const now = tasks.map((t) => ({ ...t }));
    let after = Infinity;
    for (let pass = 0; pass < 5; pass++) {
      const plan = planMoves(domains, loads(now, domains.count), tasksOf(now));
      for (const { task, to } of plan.moves) now[task]!.at = to;
      after = plan.after;
    }
    const total = tasks.reduce((sum, t) => sum + t.load, 0);
    const best = optimum(domains, tasks);
    expect(after).toBeGreaterThanOrEqual(best - 1e-9);
    expect((after - best) / total).toBeLessThanOrEqual(atMost + 1e-9);
  });

  it('comes near to it on random small cases', () => {
    const gaps: number[] = [];
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 4, maxLength: 9 }),
        fc.constantFrom(2, 3),
        (sizes, count) => {
          const domains = machine(Array<number>(count).fill(1), Array<number>(count).fill(0));
          const now: Given[] = sizes.map((load) => ({ at: 0, load }));
          let after = Infinity;
          for (let pass = 0; pass < 5; pass++) {
            const plan = planMoves(domains, loads(now, count), tasksOf(now));
            for (const { task, to } of plan.moves) now[task]!.at = to;
            after = plan.after;
          }
          gaps.push((after - optimum(domains, now)) / sizes.reduce((a, b) => a + b, 0));
        },
      ),
      { numRuns: 150, seed: 7 },
    );
    gaps.sort((a, b) => a - b);
    expect(gaps[Math.floor(gaps.length / 2)]).toBeLessThan(0.1);
    expect(gaps.at(-1)).toBeLessThan(0.5);
  });
});

describe('feasibleWeight', () => {
  it('leaves weights alone that no CPU is too small for', () => {
    expect(feasibleWeight([100], [16], 4)).toBeGreaterThanOrEqual(100);
    expect(feasibleWeight([100, 200], [8, 8], 4)).toBeGreaterThanOrEqual(200);
  });

  it('counts one heavy task among many light ones as what one CPU is worth', () => {
    // 4 CPUs; the heavy task fills one, the 12 light ones share three: a CPU is worth 400.
    expect(feasibleWeight([10_000, 100], [1, 12], 4)).toBeCloseTo(400);
  });

  it('gives each task at most one CPU, and wastes none', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 10_000 }), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 64 }),
        fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 20, maxLength: 20 }),
        (weight, cpus, counts) => {
          const duty = counts.slice(0, weight.length);
          const tasks = duty.reduce((a, b) => a + b, 0);
          const heaviest = feasibleWeight(weight, duty, cpus);
          const load = weight.reduce((sum, w, i) => sum + Math.min(w, heaviest) * duty[i]!, 0);
          // With more tasks than CPUs, the heaviest has no more than one CPU by its weight.
          if (tasks > cpus)
            expect((Math.min(Math.max(...weight), heaviest) / load) * cpus).toBeLessThanOrEqual(
              1 + 1e-9,
            );
        },
      ),
    );
  });

  it('does without load', () => {
    expect(feasibleWeight([], [], 4)).toBe(10_000);
    expect(feasibleWeight([100], [0], 4)).toBe(10_000);
  });
});

describe('the tuner', () => {
  const stat = (busy: number[], idle: number[]): string =>
    [
      'cpu  0 0 0 0',
      ...busy.map((b, i) => `cpu${i} ${b} 0 0 ${idle[i]} 0 0 0 0 0 0`),
      'intr 1',
    ].join('\n');
  const domains: Domains = { ...machine([2, 2], [0, 0]), ofCpu: Uint32Array.from([0, 0, 1, 1]) };

  it('switches direct greedy by utilisation, and not in between', () => {
    const tuner = new Tuner(domains, { on: 0.8, off: 0.95 });
    const at = (...rows: [number[], number[]]): number[] =>
      tuner.update(parseCpuTimes(stat(...rows), 4));
    expect(at([0, 0, 0, 0], [0, 0, 0, 0])).toEqual([]);
    expect(at([100, 100, 10, 10], [0, 0, 90, 90])).toEqual([1]);
    expect([...tuner.spare]).toEqual([0, 1]);
    expect(tuner.utilisation[1]).toBeCloseTo(0.1);
    // 90 %: between the limits.
    expect(at([200, 200, 100, 100], [0, 0, 100, 100])).toEqual([]);
    expect(at([300, 300, 200, 200], [0, 0, 100, 100])).toEqual([1]);
    expect([...tuner.spare]).toEqual([0, 0]);
  });

  it('refuses limits that are the wrong way round', () => {
    expect(() => new Tuner(domains, { on: 0.9, off: 0.5 })).toThrow(/0\.9, is above/);
  });
});
