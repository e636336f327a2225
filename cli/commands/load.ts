import type { Command } from 'commander';
import { existsSync } from 'node:fs';
import type { OpenScheduler, Timer } from '../../native/runtime/index.js';
import { report } from '../load/failure.js';
import { flushOutput } from '../streams.js';
import { complain, print } from '../terminal.js';

interface Options {
  duration?: string;
  interval: string;
  json?: boolean;
  restart?: boolean;
  rebuild?: boolean;
  help?: boolean;
  with?: string;
  half: string[];
  enable: string[];
  metrics?: string;
  hangTimeout: string;
  requireKernel?: boolean;
}

export function registerLoad(program: Command): void {
  program
    .command('load')
    .description('load a scheduler into the running kernel and show its counters')
    .argument('[file]', 'a scheduler: FILE.ts or FILE.bpf.o')
    .argument('[flags...]', "the scheduler's own flags, one for each config; --help lists them")
    .option('--duration <time>', 'detach after that: 30 (seconds), 500ms, 5m, 25d')
    .option('--interval <time>', 'time between two outputs', '1s')
    .option(
      '--enable <program>',
      'load and attach a program that is off by default; repeatable',
      (text: string, before: string[]) => [...before, text],
      [] as string[],
    )
    .option('--json', 'one JSON object a line instead of a table')
    .option('--restart', 'load again when the kernel asks for it (CPU hotplug)')
    .option('--with <file>', "run the scheduler's user-space half: the default export of a module")
    .option(
      '--half <name=module>',
      'the user-space half of a component, where the object has no skeleton beside it; repeatable',
      (text: string, before: string[]) => [...before, text],
      [] as string[],
    )
    .option(
      '--hang-timeout <time>',
      'end the process when that blocks for so long; 0 is never',
      '10s',
    )
    .option('--metrics <where>', 'serve Prometheus metrics: PORT, HOST:PORT or unix:PATH')
    .option('--require-kernel', 'fail where the kernel lacks something, rather than warn')
    .option('--rebuild', 'build even if the object is newer than its source')
    .helpOption(false)
    .option('-h, --help', 'show this help, with the flags of the scheduler')
    .allowUnknownOption()
    .action(
      async (file: string | undefined, flags: string[], options: Options, command: Command) => {
        if (file === undefined && options.help) return command.outputHelp();
        if (file === undefined) return command.error("error: missing required argument 'file'");
        await report(() => load(file, flags, options, command), `scxts load ${file}`);
        // A user-space half that is still busy does not keep a scheduler's process alive, nor does who reads no output.
        await flushOutput(FLUSH_MS);
        if (options.with || process.stdout.writableLength > 0) process.exit();
      },
    );
}

/** How long whoever reads standard output may take for the rest of it. */
const FLUSH_MS = 1000;

async function objectOf(file: string, rebuild: boolean): Promise<string | undefined> {
  if (file.endsWith('.o')) return file;
  const { freshObject } = await import('../../codegen/files/fresh.js');
  const fresh = rebuild ? undefined : freshObject(file);
  if (fresh) return fresh;
  const { compiler } = await import('../../codegen/compiled.js');
  const { buildFile } = await compiler();
  const { reportDiagnostics } = await import('../report.js');
  const result = await buildFile(file);
  return (await reportDiagnostics(result, 'text')) ? undefined : result.objectPath;
}

async function load(
  file: string,
  flags: string[],
  options: Options,
  command: Command,
): Promise<number> {
  if (file.endsWith('.o') && !existsSync(file)) throw new Error(`there is no file '${file}'`);
  const { openObject, preflight } = await import('../../native/runtime/index.js');
  const { applyFlags, flagHelp } = await import('../flags.js');
  if (!options.help) preflight(`scxts load ${file}`);
  const path = await objectOf(file, options.rebuild ?? false);
  if (!path) return 1;
  if (options.help) {
    print(`${command.helpInformation()}\n${flagHelp(openObject(path))}`);
    return 0;
  }
  const { halvesOf } = await import('../load/halves.js');
  const halves = await halvesOf(path, options.half);
  const open = (): OpenScheduler => {
    const opened = openObject(path, halves);
    if (!opened.info.isScheduler) throw new Error(`${path} holds no scheduler`);
    applyFlags(opened, flags);
    // A scheduler is worth running without one of the programs that listen beside it.
    for (const program of Object.values(opened.progs as OpenPrograms)) program.optional = true;
    enable(opened.progs as OpenPrograms, options.enable);
    return opened;
  };
  try {
    return await run(open, options);
  } catch (error) {
    const { withLogFile } = await import('../load/verifier-log.js');
    throw withLogFile(error, path);
  }
}

