// A machine as the energy model describes it: CPUs in clock domains that run at one of their states. Frequencies follow
// utilisation as components/cpufreq asks for them. Idle CPUs draw nothing (the model says nothing of them) and take
// time to wake up from the idle states of the device tree.
import {
  MARGIN,
  stateFor,
  type EnergyModel,
  type PerfState,
} from '../../components/energy/model.js';
import type { Task } from './simulation.js';

export interface IdleStates {
  cpuResidencyUs: number;
  cpuExitUs: number;
  clusterResidencyUs: number;
  clusterExitUs: number;
}

const HALF_LIFE_US = 32_000;

/** The average after `us` in which the value was `value`; components/energy/average.bpf.ts. */
export function towards(average: number, value: number, us: number): number {
  return value + (average - value) * 2 ** (-us / HALF_LIFE_US);
}

export class Domain {
  readonly cpus: Cpu[] = [];
  state: PerfState;
  constructor(
    readonly model: EnergyModel['domains'][number],
    readonly idle: IdleStates,
    /** Frequencies follow utilisation; otherwise the fastest is used whenever a CPU is busy. */
    readonly hints: boolean,
  ) {
    this.state = hints ? model.states[0]! : model.states.at(-1)!;
  }

  /** The state that is asked for now. */
  wanted(): PerfState {
    if (!this.hints) return this.model.states.at(-1)!;
    return stateFor(this.model, Math.max(...this.cpus.map((c) => c.util)));
  }
}

export class Cpu {
  running: Task | undefined;
  /** When it has woken up: until then the task on it does not progress. */
  readyAt = 0;
  idleSince = 0;
  /** Running average of what it did, of 1024; as of `at`. */
  util = 0;
  at = 0;
  energyUj = 0;
  busyUs = 0;
  /** Counts what happened to it: events that were planned before are void. */
  version = 0;

  constructor(
    readonly id: number,
    readonly domain: Domain,
  ) {}

  get capacity(): number {
    return this.domain.model.capacity;
  }

  get isIdle(): boolean {
    return this.running === undefined;
  }

  /** What happened since the last time: work, energy, utilisation. */
  advance(now: number): void {
    const us = now - this.at;
    if (us <= 0) return;
    const { performance, powerUw } = this.domain.state;
    const task = this.running;
    if (task) {
      // Waking up draws power, too.
      this.energyUj += (powerUw * us) / 1e6;
      this.busyUs += us;
      const worked = Math.max(0, now - Math.max(this.at, this.readyAt));
      task.ran(now, worked, performance);
    }
    this.util = towards(this.util, task ? performance : 0, us);
    this.at = now;
  }

  /** How long it takes to wake up: an idle state is entered by whoever sleeps for longer than it needs to pay. */
  wakeLatency(now: number): number {
    const { idle, cpus } = this.domain;
    if (cpus.every((c) => c.isIdle && now - c.idleSince >= idle.clusterResidencyUs))
      return idle.clusterExitUs;
    return now - this.idleSince >= idle.cpuResidencyUs ? idle.cpuExitUs : 0;
  }
}

export interface MachineOptions {
  model: EnergyModel;
  idle: IdleStates[];
  hints: boolean;
}

export function makeCpus({ model, idle, hints }: MachineOptions): Cpu[] {
  const cpus: Cpu[] = [];
  model.domains.forEach((d, i) => {
    const domain = new Domain(d, idle[i]!, hints);
    for (const id of d.cpus) {
      const cpu = new Cpu(id, domain);
      domain.cpus.push(cpu);
      cpus[id] = cpu;
    }
  });
  return cpus;
}

/** Whether a utilisation leaves a fifth of a capacity free. */
export const fits = (util: number, capacity: number): boolean => util * MARGIN < capacity;
