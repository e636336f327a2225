import type { Cpu, Kick } from './cpu.js';
import { moveTo } from './dispatch.js';
import { queue } from './enqueue.js';
import type { Kernel } from './kernel.js';
import { resched } from './resched.js';
import { Enq } from './scheduler.js';
import { Class, Place } from './task.js';

/** enum scx_kick_flags. */
export const KickFlag = { IDLE: 1, PREEMPT: 2, WAIT: 4 } as const;

/** What was put off until no callback runs: inserts into other CPUs' local queues, kicks, tasks that are handed back. */
export function settle(k: Kernel): void {
  const { dirty } = k;
  while (dirty.length > 0) {
    const cpu = dirty.shift()!;
    while (cpu.deferredLocal.length > 0) {
      const p = cpu.deferredLocal.shift()!;
      const { dsq, flags, where } = p.deferred!;
      p.deferred = null;
      p.place = Place.NONE;
      moveTo(k, p, dsq, flags, false, where);
    }
    if (cpu.reenqueueWanted) {
      cpu.reenqueueWanted = false;
      reenqueueLocal(k, cpu);
    }
    const { kicks } = cpu;
    if (kicks.length === 0) continue;
    cpu.kicks = [];
    for (const kick of kicks) kickOne(k, cpu, kick);
  }
}

function kickOne(k: Kernel, from: Cpu, { cpu, flags }: Kick): void {
  const target = k.cpus[cpu]!;
  if (!target.online) return;
  const { current } = target;
  if (flags & KickFlag.IDLE) {
    if (!current) resched(k, target, from);
    return;
  }
  // A task of another class is not disturbed.
  if (current && current.class < Class.EXT) return;
  if (current && flags & KickFlag.PREEMPT) current.memory.setSlice(0);
  resched(k, target, from);
}

/** Hands the tasks of a local queue back to the scheduler: how many. */
export function reenqueueLocal(k: Kernel, cpu: Cpu): number {
  const tasks = [...cpu.local].filter((p) => p.migrationDisabled === 0);
  for (const p of tasks) {
    cpu.local.remove(p);
    p.place = Place.NONE;
    queue(k, cpu, p, Enq.REENQ);
  }
  return tasks.length;
}
