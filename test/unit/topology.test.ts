import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { domainsOf } from '../../components/load_balancer/domains.js';
import { parseCpuList, readTopology } from '../../native/runtime/index.js';

const dir = mkdtempSync(join(tmpdir(), 'scxts-topology-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

interface FakeCpu {
  socket?: number;
  core: number;
  llc?: string;
  capacity?: number;
  frequency?: number;
}

let machines = 0;
/** A folder that looks like /sys of a machine. */
function sysfs(
  cpus: FakeCpu[],
  options: { online?: string; possible?: string; nodes?: string[] } = {},
): string {
  const root = join(dir, String(machines++));
  const file = (path: string, text: string | number): void => {
    const full = join(root, 'devices/system', path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, `${text}\n`);
  };
  file('cpu/online', options.online ?? `0-${cpus.length - 1}`);
  file('cpu/possible', options.possible ?? `0-${cpus.length - 1}`);
  const online = new Set(parseCpuList(options.online ?? `0-${cpus.length - 1}`));
  cpus.forEach((cpu, id) => {
    // An offline CPU has a folder, but no topology and no caches in it.
    file(`cpu/cpu${id}/online`, online.has(id) ? 1 : 0);
    if (!online.has(id)) return;
    file(`cpu/cpu${id}/topology/physical_package_id`, cpu.socket ?? 0);
    file(`cpu/cpu${id}/topology/core_id`, cpu.core);
    file(`cpu/cpu${id}/cache/index0/level`, 1);
    file(`cpu/cpu${id}/cache/index0/type`, 'Data');
    file(`cpu/cpu${id}/cache/index0/shared_cpu_list`, id);
    if (cpu.llc) {
      file(`cpu/cpu${id}/cache/index3/level`, 3);
      file(`cpu/cpu${id}/cache/index3/type`, 'Unified');
      file(`cpu/cpu${id}/cache/index3/shared_cpu_list`, cpu.llc);
    }
    if (cpu.capacity) file(`cpu/cpu${id}/cpu_capacity`, cpu.capacity);
    if (cpu.frequency) file(`cpu/cpu${id}/cpufreq/cpuinfo_max_freq`, cpu.frequency);
  });
  options.nodes?.forEach((list, n) => file(`node/node${n}/cpulist`, list));
  return root;
}

describe('parseCpuList', () => {
  it('reads what the kernel writes', () => {
    expect(parseCpuList('0-3,8,10-11\n')).toEqual([0, 1, 2, 3, 8, 10, 11]);
    expect(parseCpuList('\n')).toEqual([]);
    expect(() => parseCpuList('0-x')).toThrow(/no list of CPUs/);
  });
});

describe('readTopology', () => {
  it('finds threads, caches, sockets and nodes', () => {
    // 2 sockets, each 2 caches of 2 cores of 2 threads; threads are numbered behind all cores.
    const cpus = Array.from({ length: 16 }, (_, id): FakeCpu => {
      const core = id % 8;
      const socket = core >> 2;
      const first = core & ~1;
      return { socket, core: core % 4, llc: `${first}-${first + 1},${first + 8}-${first + 9}` };
    });
    const root = sysfs(cpus, { nodes: ['0-3,8-11', '4-7,12-15'] });
    const topology = readTopology(root);
    expect(topology).toMatchObject({
      cores: 8,
      llcs: 4,
      nodes: 2,
      sockets: 2,
      smt: true,
      hybrid: false,
    });
    expect(topology.cpus[8]).toMatchObject({ core: topology.cpus[0]!.core, thread: 1, llc: 0 });
    const domains = domainsOf(topology);
    expect(domains).toMatchObject({ count: 4, nodes: 2 });
    expect([...domains.ofCpu]).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 0, 0, 1, 1, 2, 2, 3, 3]);
    expect([...domains.node]).toEqual([0, 0, 1, 1]);
    expect([...domains.capacity]).toEqual([4, 4, 4, 4]);
  });

  it('tells big CPUs from little ones, by capacity or by frequency', () => {
    const cpus: FakeCpu[] = [1024, 1010, 446, 446].map((capacity, core) => ({
      core,
      llc: '0-3',
      capacity,
    }));
    const topology = readTopology(sysfs(cpus));
    expect(topology.hybrid).toBe(true);
    expect(topology.cpus.map((c) => c.capacity)).toEqual([1024, 1024, 446, 446]);
    expect(domainsOf(topology).capacity[0]).toBeCloseTo(2 + 892 / 1024);
    const byFrequency = readTopology(
      sysfs([4_000_000, 2_000_000].map((frequency, core) => ({ core, frequency }))),
    );
    expect(byFrequency.cpus.map((c) => c.capacity)).toEqual([1024, 512]);
  });

  it('does with offline CPUs and gaps in what is possible', () => {
    const cpus = [0, 1, 2, 3].map((core): FakeCpu => ({ core, llc: core < 2 ? '0-1' : '2' }));
    const topology = readTopology(sysfs(cpus, { online: '0-2', possible: '0-7' }));
    expect(topology.cpus).toHaveLength(8);
    expect(topology.cpus.map((c) => c.online)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
      false,
      false,
    ]);
    const domains = domainsOf(topology);
    expect([...domains.capacity]).toEqual([2, 1]);
    // Every possible CPU is in some domain.
    expect(domains.ofCpu).toHaveLength(8);
    expect(Math.max(...domains.ofCpu)).toBeLessThan(domains.count);
  });

  it('takes a socket as a domain where the kernel knows of no shared cache', () => {
    const cpus = [0, 0, 1, 1].map((socket, core): FakeCpu => ({ socket, core }));
    expect([...domainsOf(readTopology(sysfs(cpus))).ofCpu]).toEqual([0, 0, 1, 1]);
  });

  it('has no limit at 64 CPUs', () => {
    const cpus = Array.from({ length: 512 }, (_, id): FakeCpu => {
      const first = id & ~7;
      return { socket: id >> 8, core: id & 255, llc: `${first}-${first + 7}` };
    });
    const topology = readTopology(sysfs(cpus, { nodes: ['0-255', '256-511'] }));
    const domains = domainsOf(topology);
    expect(domains.count).toBe(64);
    expect(domains.ofCpu[511]).toBe(63);
    expect(domains.node[63]).toBe(1);
  });

  it('cuts large domains without cutting cores', () => {
    const cpus = Array.from({ length: 12 }, (_, id): FakeCpu => ({ core: id >> 1, llc: '0-11' }));
    const domains = domainsOf(readTopology(sysfs(cpus)), { maxCpus: 3 });
    expect([...domains.ofCpu]).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]);
  });

  it('says so when there is nothing', () => {
    expect(() => readTopology(join(dir, 'nowhere'))).toThrow(/lists no CPUs/);
  });
});
