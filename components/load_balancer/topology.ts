import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseCpuList, readText } from '../sysfs.js';

/** One possible CPU of the machine. Ids count from 0 in the order of the lowest CPU that they have. */
export interface Cpu {
  id: number;
  online: boolean;
  /** Physical core; threads of one core share it. */
  core: number;
  /** Place among the threads of its core. */
  thread: number;
  /** Group of CPUs that share a last-level cache. */
  llc: number;
  node: number;
  socket: number;
  /** Computing power, 1024 is that of the fastest CPU. */
  capacity: number;
}

export interface Topology {
  /** By CPU id, of all possible CPUs. */
  cpus: Cpu[];
  cores: number;
  llcs: number;
  nodes: number;
  sockets: number;
  smt: boolean;
  /** Whether CPUs differ in computing power. */
  hybrid: boolean;
}

/** Numbers things by the order in which their keys are first seen. */
class Numbering {
  private readonly ids = new Map<string, number>();
  of(key: string): number {
    const id = this.ids.get(key) ?? this.ids.size;
    this.ids.set(key, id);
    return id;
  }
  get size(): number {
    return this.ids.size;
  }
}

class Sysfs {
  constructor(private readonly root: string) {}

  text(...path: string[]): string | undefined {
    return readText(join(this.root, 'devices', ...path));
  }

  names(pattern: RegExp, ...path: string[]): string[] {
    try {
      return readdirSync(join(this.root, 'devices', ...path)).filter((n) => pattern.test(n));
    } catch {
      return [];
    }
  }

  /** CPUs that share the last-level cache with this one; undefined if the kernel does not know. */
  sharedCache(cpu: string): string | undefined {
    let best: { level: number; shared: string } | undefined;
    for (const index of this.names(/^index\d+$/, 'system', 'cpu', cpu, 'cache')) {
      const file = (name: string): string | undefined =>
        this.text('system', 'cpu', cpu, 'cache', index, name);
      const level = Number(file('level') ?? 0);
      const shared = file('shared_cpu_list');
      if (!shared || file('type') === 'Instruction') continue;
      if (!best || level > best.level) best = { level, shared };
    }
    return best && best.level > 1 ? best.shared : undefined;
  }

  /** Node of each CPU that is in one. */
  nodes(): Map<number, number> {
    const out = new Map<number, number>();
    for (const name of this.names(/^node\d+$/, 'system', 'node'))
      for (const cpu of parseCpuList(this.text('system', 'node', name, 'cpulist') ?? ''))
        out.set(cpu, Number(name.slice(4)));
    return out;
  }

  /** Relative computing power, on whatever scale the machine has. */
  power(cpu: string): number | undefined {
    const number = (...path: string[]): number | undefined => {
      const value = Number(this.text('system', 'cpu', cpu, ...path) ?? NaN);
      return value > 0 ? value : undefined;
    };
    return (
      number('cpu_capacity') ??
      number('acpi_cppc', 'highest_perf') ??
      number('cpufreq', 'cpuinfo_max_freq')
    );
  }
}

/** Power of CPUs that are no slower than this is taken as that of the fastest: turbo bins differ a little. */
const SAME_POWER = 0.95;

/**
 * Reads what the kernel says of the machine's CPUs in sysfs. `root` is another folder in tests. Throws
 * if it lists no CPUs.
 */
export function readTopology(root = '/sys'): Topology {
  const sys = new Sysfs(root);
  const list = (name: string): number[] | undefined => {
    const text = sys.text('system', 'cpu', name);
    return text === undefined ? undefined : parseCpuList(text);
  };
  const online = new Set(list('online') ?? list('present') ?? []);
  const possible = list('possible') ?? [...online];
  if (online.size === 0 || possible.length === 0)
    throw new Error(`${join(root, 'devices/system/cpu')} lists no CPUs`);
  const nodeOf = sys.nodes();
  const cores = new Numbering();
  const llcs = new Numbering();
  const nodes = new Numbering();
  const sockets = new Numbering();
  const threads = new Map<number, number>();
  const cpus: Cpu[] = [];
  const powers = new Map<number, number>();
  for (let id = 0; id <= Math.max(...possible); id++) {
    if (!online.has(id)) {
      cpus.push({
        id,
        online: false,
        core: -1,
        thread: 0,
        llc: -1,
        node: -1,
        socket: -1,
        capacity: 0,
      });
      continue;
    }
    const name = `cpu${id}`;
    const topology = (file: string): string =>
      sys.text('system', 'cpu', name, 'topology', file) ?? '';
    const socket = topology('physical_package_id') || '0';
    const die = `${socket}/${topology('die_id')}`;
    const core = cores.of(`${die}/${topology('core_id') || id}`);
    const thread = threads.get(core) ?? 0;
    threads.set(core, thread + 1);
    const power = sys.power(name);
    if (power !== undefined) powers.set(id, power);
    cpus.push({
      id,
      online: true,
      core,
      thread,
      llc: llcs.of(sys.sharedCache(name) ?? `die ${die}`),
      node: nodes.of(String(nodeOf.get(id) ?? 0)),
      socket: sockets.of(socket),
      capacity: 1024,
    });
  }
  scaleCapacities(cpus, powers);
  return {
    cpus,
    cores: cores.size,
    llcs: llcs.size,
    nodes: nodes.size,
    sockets: sockets.size,
    smt: [...threads.values()].some((n) => n > 1),
    hybrid: cpus.some((c) => c.online && c.capacity !== 1024),
  };
}

function scaleCapacities(cpus: Cpu[], powers: Map<number, number>): void {
  // Without a figure for every CPU there is nothing to compare.
  const known = cpus.filter((c) => c.online).every((c) => powers.has(c.id));
  const most = Math.max(...powers.values());
  if (!known || !(most > 0)) return;
  for (const cpu of cpus) {
    const share = (powers.get(cpu.id) ?? 0) / most;
    if (cpu.online) cpu.capacity = share >= SAME_POWER ? 1024 : Math.round(share * 1024);
  }
}
