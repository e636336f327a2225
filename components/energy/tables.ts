// The model as the kernel half wants it: no floating point there, so the cost of every domain is tabulated here over
// the utilisation of its busiest CPU.
import { costOf, stateFor, type EnergyModel } from './model.js';

/** Steps of the table over a utilisation of 0 to 1024; COST_STEPS of state.bpf.ts. */
export const COST_STEPS = 64;
const STEP = 1024 / COST_STEPS;
/** Largest cost: times the utilisation of 1024 CPUs it stays below 2^63. */
const MAX_COST = 2 ** 40;

export interface CpuEntry {
  /** Number of the domain plus 1: 0 is a CPU that the model does not know. */
  domain: number;
  capacity: number;
}

export interface ModelTables {
  /** By CPU. */
  cpus: Map<number, CpuEntry>;
  /** By domain: COST_STEPS + 1 costs, of a busiest CPU with utilisation `i * 16`. */
  costs: bigint[][];
  /** By how many units of the model (uW per unit of utilisation) one in the table counts. */
  scale: number;
}

/** Costs as integers with 10 bits more than the model's unit, fewer where they would not fit. */
export function tablesOf(model: EnergyModel): ModelTables {
  const cpus = new Map<number, CpuEntry>();
  model.domains.forEach((d, i) => {
    for (const cpu of d.cpus) cpus.set(cpu, { domain: i + 1, capacity: Math.round(d.capacity) });
  });
  const exact = model.domains.map((d) =>
    Array.from({ length: COST_STEPS + 1 }, (_, step) => costOf(stateFor(d, step * STEP))),
  );
  const largest = Math.max(...exact.flat());
  const scale = largest * 1024 > MAX_COST ? largest / MAX_COST : 1 / 1024;
  return {
    cpus,
    costs: exact.map((row) => row.map((cost) => BigInt(Math.round(cost / scale)))),
    scale,
  };
}
