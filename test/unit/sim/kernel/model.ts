// A kernel with a scheduler that is written in TypeScript: what the rules are tested with.
import { boot } from '../../../../sim/kernel/boot.js';
import { DEFAULT_COSTS } from '../../../../sim/kernel/costs.js';
import { enable } from '../../../../sim/kernel/enable.js';
import { featuresOf } from '../../../../sim/kernel/features.js';
import { violations } from '../../../../sim/kernel/invariants.js';
import { Kernel } from '../../../../sim/kernel/kernel.js';
import type { Scheduler } from '../../../../sim/kernel/scheduler.js';
import type { KernelName } from '../../../../sim/engine/types.js';
import type { Load } from '../../../../sim/load/description.js';
import { RunningLoad } from '../../../../sim/load/start.js';
import { machineOf, type MachineDescription } from '../../../../sim/machine/machine.js';

export interface Model {
  kernel: Kernel;
  load: RunningLoad;
}

export interface ModelOptions {
  machine?: MachineDescription;
  load: Load;
  version?: KernelName;
  seed?: number;
  trace?: boolean;
}

/** Boots, attaches what `make` gives (null: the kernel's own), starts the load; every event is checked. */
export function model(make: (k: Kernel) => Scheduler | null, options: ModelOptions): Model {
  const kernel = new Kernel({
    machine: machineOf(options.machine ?? { cpus: 4 }),
    features: featuresOf(options.version ?? '6.18'),
    costs: DEFAULT_COSTS,
    seed: options.seed ?? 1,
    hz: 250,
    trace: options.trace ?? false,
  });
  const shell = boot(kernel);
  kernel.hooks.after = () => {
    const found = violations(kernel);
    if (found.length > 0) throw new Error(`at ${kernel.now} ns: ${found.join('; ')}`);
  };
  const scheduler = make(kernel);
  if (scheduler) enable(kernel, scheduler);
  const load = new RunningLoad(kernel, options.load, shell, options.seed ?? 1);
  return { kernel, load };
}
