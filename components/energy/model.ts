// What an energy model is: performance domains (CPUs that share a clock) and what each of their performance
// states costs. Terms and units are those of include/linux/energy_model.h.

/** One operating point of a domain. */
export interface PerfState {
  frequencyKhz: number;
  /** What a CPU does at this frequency, of 1024, which is the fastest CPU of the machine at its fastest. */
  performance: number;
  /** What one CPU draws when it is busy all the time, in uW; in any unit if the model is artificial. */
  powerUw: number;
}

export interface PerfDomain {
  name: string;
  cpus: number[];
  /** What one of its CPUs can do at most, of 1024. */
  capacity: number;
  /** By rising performance. */
  states: PerfState[];
}

export type ModelSource = 'kernel' | 'file' | 'capacity';

export interface EnergyModel {
  /** `kernel`: debugfs; `file`: a table; `capacity`: nothing but cpu_capacity was known. */
  source: ModelSource;
  domains: PerfDomain[];
}

/** What a CPU of the whole machine can do. */
export const CAPACITY_SCALE = 1024;
/** Domains that the kernel half has room for; MAX_DOMAINS of state.bpf.ts. */
export const MAX_DOMAINS = 16;

/** A model that cannot be used; the message says where and why. */
export class EnergyModelError extends Error {
  override readonly name = 'EnergyModelError';
}

/** Checks a model and puts its states in order; throws EnergyModelError. */
export function checkedModel(model: EnergyModel): EnergyModel {
  if (model.domains.length === 0) throw new EnergyModelError('the energy model has no domain');
  if (model.domains.length > MAX_DOMAINS)
    throw new EnergyModelError(
      `the energy model has ${model.domains.length} domains; there is room for ${MAX_DOMAINS}`,
    );
  const seen = new Map<number, string>();
  for (const { name, cpus, capacity, states } of model.domains) {
    if (cpus.length === 0) throw new EnergyModelError(`domain '${name}' has no CPU`);
    if (states.length === 0)
      throw new EnergyModelError(`domain '${name}' has no performance state`);
    if (!(capacity > 0 && capacity <= CAPACITY_SCALE))
      throw new EnergyModelError(
        `domain '${name}' has capacity ${capacity}; it must be above 0 and at most ${CAPACITY_SCALE}`,
      );
    for (const cpu of cpus) {
      const other = seen.get(cpu);
      if (other !== undefined)
        throw new EnergyModelError(`CPU ${cpu} is in both domain '${other}' and '${name}'`);
      seen.set(cpu, name);
    }
    for (const { performance, powerUw } of states)
      if (!(performance > 0) || !(powerUw >= 0))
        throw new EnergyModelError(
          `domain '${name}' has a state of performance ${performance} and power ${powerUw}`,
        );
  }
  return {
    ...model,
    domains: model.domains.map((d) => ({
      ...d,
      states: [...d.states].sort((a, b) => a.performance - b.performance),
    })),
  };
}

/** Room that is left above the utilisation, as the kernel leaves it: fits_capacity() in kernel/sched/fair.c. */
export const MARGIN = 1.25;

/** The state that a domain runs at when its busiest CPU has this utilisation; em_pd_get_efficient_state(). */
export function stateFor(domain: PerfDomain, utilisation: number): PerfState {
  const wanted = utilisation * MARGIN;
  return domain.states.find((s) => s.performance >= wanted) ?? domain.states.at(-1)!;
}

/** Energy per unit of utilisation in a state: the `cost` of em_cpu_energy(). */
export function costOf(state: PerfState): number {
  return state.powerUw / state.performance;
}

/** Estimated power of a domain, in the unit of its states: em_cpu_energy() in include/linux/energy_model.h. */
export function domainPower(domain: PerfDomain, utilisations: readonly number[]): number {
  const busiest = Math.max(0, ...utilisations);
  const sum = utilisations.reduce((a, b) => a + b, 0);
  return costOf(stateFor(domain, busiest)) * sum;
}

/** Kinds of CPUs by what they can do, the weakest first. */
export interface CpuClass {
  kind: 'little' | 'middle' | 'big';
  capacity: number;
  cpus: number[];
}

/** Groups CPUs by capacity; one class, called big, where all can do the same. */
export function cpuClasses(capacities: ReadonlyMap<number, number>): CpuClass[] {
  const groups = new Map<number, number[]>();
  for (const [cpu, capacity] of capacities)
    groups.set(capacity, [...(groups.get(capacity) ?? []), cpu]);
  const sorted = [...groups].sort(([a], [b]) => a - b);
  return sorted.map(([capacity, cpus], i) => ({
    kind: i === sorted.length - 1 ? 'big' : i === 0 ? 'little' : 'middle',
    capacity,
    cpus: cpus.sort((a, b) => a - b),
  }));
}

/** Capacity of each CPU of a model. */
export function capacitiesOf(model: EnergyModel): Map<number, number> {
  return new Map(model.domains.flatMap((d) => d.cpus.map((cpu) => [cpu, d.capacity] as const)));
}
