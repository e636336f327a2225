/** Largest weight that a task can have in sched_ext (SCHED weight of cgroups). */
export const MAX_WEIGHT = 10_000;

/**
 * The weight above which a task's share would be more than one CPU, which it cannot use. `duty[i]` is
 * how many CPUs the tasks of weight `weight[i]` ask for. Counting heavier tasks with this weight makes
 * loads comparable: a domain with one task of weight 10000 is not a hundred times as busy as one with
 * a task of weight 100.
 *
 * A task is infeasible if weight / (load of all) * CPUs > 1. Taking the infeasible tasks out, each
 * with the CPU that it fills, leaves CPUs for the others; what a CPU of those is worth in weight is the
 * limit. From the heaviest down, the first weight below the limit ends it.
 */
export function feasibleWeight(
  weight: ArrayLike<number>,
  duty: ArrayLike<number>,
  cpus: number,
): number {
  const order = Array.from({ length: weight.length }, (_, i) => i)
    .filter((i) => duty[i]! > 0 && weight[i]! > 0)
    .sort((a, b) => weight[b]! - weight[a]!);
  let load = 0;
  for (const i of order) load += weight[i]! * duty[i]!;
  let left = cpus;
  for (const i of order) {
    const limit = left > 0 ? load / left : Infinity;
    if (weight[i]! <= limit) return Math.min(limit, MAX_WEIGHT);
    // Without CPUs left for the others there is no fair share to exceed.
    if (left - duty[i]! <= 0) return Math.min(weight[i]!, MAX_WEIGHT);
    load -= weight[i]! * duty[i]!;
    left -= duty[i]!;
  }
  // Every task can have a CPU to itself: their weights do not matter, and count the same.
  const lightest = order.at(-1);
  return lightest === undefined ? MAX_WEIGHT : Math.min(weight[lightest]!, MAX_WEIGHT);
}
