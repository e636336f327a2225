import { constants } from 'node:os';
import { VmError } from './errors.js';
import { Vm, type BootOptions, type CommandResult, type RunOptions } from './machine/vm.js';
import { saveFiles } from './save.js';

export interface VmOptions extends BootOptions, Pick<RunOptions, 'onStdout' | 'onStderr'> {
  command: string[];
  /** Seconds for boot and command together, 300 by default. */
  timeoutSec?: number | undefined;
  /** Writes the command's output to this process's own as it comes. */
  inherit?: boolean | undefined;
  /** Hands SIGINT, SIGTERM and SIGHUP on to the command. A second one ends the machine. */
  forwardSignals?: boolean | undefined;
  /** Files and folders below `cwd` to copy back afterwards. */
  save?: string[] | undefined;
}

export interface VmResult extends CommandResult {
  /** The kernel's console. */
  console: string;
  /** The kernel's release, e.g. `6.18.15+deb13-cloud-amd64`. */
  release: string;
  /** Milliseconds until the guest was up, and in all. */
  bootMs: number;
  totalMs: number;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Boots a kernel, runs one command in it and gives its output and exit code. Leaves nothing behind. */
export async function runInVm(options: VmOptions): Promise<VmResult> {
  const begin = performance.now();
  const interruption = new Interruption(options);
  let vm: Vm | undefined;
  try {
    const timeoutSec = options.timeoutSec ?? 300;
    vm = await Vm.boot({
      ...options,
      bootTimeoutSec: Math.min(options.bootTimeoutSec ?? timeoutSec, timeoutSec),
      signal: interruption.signal,
    });
    const bootMs = performance.now() - begin;
    interruption.vm = vm;
    const left = timeoutSec - bootMs / 1000;
    const result = await vm.run({
      command: options.command,
      timeoutSec: Math.max(1, left),
      onStdout: (chunk) => {
        options.onStdout?.(chunk);
        if (options.inherit) process.stdout.write(chunk);
      },
      onStderr: (chunk) => {
        options.onStderr?.(chunk);
        if (options.inherit) process.stderr.write(chunk);
      },
    });
    if (options.save?.length && !result.timedOut)
      await saveFiles(vm, options.cwd ?? process.cwd(), options.save);
    return {
      ...result,
      console: vm.console,
      release: vm.kernel.release,
      bootMs,
      totalMs: performance.now() - begin,
    };
  } catch (error) {
    // Whatever went wrong after that, a download cut short for one, is only its consequence.
    if (interruption.ended) throw new Interrupted(interruption.exitCode ?? 130);
    throw error;
  } finally {
    interruption.dispose();
    await vm?.close();
  }
}

/** The user ended the machine. */
export class Interrupted extends VmError {
  constructor(readonly exitCode: number) {
    super('interrupted');
  }
}

/** Signals to this process: the first is handed on to the command, the next ends the machine. */
class Interruption {
  vm: Vm | undefined;
  exitCode: number | undefined;
  readonly #controller = new AbortController();
  readonly #handler = (name: NodeJS.Signals): void => {
    const again = this.exitCode !== undefined;
    this.exitCode = 128 + constants.signals[name];
    if (this.vm && !again) this.vm.kill(name);
    else this.#controller.abort();
  };

  constructor(private readonly options: VmOptions) {
    if (options.forwardSignals) SIGNALS.forEach((name) => process.on(name, this.#handler));
  }

  /** Whether a signal ended the machine, or kept it from starting. */
  get ended(): boolean {
    return this.#controller.signal.aborted;
  }

  get signal(): AbortSignal {
    return this.options.signal
      ? AbortSignal.any([this.options.signal, this.#controller.signal])
      : this.#controller.signal;
  }

  dispose(): void {
    if (this.options.forwardSignals) SIGNALS.forEach((name) => process.off(name, this.#handler));
  }
}
