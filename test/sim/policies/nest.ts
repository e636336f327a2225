// examples/nest.ts: a primary nest of warm cores, and a reserve.
import type { Cpu } from '../machine.js';
import type { Policy, Simulation, Task } from '../simulation.js';
import { IdlePicker } from './idle.js';
import { VtimeQueue } from './queue.js';

const REMOVE_US = 2000;
const RESERVE_MAX = 5;
const IMPATIENT = 2;

export class NestPolicy implements Policy {
  readonly sliceUs = 20_000;
  protected readonly idle = new IdlePicker();
  protected readonly shared = new VtimeQueue();
  private readonly primary = new Set<Cpu>();
  private readonly reserve = new Set<Cpu>();
  private readonly leaving = new Map<Cpu, number>();

  enqueue(sim: Simulation, task: Task, wakeup: boolean): void {
    const cpu = wakeup ? this.select(sim, task) : undefined;
    if (cpu) sim.start(task, cpu);
    else this.shared.push(task, this.sliceUs);
  }

  protected select(sim: Simulation, task: Task): Cpu | undefined {
    const inPrimary = this.idleOf(sim, this.primary, task);
    if (inPrimary) {
      task.misses = 0;
      return this.toPrimary(task, inPrimary);
    }
    const impatient = ++task.misses >= IMPATIENT;
    if (impatient) task.misses = 0;
    const inReserve = this.idle.pick(sim.cpus, (c) => this.reserve.has(c));
    if (inReserve) return this.toPrimary(task, inReserve);
    const any = this.idle.pick(sim.cpus);
    if (!any) return undefined;
    if (impatient) return this.toPrimary(task, any);
    this.toReserve(any);
    return any;
  }

  private idleOf(sim: Simulation, nest: Set<Cpu>, task: Task): Cpu | undefined {
    const { attached, prev } = task;
    if (attached && nest.has(attached) && attached.isIdle) return attached;
    if (prev && nest.has(prev) && prev.isIdle) return prev;
    return this.idle.pick(sim.cpus, (c) => nest.has(c));
  }

  private toPrimary(task: Task, cpu: Cpu): Cpu {
    this.leaving.delete(cpu);
    this.primary.add(cpu);
    this.reserve.delete(cpu);
    if (cpu === task.prev) task.attached = cpu;
    return cpu;
  }

  private toReserve(cpu: Cpu): void {
    if (this.reserve.size < RESERVE_MAX) this.reserve.add(cpu);
  }

  dispatch(sim: Simulation, cpu: Cpu): Task | undefined {
    const task = this.shared.shift();
    if (task || !this.primary.has(cpu)) return task;
    const at = sim.now + REMOVE_US;
    this.leaving.set(cpu, at);
    sim.at(at, () => {
      if (this.leaving.get(cpu) !== at) return;
      this.leaving.delete(cpu);
      this.primary.delete(cpu);
      this.toReserve(cpu);
    });
    return undefined;
  }
}
