import type { Topology } from '../../native/runtime/index.js';

/** Scheduling domains: groups of CPUs with one queue each. */
export interface Domains {
  count: number;
  nodes: number;
  /** NUMA node of each domain. */
  node: Uint32Array;
  /** Computing power of the CPUs of each domain that are online, 1 for a fast CPU. */
  capacity: Float64Array;
  /** Domain of each possible CPU; offline ones are in a domain too, without adding capacity. */
  ofCpu: Uint32Array;
}

export interface DomainOptions {
  /** Cuts domains with more CPUs than this; cores are kept whole. 0: never. */
  maxCpus?: number;
}

/** One domain for each group of CPUs that share a last-level cache. */
export function domainsOf(topology: Topology, options: DomainOptions = {}): Domains {
  const most = options.maxCpus ?? 0;
  const node: number[] = [];
  const capacity: number[] = [];
  const ofCpu = new Uint32Array(topology.cpus.length);
  const groups = new Map<string, { domain: number; cpus: number; lastCore: number }>();
  // Threads of a core can have numbers that are far apart; with those of others between them a cut would tear it.
  const inOrder = topology.cpus
    .filter((cpu) => cpu.online)
    .sort((a, b) => a.cluster - b.cluster || a.core - b.core || a.id - b.id);
  for (const cpu of inOrder) {
    // A cache that CPUs of two nodes share (sub-NUMA clustering) makes two domains.
    const key = `${cpu.node}/${cpu.llc}`;
    let group = groups.get(key);
    const isFull = group && most > 0 && group.cpus >= most && cpu.core !== group.lastCore;
    if (!group || isFull) {
      group = { domain: node.length, cpus: 0, lastCore: -1 };
      groups.set(key, group);
      node.push(cpu.node);
      capacity.push(0);
    }
    group.cpus++;
    group.lastCore = cpu.core;
    ofCpu[cpu.id] = group.domain;
    capacity[group.domain]! += cpu.capacity / 1024;
  }
  return {
    count: node.length,
    nodes: topology.nodes,
    node: Uint32Array.from(node),
    capacity: Float64Array.from(capacity),
    ofCpu,
  };
}