type OpenPrograms = Record<string, { optional: boolean; autoload: boolean }>;

/** `--enable NAME` */
function enable(programs: OpenPrograms, names: readonly string[]): void {
  for (const name of names) {
    const program = programs[name];
    if (!program) {
      const known = Object.keys(programs).filter((n) => !programs[n]!.autoload);
      throw new Error(
        `there is no program '${name}'${known.length > 0 ? `; those that are off by default: ${known.join(', ')}` : ''}`,
      );
    }
    program.autoload = true;
  }
}

/** Runs the scheduler until a signal, the end of its time, or the kernel's end of it. */
async function run(open: () => OpenScheduler, options: Options): Promise<number> {
  const { durationMs, every, keepRunning } = await import('../../native/runtime/index.js');
  const { LoadOutput, PatientOutput, reportExit } = await import('../load/output.js');
  const { onUncaught } = await import('../load/uncaught.js');
  const { CLOSED_OUTPUT } = await import('../streams.js');
  const { Stop } = await import('../load/stop.js');
  const { parseAddress } = await import('../load/metrics-address.js');
  const { MetricsServer } = await import('../load/metrics.js');
  const json = options.json ?? false;
  const intervalMs = durationMs(options.interval, '--interval');
  const lengthMs =
    options.duration === undefined ? undefined : durationMs(options.duration, '--duration');
  const address = options.metrics === undefined ? undefined : parseAddress(options.metrics);
  const half = options.with
    ? await (await import('../load/userspace.js')).userspaceOf(options.with)
    : undefined;
  const { HangWatch } = await import('../load/hang.js');
  const patienceMs = durationMs(options.hangTimeout, '--hang-timeout', { zero: true });
  using _watch =
    half && patienceMs > 0
      ? new HangWatch(patienceMs, `the user-space half (${options.with})`)
      : undefined;
  const metrics = address && (await MetricsServer.start(address));
  if (metrics) complain(`metrics: ${metrics.where}\n`);
  // Before attaching: a signal that comes while the kernel switches over must detach, not kill.
  using stop = new Stop();
  const out = new PatientOutput(() => stop.now());
  let name = 'scheduler';
  let failure: Error | undefined;
  const failed = (error: unknown, where: string): void => {
    if (failure) complain(`error: ${where} once more: ${String(error)}\n`);
    failure ??= failedHalf(error, where);
    stop.now();
  };
  using _uncaught = onUncaught((error) => failed(error, 'an error that nobody caught'));
  let ticker: Timer | undefined;
  let last: (() => void) | undefined;
  try {
    const opened = (): OpenScheduler => {
      const made = open();
      name = made.name;
      return made;
    };
    const exit = await keepRunning(opened, {
      signal: stop.signal,
      restart: options.restart ?? false,
      load: {
        requireKernel: options.requireKernel ?? false,
        onWarning: (text) => complain(`warning: ${text}\n`),
      },
      started: (scheduler, link, restarts) => {
        if (lengthMs !== undefined) stop.after(lengthMs);
        metrics?.show(scheduler, restarts);
        const output = new LoadOutput(scheduler, out, json);
        output.attached();
        last = () => output.counters();
        ticker = every(intervalMs, last);
        if (half)
          Promise.resolve()
            .then(() => half({ scheduler, link, signal: stop.signal, restarts }))
            .catch((error: unknown) => failed(error, 'the user-space half failed'));
      },
      ended: (ended) => {
        ticker?.stop();
        metrics?.hide();
        last?.();
        last = undefined;
        reportExit(name, ended, { out, json });
        if (ended.restart && options.restart && !stop.signal.aborted)
          complain(`${name}: loading again, as the kernel asks\n`);
      },
    });
    if (failure) throw failure;
    if (exit.error) return 1;
    return out.closed ? CLOSED_OUTPUT : 0;
  } finally {
    ticker?.stop();
    metrics?.close();
  }
}

function failedHalf(error: unknown, where: string): Error {
  return new Error(
    `${where}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    { cause: error },
  );
}
