import { SimError, type ObjectBytes, type SimulateOptions } from '../../sim/index.js';
import { explore, tryScenario, type Wanted } from '../../sim/explore/explore.js';
import type { Scenario } from '../../sim/explore/scenario.js';
import { nsOfFlag } from './duration.js';
import type { SimCommandOptions } from '../commands/sim.js';

/** Virtual time of a case, and CPUs of the largest machine, unless others are asked for. */
const DURATION = 1e9;
const CPUS = 4;

function wantedOf({ maxWait, fair }: SimCommandOptions): Wanted {
  const percent = fair === undefined ? undefined : /^(\d+(?:\.\d+)?)\s*%?$/.exec(fair);
  if (percent === null)
    throw new SimError('SIM_OPTION', `--fair takes a part as 10%, not '${fair}'`);
  return {
    ...(maxWait !== undefined && { maxWait: nsOfFlag(maxWait, '--max-wait') }),
    ...(percent && { fair: Number(percent[1]) / 100 }),
  };
}

const quoted = (text: string): string => `'${text.replace(/'/g, "'\\''")}'`;

/** `scxts sim FILE --explore N`: the exit code is 1 if something was found. */
export async function runExplore(
  file: string,
  object: ObjectBytes,
  flags: readonly string[],
  config: NonNullable<SimulateOptions['config']>,
  options: SimCommandOptions & { seedNumber: number },
): Promise<number> {
  if (!/^[1-9]\d*$/.test(options.explore!))
    throw new SimError(
      'SIM_OPTION',
      `--explore takes how many cases to try, not '${options.explore}'`,
    );
  const runs = Number(options.explore);
  const cpus = options.cpus === undefined ? CPUS : Number(options.cpus);
  if (!Number.isInteger(cpus) || cpus < 1)
    throw new SimError('SIM_OPTION', `--cpus takes a whole number, not '${options.cpus}'`);
  const duration = options.durationGiven ? nsOfFlag(options.duration, '--duration') : DURATION;
  const wanted = wantedOf(options);
  const found = await explore(object, {
    ...{ runs, seed: options.seedNumber, kernel: options.kernel, config, duration, cpus },
    ...{ hotplug: true, ...wanted },
  });
  if (!found) {
    process.stdout.write(`${runs} cases on up to ${cpus} CPUs: nothing found\n`);
    return 0;
  }
  const asked = (['maxWait', 'fair'] as const).flatMap((name) =>
    options[name] === undefined ? [] : [name === 'fair' ? '--fair' : '--max-wait', options[name]],
  );
  const command = [
    ...['scxts', 'sim', file, ...flags, '--kernel', options.kernel],
    ...['--duration', `${duration}ns`, ...asked],
    ...['--scenario', quoted(JSON.stringify(found.scenario))],
  ].join(' ');
  process.stdout.write(
    `after ${found.runs} cases, made smaller ${found.shrinks} times: ${found.what}\nagain, with its trace:\n  ${command} --trace found.html\n`,
  );
  return 1;
}

/** The case of --scenario as options of a run, and what is wrong with it. */
export async function readScenario(
  object: ObjectBytes,
  config: NonNullable<SimulateOptions['config']>,
  options: SimCommandOptions,
): Promise<{ options: SimulateOptions; what: string }> {
  let scenario: Scenario;
  try {
    scenario = JSON.parse(options.scenario!) as Scenario;
  } catch (error) {
    throw new SimError('SIM_OPTION', `--scenario is no JSON: ${(error as Error).message}`);
  }
  const duration = nsOfFlag(options.duration, '--duration');
  const kernel = options.kernel;
  const wanted = wantedOf(options);
  const { what } = await tryScenario(object, scenario, { kernel, config, duration, ...wanted });
  return { options: { ...scenario, duration, kernel }, what };
}
