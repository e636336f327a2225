import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { modelFromTable, type ModelFile } from '../../components/energy/model-file.js';
import { LOADS } from './loads.js';
import type { IdleStates, MachineOptions } from './machine.js';
import { EasPolicy } from './policies/eas.js';
import { NestPolicy } from './policies/nest.js';
import { NestEnergyPolicy } from './policies/nest-energy.js';
import { SimplePolicy } from './policies/simple.js';
import { quantile, Simulation, type Policy, type Result } from './simulation.js';

const file = JSON.parse(
  readFileSync(join(import.meta.dirname, 'hikey960.json'), 'utf8'),
) as ModelFile & { source: string; idle: IdleStates[] };

export const model = modelFromTable(file);
export const modelSource = file.source;

export const SCHEDULERS: Record<string, { hints: boolean; policy: () => Policy }> = {
  'simple, full speed': { hints: false, policy: () => new SimplePolicy() },
  simple: { hints: true, policy: () => new SimplePolicy() },
  nest: { hints: true, policy: () => new NestPolicy() },
  'nest-energy': { hints: true, policy: () => new NestEnergyPolicy() },
  eas: { hints: true, policy: () => new EasPolicy(model) },
  'eas, patient': { hints: true, policy: () => new EasPolicy(model, true) },
};

export interface Row {
  load: string;
  scheduler: string;
  powerMw: number;
  /** uJ for each ms of work of the fastest CPU. */
  energyPerWork: number;
  meanLatencyUs: number;
  p99LatencyUs: number;
  p99ResponseMs: number;
  /** Work done, of what one fastest CPU does. */
  throughput: number;
  busy: number[];
}

export function simulate(load: string, scheduler: string, seconds: number): Row {
  const { hints, policy } = SCHEDULERS[scheduler]!;
  const machine: MachineOptions = { model, idle: file.idle, hints };
  const result = new Simulation(machine, LOADS[load]!(), policy()).run(seconds);
  return rowOf(load, scheduler, result);
}

function rowOf(load: string, scheduler: string, r: Result): Row {
  const mean = (xs: number[]): number => xs.reduce((a, b) => a + b, 0) / Math.max(1, xs.length);
  return {
    load,
    scheduler,
    powerMw: (r.energyJ / r.seconds) * 1000,
    energyPerWork: (r.energyJ * 1e6) / (r.workUs / 1000),
    meanLatencyUs: mean(r.latenciesUs),
    p99LatencyUs: quantile(r.latenciesUs, 0.99),
    p99ResponseMs: quantile(r.responsesUs, 0.99) / 1000,
    throughput: r.workUs / (r.seconds * 1e6),
    busy: r.busy,
  };
}

export function compare(seconds: number): Row[] {
  return Object.keys(LOADS).flatMap((load) =>
    Object.keys(SCHEDULERS).map((scheduler) => simulate(load, scheduler, seconds)),
  );
}
