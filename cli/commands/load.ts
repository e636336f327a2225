import type { Command } from 'commander';
import { existsSync } from 'node:fs';
import type { ExitInfo, LoadedScheduler } from '../../native/runtime/index.js';

interface Options {
  duration?: string;
  interval: string;
  json?: boolean;
  restart?: boolean;
  rebuild?: boolean;
  help?: boolean;
}

export function registerLoad(program: Command): void {
  program
    .command('load')
    .description('load a scheduler into the running kernel and show its counters')
    .argument('<file>', 'a scheduler: FILE.ts or FILE.bpf.o')
    .argument('[flags...]', "the scheduler's own flags, one for each config; --help lists them")
    .option('--duration <sec>', 'detach after so many seconds')
    .option('--interval <sec>', 'seconds between two outputs', '1')
    .option('--json', 'one JSON object a line instead of a table')
    .option('--restart', 'load again when the kernel asks for it (CPU hotplug)')
    .option('--rebuild', 'build even if the object is newer than its source')
    .helpOption(false)
    .option('-h, --help', 'show this help, with the flags of the scheduler')
    .allowUnknownOption()
    .action(async (file: string, flags: string[], options: Options, command: Command) => {
      const { ScxtsError } = await import('../../native/runtime/index.js');
      try {
        process.exitCode = await load(file, flags, options, command);
      } catch (error) {
        const hint =
          error instanceof ScxtsError && error.hint
            ? `\n  hint: ${error.hint.replace('COMMAND', `scxts load ${file}`)}`
            : '';
        process.stderr.write(`error: ${(error as Error).message}${hint}\n`);
        process.exitCode = 1;
      }
    });
}

function seconds(text: string, flag: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`${flag} takes a number of seconds above 0, not '${text}'`);
  return value;
}

async function objectOf(file: string, rebuild: boolean): Promise<string | undefined> {
  if (file.endsWith('.o')) return file;
  const { freshObject } = await import('../prebuild.js');
  const fresh = rebuild ? undefined : freshObject(file);
  if (fresh) return fresh;
  const { buildFile } = await import('../../codegen/index.js');
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
  if (options.help && (file === '--help' || file === '-h')) {
    process.stdout.write(command.helpInformation());
    return 0;
  }
  if (file.endsWith('.o') && !existsSync(file)) throw new Error(`there is no file '${file}'`);
  const { openObject, preflight } = await import('../../native/runtime/index.js');
  const { applyFlags, flagHelp } = await import('../flags.js');
  if (!options.help) preflight(`scxts load ${file}`);
  const path = await objectOf(file, options.rebuild ?? false);
  if (!path) return 1;
  if (options.help) {
    process.stdout.write(command.helpInformation() + '\n' + flagHelp(openObject(path)));
    return 0;
  }
  for (;;) {
    const open = openObject(path);
    if (!open.info.opsMap) throw new Error(`${path} holds no scheduler`);
    applyFlags(open, flags);
    const loaded = open.load({ onWarning: (text) => process.stderr.write(`warning: ${text}\n`) });
    const exit = await run(loaded, options);
    loaded[Symbol.dispose]();
    if (!(options.restart && exit.restart)) return exit.error ? 1 : 0;
    process.stderr.write(`${open.name}: loading again, as the kernel asks\n`);
  }
}

/** Runs the scheduler until a signal, the end of its time, or the kernel's end of it. */
async function run(loaded: LoadedScheduler, options: Options): Promise<ExitInfo> {
  const { CounterSampler, CounterTable } = await import('../table.js');
  const intervalMs = seconds(options.interval, '--interval') * 1000;
  const durationMs =
    options.duration === undefined ? undefined : seconds(options.duration, '--duration') * 1000;
  let stop: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  // Before attaching: a signal that comes while the kernel switches over must detach, not kill.
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  const link = loaded.attach();
  const started = performance.now();
  const sampler = new CounterSampler(loaded.counters);
  const table = new CounterTable();
  if (!options.json) process.stderr.write(`${loaded.name} is scheduling; Ctrl-C detaches it\n`);
  const print = (): void => {
    const time = (performance.now() - started) / 1000;
    const samples = sampler.sample();
    if (options.json) {
      const counters = Object.fromEntries(samples.map((s) => [s.name, Number(s.total)]));
      process.stdout.write(
        JSON.stringify({ type: 'counters', scheduler: loaded.name, time, counters }) + '\n',
      );
    } else if (samples.length > 0) {
      process.stdout.write(table.render(time, samples));
    }
  };
  const ticker = setInterval(print, intervalMs);
  const end = durationMs === undefined ? undefined : setTimeout(stop, durationMs);
  try {
    await Promise.race([stopped, link.exited]);
    print();
  } finally {
    clearInterval(ticker);
    clearTimeout(end);
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
    link.detach();
  }
  const exit = await link.exited;
  report(loaded.name, exit, options.json ?? false);
  return exit;
}

function report(name: string, exit: ExitInfo, json: boolean): void {
  if (json) {
    const { kind, kindName, reason, message, code, restart, error, dump } = exit;
    process.stdout.write(
      JSON.stringify({
        type: 'exit',
        scheduler: name,
        kind,
        kindName,
        reason,
        message,
        code: Number(code),
        restart,
        error,
        dump,
      }) + '\n',
    );
    return;
  }
  const text = exit.message ? `${exit.reason} (${exit.message})` : exit.reason;
  process.stderr.write(
    exit.error ? `error: the kernel ended ${name}: ${text}\n` : `${name} ended: ${text}\n`,
  );
  if (exit.error && exit.dump)
    process.stderr.write(`\n${exit.dump.split('\n').slice(0, 40).join('\n')}\n`);
}
