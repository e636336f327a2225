import { KERNELS, NEWEST_KERNEL } from '../../codegen/kernel/versions.js';
import type { KernelName } from '../engine/types.js';
import { SimError } from '../errors.js';
import { COST_TABLE, DEFAULT_COSTS, type Costs } from '../kernel/costs.js';
import type { Load } from '../load/description.js';
import { nsOf, type Duration } from '../load/duration.js';
import { machineOf, type Machine, type MachineDescription } from '../machine/machine.js';
import type { ConfigValue } from './machine.js';

/** Kernels that can be modelled, oldest first. */
export const MODEL_KERNELS: readonly KernelName[] = KERNELS;

/** What to simulate. Everything has a default. */
export interface SimulateOptions extends Partial<Load> {
  /** Whose rules and types: '7.3'. */
  kernel?: string;
  machine?: MachineDescription;
  /** How long in virtual time; '10s'. */
  duration?: Duration;
  /** 1; another one gives another run. */
  seed?: number;
  /** Values of the scheduler's config. */
  config?: Readonly<Record<string, ConfigValue>>;
  /** What differs from the table of costs. */
  costs?: Partial<Costs>;
  /** Keep every event, for trace(): some 150 bytes each. simulate() does, unless it is false. */
  trace?: boolean;
  /** Count instructions by line, for profile(). */
  profile?: boolean;
  engine?: 'wasm' | 'interpreter';
  /** Shuffles events of one time; 0: in the order in which they were planned. */
  shuffle?: number;
}

/** Options with nothing missing. */
export interface Plan {
  kernel: KernelName;
  machine: Machine;
  duration: number;
  seed: number;
  config: Readonly<Record<string, ConfigValue>>;
  costs: Costs;
  /** Costs that are not those of the table. */
  changedCosts: string[];
}

const KEYS: readonly string[] = [
  ...['kernel', 'machine', 'duration', 'seed', 'config', 'costs', 'trace', 'profile', 'engine'],
  'shuffle',
  ...['tasks', 'events', 'cgroups'],
];

/** Checks what can be checked before a machine is made; throws SimError. */
export function planOf(options: SimulateOptions): Plan {
  for (const key of Object.keys(options))
    if (!KEYS.includes(key))
      throw new SimError(
        'SIM_OPTION',
        `simulate() knows no '${key}'`,
        `it knows ${KEYS.join(', ')}`,
      );
  const kernel = (options.kernel ?? NEWEST_KERNEL) as KernelName;
  if (!MODEL_KERNELS.includes(kernel))
    throw new SimError(
      'SIM_KERNEL',
      `there is no model of Linux ${String(options.kernel)}`,
      `there are ${MODEL_KERNELS.join(', ')}`,
    );
  const seed = options.seed ?? 1;
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffff_ffff)
    throw new SimError('SIM_OPTION', `the seed is ${seed}, not a whole number from 0 to 2^32 - 1`);
  const duration = nsOf(options.duration ?? '10s', 'duration');
  if (duration <= 0) throw new SimError('SIM_OPTION', 'a run of no time shows nothing');
  return {
    ...{ kernel, seed, duration, machine: machineOf(options.machine) },
    config: options.config ?? {},
    ...costsOf(options.costs ?? {}),
  };
}

function costsOf(given: Partial<Costs>): { costs: Costs; changedCosts: string[] } {
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(COST_TABLE, name))
      throw new SimError(
        'SIM_COST',
        `there is no cost '${name}'`,
        `there are ${Object.keys(COST_TABLE).join(', ')}`,
      );
    if (typeof value !== 'number' || !Number.isFinite(value) || value < 0)
      throw new SimError('SIM_COST', `cost '${name}' is ${String(value)}, not a number from 0 on`);
  }
  const costs = { ...DEFAULT_COSTS, ...given };
  if (costs.smtSpeed <= 0) throw new SimError('SIM_COST', "'smtSpeed' has to be above 0");
  const changed = Object.keys(given) as (keyof Costs)[];
  return { costs, changedCosts: changed.filter((name) => costs[name] !== DEFAULT_COSTS[name]) };
}
