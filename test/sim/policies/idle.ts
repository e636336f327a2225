import type { Cpu } from '../machine.js';

/** Picks idle CPUs as cpumask_any_and_distribute() does in kernel/sched/ext_idle.c: each time after the last one. */
export class IdlePicker {
  private last = -1;

  pick(cpus: readonly Cpu[], of: (cpu: Cpu) => boolean = () => true): Cpu | undefined {
    const idle = cpus.filter((c) => c.isIdle && of(c));
    const found = idle.find((c) => c.id > this.last) ?? idle[0];
    if (found) this.last = found.id;
    return found;
  }
}
