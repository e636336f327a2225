import { readFileSync } from 'node:fs';
import type { SimCommandOptions } from '../commands/sim.js';
import type { ConfigVariable } from '../../sim/run/config.js';
import { configFromFlags, configOf } from '../../sim/run/config.js';
import { readObject } from '../../sim/object/file.js';
import { BuildFailed, objectOf } from '../../sim/node/object.js';
import {
  Fault,
  readLoad,
  reportText,
  simulateObject,
  SimError,
  type MachineDescription,
  type ObjectBytes,
  type Run,
  type SimulateOptions,
} from '../../sim/index.js';
import { nsOfFlag } from './duration.js';
import { lcovText } from '../../sim/report/lcov.js';
import { comparisonText } from '../../sim/report/compare.js';
import { printableJson } from '../../native/runtime/printable.js';
import { writeWhole } from '../../native/runtime/write-whole.js';
import { complain, print } from '../terminal.js';
import { hasHalves, runWithHalf } from './half.js';
import { jsonOf } from './json.js';

function whole(text: string, flag: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new SimError('SIM_OPTION', `${flag} takes a whole number, not '${text}'`);
}

function machineFrom(options: SimCommandOptions): MachineDescription {
  let machine: MachineDescription = {};
  if (options.machine !== undefined)
    try {
      machine = JSON.parse(readFileSync(options.machine, 'utf8')) as MachineDescription;
    } catch (error) {
      throw new SimError(
        'SIM_MACHINE',
        `cannot read the machine '${options.machine}': ${(error as Error).message}`,
      );
    }
  return options.cpus === undefined ? machine : { ...machine, cpus: whole(options.cpus, '--cpus') };
}

function flagHelp(name: string, variables: readonly ConfigVariable[]): string {
  if (variables.length === 0) return `${name} has no flags of its own.\n`;
  const width = Math.max(...variables.map((v) => v.flag.length));
  const lines = variables.map((v) => `  ${v.flag.padEnd(width)}  ${v.help}`);
  return `Flags of ${name}:\n${lines.join('\n')}\n`;
}

/** Runs `scxts sim`: the exit code is 1 if a scheduler ended by an error. */
export async function runSim(
  files: readonly string[],
  flags: readonly string[],
  options: SimCommandOptions,
  help: () => string,
): Promise<number> {
  const objects: (ObjectBytes | null)[] = [];
  try {
    for (const file of files) objects.push(file === 'none' ? null : await objectOf(file));
  } catch (error) {
    if (!(error instanceof BuildFailed)) throw error;
    complain(`${error.diagnostics}\n`);
    return 1;
  }
  const configs = objects.map((o) => (o ? configOf(readObject(o.bytes, o.name)) : []));
  if (options.help) {
    print(`${help()}\n`);
    objects.forEach((o, i) => print(o ? flagHelp(o.name, configs[i]!) : ''));
    return 0;
  }
  if (options.explore !== undefined || options.scenario !== undefined) {
    const [object] = objects;
    if (objects.length !== 1 || !object)
      throw new SimError('SIM_OPTION', '--explore and --scenario take one scheduler');
    const config = configFromFlags(object.name, configs[0]!, flags);
    const { runExplore, readScenario } = await import('./explore.js');
    if (options.explore !== undefined)
      return runExplore(files[0]!, object, flags, config, {
        ...options,
        seedNumber: whole(options.seed, '--seed'),
      });
    const found = await readScenario(object, config, options);
    const trace = options.trace !== undefined;
    const run = await simulateObject(object, { ...found.options, config, trace }).catch(
      (error: unknown) => {
        if (!(error instanceof Fault)) throw error;
        return undefined;
      },
    );
    if (run) process.stdout.write(reportText(run));
    if (run && options.trace !== undefined) await writeTrace(run, options.trace);
    process.stdout.write(found.what ? `\nwhat is wrong: ${found.what}\n` : '\nnothing is wrong\n');
    return found.what ? 1 : 0;
  }
  const common: SimulateOptions = {
    ...{ kernel: options.kernel, duration: nsOfFlag(options.duration, '--duration') },
    machine: machineFrom(options),
    ...{ seed: whole(options.seed, '--seed'), trace: options.trace !== undefined },
    ...(options.load !== undefined && readLoad(options.load)),
    profile: options.profile === true || options.coverage !== undefined,
  };
  const runs: Run[] = [];
  for (const [i, object] of objects.entries()) {
    // Of several schedulers each gets those of the flags that it has.
    const config = configFromFlags(object?.name ?? 'none', configs[i]!, flags);
    runs.push(
      object && (options.with !== undefined || hasHalves(readObject(object.bytes, object.name)))
        ? await runWithHalf(files[i]!, { ...common, config }, options.with)
        : await simulateObject(object, { ...common, config }),
    );
  }
  if (options.json) print(`${printableJson(runs.map(jsonOf), 1)}\n`);
  else {
    print(runs.map(reportText).join('\n'));
    if (options.profile) for (const run of runs) print(profileText(run));
    if (runs.length > 1) print(`\n${comparisonText(runs)}`);
  }
  if (options.coverage !== undefined) writeCoverage(runs, options.coverage);
  if (options.trace !== undefined)
    for (const [i, run] of runs.entries())
      await writeTrace(run, runs.length > 1 ? numbered(options.trace, i) : options.trace);
  return runs.some((run) => run.exit.error) ? 1 : 0;
}

const SHOWN_LINES = 20;

function profileText(run: Run): string {
  const lines = run.profile();
  const total = lines.reduce((n, l) => n + l.instructions, 0);
  const rows = lines
    .slice(0, SHOWN_LINES)
    .map(
      (l) =>
        `${((l.instructions / total) * 100).toFixed(1).padStart(5)} %  ${String(l.instructions).padStart(12)}  ${l.file}:${l.line}`,
    );
  return `\ninstructions of ${run.scheduler} by line (${total} in all):\n${rows.join('\n')}\n`;
}

/** One record of each run: tools that read lcov add them up. */
function writeCoverage(runs: readonly Run[], out: string): void {
  const all = runs.map((run) => run.coverage());
  writeWhole(out, all.map((c, i) => lcovText(c, runs[i]!.scheduler)).join(''));
  const lines = all.flatMap((c) => c.lines);
  const reached = lines.filter((l) => l.hits > 0).length;
  complain(`${out}: ${reached} of ${lines.length} lines were reached\n`);
}

function numbered(file: string, i: number): string {
  return file.replace(/(\.(html|json))?$/, `-${i + 1}$1`);
}

async function writeTrace(run: Run, out: string): Promise<void> {
  if (!/\.(html|json|scxtrec)$/.test(out))
    throw new SimError(
      'SIM_OPTION',
      `--trace takes OUT.html, OUT.json or OUT.scxtrec, not '${out}'`,
    );
  const { writeRecording } = await import('../view/write.js');
  const { slices } = await writeRecording(run.trace(), [out]);
  complain(`${out}: ${slices.length} slices\n`);
}
