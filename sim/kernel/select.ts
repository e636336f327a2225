import type { Cpu } from './cpu.js';
import { fail } from './fail.js';
import { selectCpu } from './idle.js';
import { SLICE_DEFAULT, type Kernel } from './kernel.js';
import { Class, type Task } from './task.js';

export interface Selected {
  cpu: number;
  /** The class was asked: SCX_ENQ_CPU_SELECTED. */
  asked: boolean;
}

/** Which CPU a task is to run on that wakes up or is new. Callbacks run on `here`, the waker's CPU. */
export function selectTaskCpu(k: Kernel, here: Cpu, p: Task, wakeFlags: number): Selected {
  const asked = p.allowedCount > 1;
  let cpu = asked ? ask(k, here, p, wakeFlags) : p.allows(p.cpu) ? p.cpu : p.mask.first();
  if (!p.allows(cpu) || !k.online.has(cpu)) {
    if (p.class === Class.EXT) k.count('SELECT_CPU_FALLBACK');
    cpu = fallbackCpu(k, p);
  }
  return { cpu, asked };
}

/** A CPU that is online and allowed, near to the last one if there is. */
export function fallbackCpu(k: Kernel, p: Task): number {
  const node = k.machine.nodeMasks[p.cpu]!;
  for (let cpu = node.next(0, k.online); cpu >= 0; cpu = node.next(cpu + 1, k.online))
    if (p.allows(cpu)) return cpu;
  if (p.migrationDisabled > 0 && k.online.has(p.cpu)) return p.cpu;
  return p.mask.next(0, k.online);
}

function ask(k: Kernel, here: Cpu, p: Task, wakeFlags: number): number {
  if (p.class === Class.RT || p.class === Class.DEADLINE) return selectForRealtime(k, p);
  if (p.class === Class.FAIR) return selectForFair(k, here, p);
  const s = k.scheduler!;
  const prev = p.cpu;
  if (!s.select_cpu || k.bypassing) {
    const found = selectCpu(k, here, p, prev, { wake: wakeFlags });
    if (found < 0) return prev;
    p.memory.setSlice(SLICE_DEFAULT);
    p.direct = { dsq: 'local', flags: 0, vtime: false, where: k.where() };
    return found;
  }
  k.enter(here, 'select_cpu', p);
  const cpu = s.select_cpu(p, prev, wakeFlags);
  k.leave();
  p.selectedCpu = cpu;
  if (cpu >= 0 && cpu < k.cpus.length) return cpu;
  fail(k, `invalid CPU ${cpu} from ops.select_cpu()`);
  return prev;
}

/** The CPU that does the least important work. */
function selectForRealtime(k: Kernel, p: Task): number {
  const rank = (cpu: Cpu): number => {
    const { current } = cpu;
    if (!current) return 200;
    return current.class >= Class.FAIR ? 100 + current.class : 99 - current.priority;
  };
  let best = p.cpu;
  let bestRank = p.allows(best) && k.online.has(best) ? rank(k.cpus[best]!) : -1;
  for (const cpu of k.cpus) {
    if (!cpu.online || !p.allows(cpu.id)) continue;
    const r = rank(cpu);
    if (r > bestRank) {
      best = cpu.id;
      bestRank = r;
    }
  }
  return best;
}

/** The previous CPU if it is idle, one near it that is, or the one with the fewest tasks. */
function selectForFair(k: Kernel, here: Cpu, p: Task): number {
  const free = (cpu: number): boolean =>
    k.online.has(cpu) && p.allows(cpu) && !k.cpus[cpu]!.current && nrFair(k.cpus[cpu]!) === 0;
  if (free(p.cpu)) return p.cpu;
  const llc = k.machine.llcMasks[p.cpu]!;
  for (let cpu = llc.first(); cpu >= 0; cpu = llc.next(cpu + 1)) if (free(cpu)) return cpu;
  for (const cpu of k.cpus) if (free(cpu.id)) return cpu.id;
  let best = p.cpu;
  for (const cpu of k.cpus)
    if (cpu.online && p.allows(cpu.id) && nrFair(cpu) < nrFair(k.cpus[best]!)) best = cpu.id;
  return best;
}

export function nrFair(cpu: Cpu): number {
  return cpu.fair.count + (cpu.current?.class === Class.FAIR ? 1 : 0);
}
