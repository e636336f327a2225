import { dequeueTask, enqueueTask, unplace } from './enqueue.js';
import type { Kernel } from './kernel.js';
import { resched } from './resched.js';
import { runningNow } from './schedule.js';
import { Deq, Enq } from './scheduler.js';
import { Class, Place } from './task.js';

/**
 * Bypass mode: the kernel schedules tasks of ext by itself, first come first served, while a scheduler comes or goes. Entering
 * and leaving, every waiting task is queued anew.
 */
export function setBypass(k: Kernel, on: boolean): void {
  k.bypassDepth += on ? 1 : -1;
  if (k.bypassDepth !== (on ? 1 : 0)) return;
  if (on) {
    k.count('BYPASS_ACTIVATE');
    k.bypassSince = k.now;
  } else k.count('BYPASS_DURATION', k.now - k.bypassSince);
  for (const cpu of k.cpus) {
    for (const p of [...cpu.runnable]) {
      if (p.class !== Class.EXT || !p.onQueue) continue;
      const running = cpu.current === p;
      dequeueTask(k, cpu, p, Deq.SAVE);
      if (running) p.stickyCpu = cpu.id;
      enqueueTask(k, cpu, p, Enq.RESTORE);
      if (!running) continue;
      unplace(k, cpu, p);
      p.place = Place.CPU;
      runningNow(k, cpu, p);
    }
    if (cpu.online) resched(k, cpu);
  }
}
