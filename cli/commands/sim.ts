import type { Command } from 'commander';
import { report } from '../load/failure.js';

export interface SimCommandOptions {
  cpus?: string;
  machine?: string;
  kernel: string;
  load?: string;
  with?: string;
  seed: string;
  duration: string;
  trace?: string;
  json?: boolean;
  profile?: boolean;
  coverage?: string;
  explore?: string;
  maxWait?: string;
  fair?: string;
  scenario?: string;
  help?: boolean;
  /** --duration was given. */
  durationGiven?: boolean;
}

export function registerSim(program: Command): void {
  program
    .command('sim')
    .description(
      'run schedulers on a modelled machine in virtual time, without root: how fair and how fast',
    )
    .argument(
      '[files...]',
      "FILE.ts, FILE.bpf.o, or 'none' for the kernel's own; several are compared",
    )
    .option('--cpus <n>', 'CPUs of the machine (8)')
    .option('--machine <file>', 'a JSON file that describes the machine')
    .option('--kernel <version>', 'whose rules', '7.3')
    .option(
      '--load <file>',
      'a JSON file: a load of simulate(), or one of rt-app; a mixed one if not given',
    )
    .option(
      '--with <file>',
      "run the scheduler's user-space half as a task of the machine: the default export of a module",
    )
    .option('--seed <n>', 'another one gives another run', '1')
    .option('--duration <time>', 'virtual time: 10 (seconds), 500ms, 5m', '10s')
    .option(
      '--trace <file>',
      'write who ran where: OUT.html, OUT.json for ui.perfetto.dev, or OUT.scxtrec, the recording',
    )
    .option('--profile', 'show where the scheduler spends its instructions, by line')
    .option('--coverage <file>', "write which lines were reached, in lcov's format: OUT.lcov")
    .option(
      '--explore <n>',
      'try so many machines, loads and orders of events; tell the smallest that fails',
    )
    .option('--max-wait <time>', 'with --explore: nobody may wait longer for a CPU')
    .option(
      '--fair <percent>',
      'with --explore: how far tasks that never sleep may be from what they are due',
    )
    .option('--scenario <json>', 'a case that --explore has found')
    .option('--json', 'the result as JSON')
    .helpOption(false)
    .option('-h, --help', 'show this help, with the flags of the scheduler')
    .allowUnknownOption()
    .action(async (args: string[], options: SimCommandOptions, command: Command) => {
      const files = args.filter((a) => a === 'none' || /\.([mc]?ts|o)$/.test(a));
      const first = files[0];
      if (first === undefined && options.help) return command.outputHelp();
      if (first === undefined)
        return command.error(
          "error: missing required argument 'file': FILE.ts, FILE.bpf.o or none",
        );
      await report(async () => {
        const { runSim } = await import('../sim/run.js');
        const flags = args.filter((a) => !files.includes(a));
        const durationGiven = command.getOptionValueSource('duration') === 'cli';
        return runSim(files, flags, { ...options, durationGiven }, () => command.helpInformation());
      }, `scxts sim ${first}`);
      // A half that is still busy does not keep the process alive.
      if (options.with !== undefined) process.exit();
    });
}
