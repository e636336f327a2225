import type { Command } from 'commander';
import type { VmOptions } from '../../vm/index.js';

interface Options {
  kernel?: string;
  cpus?: string;
  memory: string;
  timeout: string;
  topology?: string;
  numa?: string;
  file: string[];
  save: string[];
  env: string[];
  kernelArgs?: string;
  verbose?: boolean;
  list?: boolean;
}

/** The runner itself failed: told apart from the command's own codes, as other runners do. */
const RUNNER_FAILED = 125;
const TIMED_OUT = 124;

function positive(text: string, flag: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value <= 0)
    throw new Error(`${flag} takes a whole number above 0, not '${text}'`);
  return value;
}

function environment(pairs: string[]): Record<string, string> {
  const entries = pairs.map((pair) => {
    const at = pair.indexOf('=');
    return at > 0 ? [pair.slice(0, at), pair.slice(at + 1)] : [pair, process.env[pair] ?? ''];
  });
  return Object.fromEntries(entries) as Record<string, string>;
}

const collect = (value: string, all: string[]): string[] => [...all, value];

export function registerVm(program: Command): void {
  program
    .command('vm')
    .description('run a command on a real kernel in a virtual machine')
    .argument('[command...]', 'the command and its arguments, after --')
    .option(
      '--kernel <version>',
      'kernel version, newest, or the path of a bzImage (default: newest)',
    )
    .option('--cpus <n>', 'CPUs (default: 2, or what the topology has)')
    .option('--memory <mb>', 'memory in MB', '1024')
    .option('--timeout <time>', 'after which the machine is ended', '300s')
    .option('--topology <smp>', 'CPU topology, e.g. sockets=2,cores=2,threads=2')
    .option('--numa <nodes>', 'NUMA nodes')
    .option(
      '--file <path>',
      'copy this file or folder into the machine too (repeatable)',
      collect,
      [],
    )
    .option(
      '--save <path>',
      'copy this file or folder of the current folder back afterwards (repeatable)',
      collect,
      [],
    )
    .option('--env <name=value>', 'environment variable for the command (repeatable)', collect, [])
    .option('--kernel-args <args>', 'more arguments for the kernel')
    .option('--verbose', "show the kernel's console, and how long things took")
    .option('--list', 'list the kernels that can be booted by version')
    .passThroughOptions()
    .action(async (command: string[], options: Options) => {
      try {
        process.exitCode = options.list ? await list() : await run(command, options);
      } catch (error) {
        process.exitCode = await failed(error);
      }
    });
}

async function list(): Promise<number> {
  const { listKernels } = await import('../../vm/index.js');
  for (const { version, state, detail } of await listKernels()) {
    process.stdout.write(`${version.padEnd(6)} ${state.padEnd(12)} ${detail}\n`);
  }
  return 0;
}

async function run(command: string[], options: Options): Promise<number> {
  if (command.length === 0) {
    process.stderr.write(
      'error: no command given\n  hint: scxts vm -- scxts load examples/simple.ts --duration 10\n',
    );
    return 2;
  }
  const { prebuild } = await import('../prebuild.js');
  if (!(await prebuild(command))) return 1;
  const { runInVm } = await import('../../vm/index.js');
  const result = await runInVm({ ...(await vmOptions(options)), command });
  if (options.verbose) {
    const { bootMs, totalMs, release } = result;
    process.stderr.write(
      `Linux ${release}: up after ${(bootMs / 1000).toFixed(1)} s, ${(totalMs / 1000).toFixed(1)} s in all\n`,
    );
  }
  if (result.timedOut)
    process.stderr.write(
      `error: timed out after ${options.timeout.replace(/\d$/, '$& s')}\n  hint: give it more time with --timeout\n`,
    );
  return result.exitCode;
}

async function vmOptions(options: Options): Promise<Omit<VmOptions, 'command'>> {
  const { durationMs } = await import('../../native/runtime/duration.js');
  return {
    kernel: options.kernel,
    ...(options.cpus ? { cpus: positive(options.cpus, '--cpus') } : {}),
    memoryMb: positive(options.memory, '--memory'),
    timeoutSec: durationMs(options.timeout, '--timeout') / 1000,
    topology: options.topology,
    numaNodes: options.numa ? positive(options.numa, '--numa') : undefined,
    kernelArgs: options.kernelArgs,
    files: options.file,
    save: options.save,
    env: environment(options.env),
    inherit: true,
    forwardSignals: true,
    note: (text) => process.stderr.write(`${text}\n`),
    ...(options.verbose ? { onConsole: (chunk: Buffer) => void process.stderr.write(chunk) } : {}),
  };
}

async function failed(error: unknown): Promise<number> {
  const { BootTimeout, Interrupted } = await import('../../vm/index.js');
  if (error instanceof Interrupted) return error.exitCode;
  const { message, hint } = error as Error & { hint?: string };
  process.stderr.write(`error: ${message}${hint ? `\n  hint: ${hint}` : ''}\n`);
  return error instanceof BootTimeout ? TIMED_OUT : RUNNER_FAILED;
}
