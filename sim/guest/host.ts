import type { Host } from '../calls/types.js';
import { monotonicClock, UPTIME } from '../kernel/calls-cpu.js';
import { Timer } from '../kernel/events.js';
import type { Kernel } from '../kernel/kernel.js';
import type { Guest } from './guest.js';

/** 2026-01-01, UTC: when model machines start. */
const EPOCH_NS = 1_767_225_600e9;

/** What helpers of programs need of the kernel around them. */
export function hostOf(guest: Guest, kernel: Kernel, output: (text: string) => void): Host {
  const timers = new Map<number, { timer: Timer; cpu: number; fire: () => void }>();
  const { context } = guest.space;

  /** A timer's callback interrupts whatever runs on its CPU. */
  const interrupt = (id: number): void => {
    const armed = timers.get(id)!;
    const cpu = kernel.cpus[kernel.online.has(armed.cpu) ? armed.cpu : kernel.online.first()]!;
    kernel.here = cpu;
    const at = guest.enter('timer');
    armed.fire();
    guest.leave(at);
    const { callback, instruction } = kernel.costs;
    kernel.steal(cpu, Math.ceil(callback + guest.instructions * instruction));
  };
  return {
    ktime: () => monotonicClock(kernel, context.instructions()),
    wallClock: () => EPOCH_NS + monotonicClock(kernel, context.instructions()),
    random: () => kernel.random.bits(),
    printk: output,
    warn: output,
    startTimer(id, at, cpu, fire) {
      let armed = timers.get(id);
      const on = cpu ?? context.cpu;
      if (!armed) {
        const timer = new Timer(() => interrupt(id));
        timers.set(id, (armed = { timer, cpu: on, fire }));
      }
      armed.cpu = on;
      armed.fire = fire;
      kernel.events.arm(armed.timer, at - UPTIME);
    },
    cancelTimer(id) {
      const armed = timers.get(id);
      return armed !== undefined && kernel.events.cancel(armed.timer);
    },
    taskOfPid(pid) {
      const task = kernel.tasks.get(pid);
      return task ? guest.addressOf(task) : 0;
    },
    *tasks() {
      const seen = new Set<number>();
      // A process, then its threads.
      for (const leader of kernel.tasks.values()) {
        if (seen.has(leader.tgid)) continue;
        seen.add(leader.tgid);
        for (const task of kernel.tasks.values())
          if (task.tgid === leader.tgid) yield guest.addressOf(task);
      }
    },
    cgroupOfId(low, high) {
      const cgroup = high === 0 ? kernel.cgroups.get(low >>> 0) : undefined;
      return cgroup ? guest.cgroups.addressOf(cgroup) : 0;
    },
    *childrenOf(address) {
      for (const child of guest.cgroups.at(address)?.children ?? [])
        yield guest.cgroups.addressOf(child);
    },
    parentOf(address) {
      const parent = guest.cgroups.at(address)?.parent;
      return parent ? guest.cgroups.addressOf(parent) : 0;
    },
    cpumask: (which) => (which === 'online' ? guest.online : guest.possible).address,
    nodeOf: (cpu) => kernel.cpus[cpu]?.place.node ?? 0,
  };
}
