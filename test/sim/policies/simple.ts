// examples/simple.ts: the kernel's own choice of an idle CPU, otherwise one shared queue.
import type { Cpu } from '../machine.js';
import type { Policy, Simulation, Task } from '../simulation.js';
import { IdlePicker } from './idle.js';
import { VtimeQueue } from './queue.js';

export class SimplePolicy implements Policy {
  readonly sliceUs = 20_000;
  private readonly shared = new VtimeQueue();
  private readonly idle = new IdlePicker();

  enqueue(sim: Simulation, task: Task, wakeup: boolean): void {
    const cpu = wakeup ? this.select(sim, task) : undefined;
    if (cpu) sim.start(task, cpu);
    else this.shared.push(task, this.sliceUs);
  }

  /** scx_select_cpu_dfl() without hyperthreads: the previous CPU, its cluster (the last-level cache), any. */
  private select(sim: Simulation, { prev }: Task): Cpu | undefined {
    if (prev?.isIdle) return prev;
    return (prev && this.idle.pick(prev.domain.cpus)) ?? this.idle.pick(sim.cpus);
  }

  dispatch(_sim: Simulation, _cpu: Cpu): Task | undefined {
    return this.shared.shift();
  }
}
