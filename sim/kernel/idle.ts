import type { Machine } from '../machine/machine.js';
import { CpuMask } from './cpumask.js';
import type { Cpu } from './cpu.js';
import type { Kernel } from './kernel.js';
import { Wake, type Scheduler } from './scheduler.js';
import type { Task } from './task.js';

/** Which CPUs are idle and not claimed, and which cores are so as a whole. Claiming takes the CPU out. */
export class IdleMasks {
  constructor(
    private readonly machine: Machine,
    readonly cpus = new CpuMask(machine.cpus),
    readonly cores = new CpuMask(machine.cpus),
  ) {}

  set(cpu: number, idle: boolean): void {
    if (idle) this.cpus.add(cpu);
    else this.cpus.delete(cpu);
    const core = this.machine.coreMasks[cpu]!;
    if (idle && !core.within(this.cpus)) return;
    for (let c = core.first(); c >= 0; c = core.next(c + 1))
      if (idle) this.cores.add(c);
      else this.cores.delete(c);
  }

  /** Claims it; false if it was not idle. A core with a claimed CPU is idle no longer. */
  claim(cpu: number): boolean {
    if (!this.cpus.has(cpu)) return false;
    this.set(cpu, false);
    return true;
  }
}

/** Whether the kernel itself keeps the idle masks: it does unless the scheduler does so instead. */
export function tracksIdle(scheduler: Scheduler | null): boolean {
  return !scheduler?.update_idle || scheduler.flags.keepBuiltinIdle === true;
}

export interface PickIdle {
  /** Whole cores only: SCX_PICK_IDLE_CORE. */
  core?: boolean;
  /** Only CPUs of this set as well. */
  within?: CpuMask | undefined;
}

/** Claims an idle CPU of a set, preferably of a core that is idle as a whole; -1 if there is none. */
export function pickIdle(k: Kernel, cpu: Cpu, allowed: CpuMask, how: PickIdle = {}): number {
  const { idle, machine } = k;
  for (;;) {
    let found = -1;
    if (machine.smt) {
      found = distribute(cpu, allowed, idle.cores, how.within);
      if (found < 0 && how.core) return -1;
    } else if (how.core) return -1;
    if (found < 0) found = distribute(cpu, allowed, idle.cpus, how.within);
    if (found < 0) return -1;
    if (idle.claim(found)) return found;
  }
}

/** A member of both (all three) sets, another one each time: cpumask_any_and_distribute(). */
export function distribute(cpu: Cpu, a: CpuMask, b: CpuMask, within?: CpuMask): number {
  const from = cpu.distribute + 1;
  let found = nextOf(a, b, within, from < a.cpus ? from : 0);
  if (found < 0 && from > 0) found = nextOf(a, b, within, 0);
  if (found >= 0) cpu.distribute = found;
  return found;
}

function nextOf(a: CpuMask, b: CpuMask, within: CpuMask | undefined, from: number): number {
  let found = a.next(from, b);
  while (found >= 0 && within && !within.has(found)) found = a.next(found + 1, b);
  return found;
}

export interface SelectFlags extends PickIdle {
  wake: number;
}

/**
 * The kernel's own choice for a task that wakes up: scx_bpf_select_cpu_dfl(), and _and() with `allowed`. In order: the waker's
 * CPU or an idle previous one that shares its cache for synchronous wake-ups; a core that is idle as a whole (the previous
 * one, its cache, its node, any); the previous CPU; an idle one of the cache, of the node, any. -1: none is idle.
 */
export function selectCpu(
  k: Kernel,
  cpu: Cpu,
  p: Task,
  prev: number,
  flags: SelectFlags,
  restrict?: CpuMask,
): number {
  const { idle, machine } = k;
  let allowed = p.mask;
  if (restrict) {
    allowed = p.mask.copy();
    for (let w = 0; w < allowed.words.length; w++) allowed.words[w]! &= restrict.words[w]!;
    if (allowed.empty) return -1;
  }
  if (p.allowedCount === 1) return allowed.has(prev) && idle.claim(prev) ? prev : -1;
  const prevAllowed = allowed.has(prev);
  // Cache and node matter to tasks that may run anywhere; with several of each alone.
  const everywhere = p.allowedCount >= machine.cpus;
  const llc = everywhere && machine.llcs > machine.nodes ? machine.llcMasks[prev] : undefined;
  const node = everywhere && machine.nodes > 1 ? machine.nodeMasks[prev] : undefined;

  if (flags.wake & Wake.SYNC && (!restrict || allowed.has(cpu.id))) {
    const shares = machine.llcMasks[cpu.id]!.has(prev);
    if (prevAllowed && shares && idle.claim(prev)) return prev;
    const waker = cpu.current;
    const quiet = cpu.local.count === 0 && !(waker?.exiting ?? false);
    if (quiet && !idle.cpus.empty && p.allows(cpu.id) && waker) return cpu.id;
  }
  if (machine.smt) {
    if (prevAllowed && idle.cores.has(prev) && idle.claim(prev)) return prev;
    for (const within of [llc, node]) {
      if (!within) continue;
      const found = pickIdle(k, cpu, allowed, { core: true, within });
      if (found >= 0) return found;
    }
    const found = pickIdle(k, cpu, allowed, { core: true, within: flags.within });
    if (found >= 0) return found;
    if (flags.core) return -1;
  }
  if (prevAllowed && idle.claim(prev)) return prev;
  for (const within of [llc, node]) {
    if (!within) continue;
    const found = pickIdle(k, cpu, allowed, { within });
    if (found >= 0) return found;
  }
  return pickIdle(k, cpu, allowed, { within: flags.within });
}
