import { charge } from './account.js';
import type { Cpu } from './cpu.js';
import type { Kernel } from './kernel.js';
import { resched } from './resched.js';
import { Class } from './task.js';
import { FAIR_SLICE } from './fair.js';

/** Ticks of all CPUs fall on the same multiples of the tick's length; idle CPUs have none. */
export function startTick(k: Kernel, cpu: Cpu): void {
  if (!cpu.tickTimer.armed) armTick(k, cpu);
}

function armTick(k: Kernel, cpu: Cpu): void {
  k.events.arm(cpu.tickTimer, (Math.floor(k.now / k.tickNs) + 1) * k.tickNs);
}

/** The timer interrupt: time is accounted, and a task whose slice is over makes way. */
export function tick(k: Kernel, cpu: Cpu): void {
  const p = cpu.current;
  if (!p || !cpu.online) return;
  k.here = cpu;
  k.steal(cpu, k.costs.tick);
  charge(k, cpu);
  armTick(k, cpu);
  if (p.class === Class.EXT) {
    const s = k.scheduler;
    if (k.bypassing) {
      if (k.features.bypassSlice === 0) p.memory.setSlice(0);
    } else if (s?.tick) {
      k.enter(cpu, 'tick', p);
      s.tick(p);
      k.leave();
    }
    if (p.memory.slice() === 0) resched(k, cpu);
  } else if (p.class === Class.FAIR) {
    const waiting = cpu.fair.count > 0;
    if (waiting && (p.fairSlice === 0 || p.fairSlice >= FAIR_SLICE)) resched(k, cpu);
  } else if (p.policy === 'rr' && p.rrSlice <= 0) {
    if (cpu.realtime.some((t) => t.priority === p.priority)) resched(k, cpu);
    else p.rrSlice = 100_000_000;
  }
}
