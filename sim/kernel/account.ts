import type { Cpu } from './cpu.js';
import type { Kernel } from './kernel.js';
import { Class } from './task.js';

/** Speed of a CPU as it is now, of 1: its frequency, and whether its sibling is busy. */
export function speedOf(k: Kernel, cpu: Cpu): number {
  const speed = (cpu.state?.performance ?? cpu.place.capacity) / 1024;
  if (!k.machine.smt) return speed;
  const core = k.machine.coreMasks[cpu.id]!;
  for (let c = core.first(); c >= 0; c = core.next(c + 1))
    if (c !== cpu.id && k.cpus[c]!.current) return (speed * k.costs.smtSpeed) / 1000;
  return speed;
}

/** Counts the work that the current task has done, and the energy that it took. */
export function progress(k: Kernel, cpu: Cpu): void {
  const { now } = k;
  let ns = now - cpu.progressedAt;
  cpu.progressedAt = now;
  if (ns <= 0) return;
  const own = ns < cpu.overhead ? ns : cpu.overhead;
  cpu.overhead -= own;
  const task = cpu.current;
  if (!task) return;
  cpu.busy += ns;
  if (cpu.state) cpu.energyUj += (cpu.state.powerUw * ns) / 1e9;
  ns -= own;
  if (ns <= 0) return;
  const work = ns * cpu.speed;
  task.stats.work += task.work < work ? task.work : work;
  task.work = task.work - work < 0.5 ? 0 : task.work - work;
}

/** Charges the current task for its time so far, in its class: its slice gets shorter. */
export function charge(k: Kernel, cpu: Cpu): void {
  progress(k, cpu);
  const ns = k.now - cpu.accountedAt;
  cpu.accountedAt = k.now;
  const task = cpu.current;
  if (!task || ns <= 0) return;
  task.stats.ran += ns;
  task.memory.setRuntime(task.stats.ran);
  if (task.class === Class.EXT) {
    const slice = task.memory.slice();
    if (slice !== Infinity) task.memory.setSlice(slice > ns ? slice - ns : 0);
  } else if (task.class === Class.FAIR) {
    task.fairSlice += ns;
    cpu.fair.charge(task, ns);
  } else if (task.policy === 'rr') task.rrSlice -= ns;
}

/** When the current task will have done its work, or something else of the CPU changes: arms the timer for it. */
export function armWork(k: Kernel, cpu: Cpu): void {
  const task = cpu.current;
  if (!task || task.work === Infinity) {
    k.events.cancel(cpu.workTimer);
    return;
  }
  k.events.arm(cpu.workTimer, k.now + cpu.overhead + Math.ceil(task.work / cpu.speed));
}

/** The speed of a CPU may have changed: what it does from now on is counted anew. */
export function respeed(k: Kernel, cpu: Cpu): void {
  const speed = speedOf(k, cpu);
  if (speed === cpu.speed) return;
  progress(k, cpu);
  cpu.speed = speed;
  if (cpu.current) armWork(k, cpu);
}

/** After a CPU became busy or idle: its siblings run slower or faster. */
export function respeedSiblings(k: Kernel, cpu: Cpu): void {
  if (!k.machine.smt) return;
  const core = k.machine.coreMasks[cpu.id]!;
  for (let c = core.first(); c >= 0; c = core.next(c + 1)) if (c !== cpu.id) respeed(k, k.cpus[c]!);
}

/** The governor follows what the scheduler asks for: the slowest state that is fast enough for every CPU of the clock. */
export function setPerformanceTarget(k: Kernel, cpu: Cpu, target: number): void {
  cpu.performanceTarget = target;
  const { domain } = cpu.place;
  if (!domain) return;
  const members = domain.cpus.map((c) => k.cpus[c]!);
  const top = domain.states.at(-1)!.performance;
  // Targets are of 1024 of the CPU itself.
  const wanted = (Math.max(...members.map((c) => c.performanceTarget)) * top) / 1024;
  const state = domain.states.find((s) => s.performance >= wanted - 0.5) ?? domain.states.at(-1)!;
  if (members[0]!.state === state) return;
  for (const member of members) {
    progress(k, member);
    member.state = state;
    respeed(k, member);
  }
}
