import type { Domains } from './domains.js';

/** What each domain should have of a load: its share of the capacity. */
export function targetsOf(
  load: Float64Array,
  domains: Pick<Domains, 'count' | 'capacity'>,
): Float64Array {
  let total = 0;
  let capacity = 0;
  for (let d = 0; d < domains.count; d++) {
    total += load[d]!;
    capacity += domains.capacity[d]!;
  }
  return domains.capacity.map((c) => (capacity > 0 ? (total * c) / capacity : 0));
}

/** Sum of how far domains are from their targets. */
export function totalImbalance(load: Float64Array, target: Float64Array): number {
  return load.reduce((sum, l, d) => sum + Math.abs(l - target[d]!), 0);
}

/** How far the worst domain is from its target, as a share of the target. */
export function worstImbalance(load: Float64Array, target: Float64Array): number {
  let worst = 0;
  for (let d = 0; d < load.length; d++) {
    const off = Math.abs(load[d]! - target[d]!);
    if (target[d]! > 0) worst = Math.max(worst, off / target[d]!);
  }
  return worst;
}

/** Loads and targets of NUMA nodes from those of their domains. */
export function byNode(values: Float64Array, domains: Domains): Float64Array {
  const out = new Float64Array(domains.nodes);
  for (let d = 0; d < domains.count; d++) out[domains.node[d]!]! += values[d]!;
  return out;
}
