import type { Command } from 'commander';

interface Options {
  kernel?: string;
  cpus: string;
  memory: string;
  timeout: string;
  topology?: string;
  numa?: string;
  verbose?: boolean;
  list?: boolean;
}

function positive(text: string, flag: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value <= 0) throw new Error(`${flag} takes a whole number above 0, not '${text}'`);
  return value;
}

export function registerVm(program: Command): void {
  program
    .command('vm')
    .description('run a command on a real kernel in a virtual machine')
    .argument('[command...]', 'the command and its arguments, after --')
    .option('--kernel <version>', 'kernel version, newest, or the path of a bzImage (default: newest)')
    .option('--cpus <n>', 'CPUs', '2')
    .option('--memory <mb>', 'memory in MB', '1024')
    .option('--timeout <sec>', 'seconds after which the machine is ended', '300')
    .option('--topology <smp>', 'CPU topology for QEMU, e.g. sockets=2,cores=2,threads=2')
    .option('--numa <nodes>', 'NUMA nodes')
    .option('--verbose', "show the kernel's console")
    .option('--list', 'list the kernels that can be booted by version')
    .passThroughOptions()
    .action(async (command: string[], options: Options) => {
      const { VM_KERNELS, runInVm, VmError } = await import('../../vm/index.js');
      if (options.list) {
        process.stdout.write(VM_KERNELS.join('\n') + '\n');
        return;
      }
      if (command.length === 0) {
        process.stderr.write('error: no command given\n  hint: scxts vm -- scxts load examples/simple.ts --duration 10\n');
        process.exitCode = 2;
        return;
      }
      const { prebuild } = await import('../prebuild.js');
      if (!(await prebuild(command))) {
        process.exitCode = 1;
        return;
      }
      const abort = new AbortController();
      const forward = (): void => abort.abort();
      process.on('SIGINT', forward);
      process.on('SIGTERM', forward);
      try {
        const result = await runInVm({
          ...(options.kernel ? { kernel: options.kernel } : {}),
          cpus: positive(options.cpus, '--cpus'),
          memoryMb: positive(options.memory, '--memory'),
          timeoutSec: positive(options.timeout, '--timeout'),
          topology: options.topology,
          numaNodes: options.numa ? positive(options.numa, '--numa') : undefined,
          command,
          onStdout: (d) => process.stdout.write(d),
          onStderr: (d) => process.stderr.write(d),
          note: (text) => process.stderr.write(`${text}\n`),
          signal: abort.signal,
        });
        if (options.verbose) process.stderr.write(result.console);
        if (result.timedOut) process.stderr.write(`error: timed out after ${options.timeout} s\n  hint: give it more time with --timeout\n`);
        process.exitCode = result.exitCode;
      } catch (error) {
        const hint = error instanceof VmError && error.hint ? `\n  hint: ${error.hint}` : '';
        process.stderr.write(`error: ${(error as Error).message}${hint}\n`);
        process.exitCode = 1;
      } finally {
        process.off('SIGINT', forward);
        process.off('SIGTERM', forward);
      }
    });
}
