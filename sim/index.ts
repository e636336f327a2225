// The model kernel for tests and tools: `import { simulate } from 'scxts/sim'`; docs/sim.md tells about it.
import { objectOf } from './node/object.js';
import { simulateObject, Simulation, type Run } from './run/run.js';
import type { SimulateOptions } from './run/options.js';

export { SimError, Fault } from './errors.js';
export { readLoad } from './node/load-file.js';
export { loadOfRecording } from './load/recorded.js';
export { loadOfRtApp } from './load/rt-app.js';
export { defaultLoad } from './load/default.js';
export { COST_TABLE, DEFAULT_COSTS, type Costs } from './kernel/costs.js';
export { MODEL_KERNELS, type SimulateOptions } from './run/options.js';
export { Run, Simulation, simulateObject, type ObjectBytes, type RunExit } from './run/run.js';
export type { Load, LoadEvent, Step, TaskGroup } from './load/description.js';
export type { MachineDescription } from './machine/machine.js';
export type { GroupReport, CpuReport, CallbackReport } from './report/report.js';
export {
  simulateWithHalf,
  type Half,
  type HalfContext,
  type HalfOptions,
} from './node/with-half.js';
export { reportText } from './report/text.js';

/**
 * Runs a scheduler (FILE.ts or FILE.bpf.o; null: the kernel's own) on a modelled machine in virtual time. The same inputs give
 * the same result, everywhere. Throws SimError for what cannot be run, Fault for what a program does wrong.
 */
export async function simulate(file: string | null, options: SimulateOptions = {}): Promise<Run> {
  const object = file === null ? null : await objectOf(file);
  return simulateObject(object, { trace: true, ...options });
}

/** As simulate(), step by step: `run(until)` as often as wanted, then `finish()`. */
export async function startSimulation(
  file: string | null,
  options: SimulateOptions = {},
): Promise<Simulation> {
  return Simulation.start(file === null ? null : await objectOf(file), options);
}
export { viewOf } from './view/build.js';
export { busyOf, measure, measureProcesses, type Measure, type Part } from './view/measure.js';
export type { Recording } from './view/recording.js';
export type { View } from './view/view.js';
