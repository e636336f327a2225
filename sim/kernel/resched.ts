import type { Cpu } from './cpu.js';
import type { Kernel } from './kernel.js';

/** While a CPU looks for its next task, what is put into its queue needs no notice. */
export function isInGate(cpu: Cpu): boolean {
  return cpu.inBalance;
}

/** Makes a CPU schedule: at once if the caller runs on it, otherwise when the interrupt has reached it. */
export function resched(k: Kernel, cpu: Cpu, from: Cpu | null = k.here): void {
  if (!cpu.online) return;
  let delay = from === cpu || from === null ? 0 : k.costs.interrupt;
  if (!cpu.current) delay += idleExit(k, cpu);
  const at = k.now + delay;
  if (cpu.scheduleTimer.armed && cpu.scheduleTimer.at <= at) return;
  k.events.arm(cpu.scheduleTimer, at);
}

/** How long an idle CPU takes to run again: longer from the states that it enters when it idles for long. */
function idleExit(k: Kernel, cpu: Cpu): number {
  const states = cpu.place.domain?.idle;
  if (!states || states.length === 0) return k.costs.idleExit;
  const idleFor = k.now - cpu.idleSince;
  let exit = 0;
  for (const { residency, exit: takes, domain } of states) {
    if (takes <= exit || idleFor < residency) continue;
    if (!domain || cpu.place.domain!.cpus.every((c) => idleSoLong(k, k.cpus[c]!, residency)))
      exit = takes;
  }
  return exit;
}

function idleSoLong(k: Kernel, cpu: Cpu, residency: number): boolean {
  return !cpu.online || (!cpu.current && k.now - cpu.idleSince >= residency);
}
