import { Fault, SimError } from '../errors.js';
import { violations } from '../kernel/invariants.js';
import { timeText } from '../load/duration.js';
import type { SimulateOptions } from '../run/options.js';
import { Simulation, type ObjectBytes, type Run } from '../run/run.js';
import { scenarios, type Scenario } from './scenario.js';

/** What a search looks for, beside errors of the scheduler and broken rules of the kernel. */
export interface Wanted {
  /** ns that no task may wait for a CPU. */
  maxWait?: number;
  /** How far tasks that never sleep may be from what they are due, of it. */
  fair?: number;
}

export interface ExploreOptions extends Wanted {
  runs: number;
  seed: number;
  kernel: string;
  config: SimulateOptions['config'];
  /** ns. */
  duration: number;
  /** CPUs of the largest machine. */
  cpus: number;
  hotplug: boolean;
}

export interface Found {
  scenario: Scenario;
  what: string;
  /** Cases until it was found, and steps that made it smaller. */
  runs: number;
  shrinks: number;
}

/** Events between two looks at the kernel's rules: what breaks one stays broken. */
const LOOK_EVERY = 16;

/** What is wrong with one case, '' if nothing is. */
export async function tryScenario(
  object: ObjectBytes,
  scenario: Scenario,
  options: Pick<ExploreOptions, 'kernel' | 'config' | 'duration'> & Wanted,
): Promise<{ what: string; run: Run | undefined }> {
  const { machine, tasks, events, seed, shuffle } = scenario;
  const simulation = await Simulation.start(object, {
    ...{ machine, tasks, events, seed, shuffle, kernel: options.kernel },
    ...{ duration: options.duration, ...(options.config && { config: options.config }) },
  });
  const { kernel } = simulation.machine;
  let count = 0;
  let broken = '';
  kernel.hooks.after = () => {
    if (count++ % LOOK_EVERY !== 0 || broken) return;
    const found = violations(kernel);
    if (found.length > 0) broken = `at ${timeText(kernel.now)}: ${found.join('; ')}`;
  };
  try {
    simulation.run();
  } catch (error) {
    if (error instanceof Fault) return { what: error.message, run: undefined };
    // The last CPU cannot go, a mask may have no CPU left: the case cannot be, and shows nothing.
    if (error instanceof SimError && /^SIM_(HOTPLUG|AFFINITY)$/.test(error.code))
      return { what: '', run: undefined };
    throw error;
  }
  const run = simulation.finish();
  return { what: broken || judge(run, options), run };
}

function judge(run: Run, { maxWait, fair }: Wanted): string {
  const { exit } = run;
  if (exit.error)
    return `${exit.kindName} (${exit.reason}): ${exit.message}${exit.where ? ` at ${exit.where}` : ''}`;
  for (const g of run.groups) {
    if (maxWait !== undefined && g.longestWait > maxWait)
      return `a task of ${g.name} waited ${timeText(g.longestWait)} for a CPU, more than ${timeText(maxWait)}`;
    if (fair !== undefined && g.always && g.due > 0 && Math.abs(g.share - g.due) > fair * g.due)
      return `${g.name} got ${percent(g.share)} of the CPU time and was due ${percent(g.due)}`;
  }
  return '';
}

const percent = (part: number): string => `${(part * 100).toFixed(1)} %`;

/** Looks for a case that fails, and makes it as small as it gets. */
export async function explore(object: ObjectBytes, options: ExploreOptions): Promise<Found | null> {
  const fc = await import('fast-check');
  const property = fc.asyncProperty(
    scenarios(fc, { ...options, affinity: options.fair === undefined }),
    async (scenario) => {
      const { what } = await tryScenario(object, scenario, options);
      if (what) throw new Error(what);
    },
  );
  const result = await fc.check(property, {
    ...{ numRuns: options.runs, seed: options.seed, endOnFailure: false },
  });
  if (!result.failed || !result.counterexample) return null;
  const [scenario] = result.counterexample;
  const { what } = await tryScenario(object, scenario, options);
  return { scenario, what, runs: result.numRuns, shrinks: result.numShrinks };
}
