import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelFromCapacities } from '../../components/energy/index.js';
import { domainsOf } from '../../components/load_balancer/domains.js';
import { cpusBy, readTopology, type Level, type Topology } from '../../native/runtime/index.js';
import * as machines from './machines.js';
import { scratch } from '../util/scratch.js';

const dir = scratch('machines');

let count = 0;
/** The tree's topology, and the folder that has it as `sys`. */
function made(machine: machines.Machine): { topology: Topology; root: string } {
  const root = join(dir, String(count++));
  return { topology: readTopology(machines.sysfsOf(machine, join(root, 'sys'))), root };
}
const lists = (topology: Topology, level: Level): string[] => cpusBy(topology, level).map(String);
const capacities = (topology: Topology): number[] =>
  topology.cpus.filter((c) => c.online).map((c) => c.capacity);

describe('the topology of', () => {
  it('Intel hybrid: P cores with threads, clusters of E cores, favoured cores are no kind of their own', () => {
    const { topology, root } = made(machines.INTEL_HYBRID);
    expect(topology).toMatchObject({
      cores: 16,
      clusters: 10,
      llcs: 1,
      sockets: 1,
      smt: true,
      hybrid: true,
      capacitySource: 'cppc',
    });
    expect(lists(topology, 'cluster').slice(7)).toEqual(['14-15', '16-19', '20-23']);
    expect(new Set(capacities(topology).slice(0, 16))).toEqual(new Set([1024]));
    expect(new Set(capacities(topology).slice(16))).toEqual(new Set([617]));
    expect(domainsOf(topology, { maxCpus: 6 }).ofCpu.slice(16)).toEqual(
      Uint32Array.from([2, 2, 3, 3, 3, 3, 3, 3]),
    );
    // Energy goes by the same: weak cores first, though the kernel names no capacity.
    expect(modelFromCapacities(root)!.domains.flatMap((d) => d.cpus)).toHaveLength(24);
  });

  it('AMD with two CCDs: two caches, threads far apart, ranks that are not hybrid', () => {
    const { topology, root } = made(machines.AMD_TWO_CCD);
    expect(topology).toMatchObject({ cores: 16, llcs: 2, smt: true, hybrid: false });
    expect(lists(topology, 'llc')).toEqual(['0-7,16-23', '8-15,24-31']);
    expect(topology.cpus[17]).toMatchObject({ core: 1, thread: 1, capacity: 1024 });
    expect(modelFromCapacities(root)).toBeUndefined();
  });

  it('RK3588: cores whose ids repeat in one package', () => {
    for (const machine of [machines.RK3588, machines.RK3588_IDS_ONLY]) {
      const { topology } = made(machine);
      expect(topology).toMatchObject({ cores: 8, clusters: 3, llcs: 1, sockets: 1, smt: false });
      expect(lists(topology, 'cluster')).toEqual(['0-3', '4-5', '6-7']);
      expect(capacities(topology)).toEqual([414, 414, 414, 414, 1024, 1024, 1024, 1024]);
    }
  });

  it('a machine where only capacities tell cores apart that have the same id', () => {
    expect(made(machines.LITTLE_AND_BIG_SHARE_IDS).topology).toMatchObject({
      cores: 8,
      smt: false,
    });
  });

  it('Graviton: one domain of 64 cores', () => {
    const { topology } = made(machines.GRAVITON);
    expect(topology).toMatchObject({ cores: 64, llcs: 1, hybrid: false, smt: false });
    expect(domainsOf(topology, { maxCpus: 16 }).count).toBe(4);
  });

  it('Altra: caches of each core alone are no domains of one CPU', () => {
    expect(made(machines.ALTRA).topology).toMatchObject({ cores: 80, clusters: 40, llcs: 1 });
  });

  it('a phone of 3 + 4 + 1: clusters as packages, by names before Linux 5.3', () => {
    const { topology } = made(machines.PHONE);
    expect(topology).toMatchObject({ cores: 8, smt: false, hybrid: true });
    expect(lists(topology, 'socket')).toEqual(['0-2', '3-6', '7']);
    expect(capacities(topology)).toEqual([325, 325, 325, 870, 870, 870, 870, 1024]);
  });

  it('POWER: threads that are off leave gaps, nodes are 0 and 8, pairs of cores share a cache', () => {
    const { topology } = made(machines.POWER);
    expect(topology).toMatchObject({ cores: 8, llcs: 4, nodes: 2, sockets: 2, smt: true });
    expect(topology.nodeIds).toEqual([0, 8]);
    expect(topology.cpus).toHaveLength(128);
    expect(lists(topology, 'core').slice(0, 2)).toEqual(['0-3', '8-11']);
    expect(String(topology.online)).toBe('0-3,8-11,16-19,24-27,32-35,40-43,48-51,56-59');
    expect([...domainsOf(topology).node]).toEqual([0, 0, 1, 1]);
  });

  it('a virtual machine without caches and with ids of -1', () => {
    const { topology } = made(machines.VM_WITHOUT_CACHES);
    expect(topology).toMatchObject({ cores: 4, llcs: 1, sockets: 1, smt: false, hybrid: false });
  });

  it('a machine with threads i and i + 8, whose cores stay whole whatever is cut', () => {
    const { topology } = made(machines.FAR_THREADS);
    for (let maxCpus = 1; maxCpus <= 16; maxCpus++) {
      const { ofCpu } = domainsOf(topology, { maxCpus });
      for (const core of cpusBy(topology, 'core'))
        expect(new Set([...core].map((cpu) => ofCpu[cpu])).size).toBe(1);
    }
    expect([...domainsOf(topology, { maxCpus: 4 }).ofCpu]).toEqual([
      0, 0, 1, 1, 2, 2, 3, 3, 0, 0, 1, 1, 2, 2, 3, 3,
    ]);
  });

  it.each([
    ['one favoured core', machines.FAVOURED_CORE],
    ['ranks without frequencies', machines.RANKS_ALONE],
  ])('no hybrid machine: %s', (_, machine) => {
    expect(made(machine).topology.hybrid).toBe(false);
  });

  it('AMD with dense cores: hybrid by frequency, whatever the ranks', () => {
    const { topology } = made(machines.AMD_DENSE);
    expect(topology).toMatchObject({ hybrid: true, llcs: 2, capacitySource: 'frequency' });
    expect(capacities(topology).slice(0, 6)).toEqual([1024, 1024, 1024, 1024, 655, 655]);
  });

  it('gaps in what is possible and what is online', () => {
    const { topology } = made(machines.GAPS);
    expect(topology.cpus).toHaveLength(12);
    expect(String(topology.possible)).toBe('1-4,8-11');
    expect(String(topology.online)).toBe('2-4,8,10-11');
    expect(lists(topology, 'llc')).toEqual(['2-4', '8,10-11']);
    expect(topology.cpus[9]).toMatchObject({ online: false, core: -1, capacity: 0 });
  });
});
