// examples/eas.ts: the placement of components/energy, with the very tables that the kernel half gets.
import { COST_STEPS, tablesOf, type ModelTables } from '../../../components/energy/tables.js';
import type { EnergyModel } from '../../../components/energy/model.js';
import { fits, type Cpu } from '../machine.js';
import type { Policy, Simulation, Task } from '../simulation.js';
import { VtimeQueue } from './queue.js';

interface Candidate {
  cpu: Cpu;
  util: number;
}
/** What one look at the CPUs of a domain found. */
interface DomainScan {
  sum: number;
  max: number;
  best: Candidate | undefined;
  stay: Candidate | undefined;
  hasIdle: boolean;
}

export class EasPolicy implements Policy {
  readonly sliceUs = 5000;
  overutilised = false;
  placed = 0;
  spread = 0;
  private readonly tables: ModelTables;
  private readonly queues = new Map<Cpu, VtimeQueue>();
  /** Expected needs of the runnable tasks on each CPU. */
  private readonly expected = new Map<Cpu, Map<Task, number>>();

  constructor(
    model: EnergyModel,
    /** Lets a task wait for a cheap CPU though a dear one is idle. */
    private readonly patient = false,
  ) {
    this.tables = tablesOf(model);
  }

  private queueOf(cpu: Cpu): VtimeQueue {
    let q = this.queues.get(cpu);
    if (!q) this.queues.set(cpu, (q = new VtimeQueue()));
    return q;
  }

  private charge(task: Task, cpu: Cpu): void {
    for (const tasks of this.expected.values()) tasks.delete(task);
    let tasks = this.expected.get(cpu);
    if (!tasks) this.expected.set(cpu, (tasks = new Map()));
    tasks.set(task, task.estimate);
  }

  private utilOf(sim: Simulation, cpu: Cpu): number {
    cpu.advance(sim.now);
    const expected = [...(this.expected.get(cpu)?.values() ?? [])].reduce((a, b) => a + b, 0);
    return Math.max(cpu.util, expected);
  }

  /** Energy of a domain as placement.bpf.ts works it out, in units of the table. */
  private energyOf(domain: number, max: number, sum: number): number {
    const step = Math.min(Math.floor((Math.floor(max) + 15) / 16), COST_STEPS);
    return Number(this.tables.costs[domain]![step]) * sum;
  }

  private cheapest(sim: Simulation, task: Task): Cpu | undefined {
    const { need, prev } = task;
    this.overutilised = false;
    const domains = [...new Set(sim.cpus.map((c) => c.domain))].map((domain) => {
      let sum = 0;
      let max = 0;
      let room = 0;
      let best: Candidate | undefined;
      let stay: Candidate | undefined;
      for (const cpu of domain.cpus) {
        let util = this.utilOf(sim, cpu);
        if (!fits(util, cpu.capacity)) this.overutilised = true;
        if (cpu === prev) util -= Math.min(util, need);
        sum += util;
        max = Math.max(max, util);
        if (!fits(util + need, cpu.capacity)) continue;
        if (cpu === prev && cpu.isIdle) stay = { cpu, util };
        const here = cpu.capacity - util + (cpu.isIdle ? 1024 : 0);
        if (here > room) {
          best = { cpu, util };
          room = here;
        }
      }
      return { sum, max, best, stay, hasIdle: room > 1024 };
    });
    if (this.overutilised) return undefined;
    const idle = this.patient ? undefined : this.least(domains, need, true);
    return idle ?? this.least(domains, need, false);
  }

  private least(domains: DomainScan[], need: number, idleOnly: boolean): Cpu | undefined {
    let chosen: Cpu | undefined;
    let least = Infinity;
    domains.forEach(({ sum, max, best, stay, hasIdle }, i) => {
      if (idleOnly && !hasIdle) return;
      const before = this.energyOf(i, max, sum);
      const grows = (util: number): number =>
        Math.max(0, this.energyOf(i, Math.max(max, util + need), sum + need) - before);
      if (best && grows(best.util) < least) {
        chosen = best.cpu;
        least = grows(best.util);
      }
      if (stay && grows(stay.util) <= least) {
        chosen = stay.cpu;
        least = grows(stay.util);
      }
    });
    return chosen;
  }

  /** An idle CPU, the one with most capacity first. */
  private widest(sim: Simulation, prev: Cpu | undefined): Cpu | undefined {
    let chosen: Cpu | undefined;
    for (const cpu of sim.cpus) {
      if (!cpu.isIdle) continue;
      if (!chosen || cpu.capacity > chosen.capacity) chosen = cpu;
      else if (cpu === prev && cpu.capacity === chosen.capacity) chosen = cpu;
    }
    return chosen;
  }

  /** An idle CPU with more capacity for a task that needs more than its own has. */
  private bigger(sim: Simulation, task: Task, cpu: Cpu): Cpu | undefined {
    if (cpu.capacity === 1024 || fits(task.need, cpu.capacity)) return undefined;
    const better = this.widest(sim, cpu);
    return better && better.capacity > cpu.capacity ? better : undefined;
  }

  enqueue(sim: Simulation, task: Task, wakeup: boolean): void {
    const prev = task.prev ?? sim.cpus[0]!;
    let cpu = prev;
    if (wakeup) {
      const chosen = this.cheapest(sim, task);
      if (chosen) this.placed++;
      else this.spread++;
      cpu = chosen ?? this.widest(sim, prev) ?? prev;
    } else {
      cpu = this.bigger(sim, task, prev) ?? prev;
    }
    this.charge(task, cpu);
    if (cpu.isIdle && (wakeup || cpu !== prev)) {
      sim.start(task, cpu);
      return;
    }
    this.queueOf(cpu).push(task, this.sliceUs);
    if (!this.overutilised) return;
    const helper = sim.cpus.find((c) => c.isIdle && c !== cpu);
    if (helper) sim.fill(helper);
  }

  dispatch(sim: Simulation, cpu: Cpu): Task | undefined {
    const own = this.queueOf(cpu).shift();
    if (own || !this.overutilised) return own;
    const n = sim.cpus.length;
    for (let i = 1; i < n; i++) {
      const other = sim.cpus[(cpu.id + i) % n]!;
      const task = this.queueOf(other).shift();
      if (!task) continue;
      this.charge(task, cpu);
      return task;
    }
    return undefined;
  }

  slept(_sim: Simulation, task: Task): void {
    for (const tasks of this.expected.values()) tasks.delete(task);
  }

  tick(sim: Simulation, task: Task, cpu: Cpu): boolean {
    return this.bigger(sim, task, cpu) !== undefined;
  }
}
