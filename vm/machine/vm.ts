import { closeSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { after, type Timer } from '../../native/runtime/timers.js';
import { VmError } from '../errors.js';
import { buildInitramfs } from '../initramfs/index.js';
import { resolveKernel } from '../kernels/index.js';
import { fastImage } from '../kernels/unpacked.js';
import type { KernelImage } from '../kernels/image.js';
import { chooseAccelerator } from '../qemu/accelerator.js';
import { checkMachine, qemuArguments, type Accelerator, type Machine } from '../qemu/arguments.js';
import { findQemu } from '../qemu/find.js';
import { explainEnding, lastLines } from './failure.js';
import { startQemu, type QemuProcess } from './process.js';
import { commandScript, type GuestCommand } from './script.js';
import { readShape, wrongShape, type Reported } from './shape.js';
import { MarkerSplitter } from './splitter.js';

export interface BootOptions extends Partial<Machine> {
  /** A version, `newest`, or the path of a bzImage. The newest that is here or to be had by default. */
  kernel?: string | undefined;
  /** Copied to the guest, where commands start in it. The current folder by default. */
  cwd?: string | undefined;
  /** More files and folders to copy, to the same paths. */
  files?: string[] | undefined;
  /** For every command. */
  env?: Record<string, string> | undefined;
  /** Seconds until the guest must be up, 120 by default. Downloads do not count. */
  bootTimeoutSec?: number | undefined;
  /** Told of downloads and the like. */
  note?: ((text: string) => void) | undefined;
  /** The kernel's console, as it comes. */
  onConsole?: ((chunk: Buffer) => void) | undefined;
  /** Ends the machine, whatever it is doing. */
  signal?: AbortSignal | undefined;
}

export interface RunOptions extends GuestCommand {
  /** Seconds after which the command is killed; no limit by default. */
  timeoutSec?: number | undefined;
  onStdout?: ((chunk: Buffer) => void) | undefined;
  onStderr?: ((chunk: Buffer) => void) | undefined;
}

export interface CommandResult {
  /** 128 + the signal's number if one ended it; 124 after a timeout. */
  exitCode: number;
  timedOut: boolean;
  stdout: string;
  stderr: string;
  /** Stdout as it came. */
  stdoutBytes: Buffer;
}

/** The guest was not up in time. */
export class BootTimeout extends VmError {}
/** Ended on demand: by close() or by the caller's abort signal. */
export class VmClosed extends VmError {}

interface Running {
  options: RunOptions;
  started: boolean;
  signals: string[];
  stdout: Buffer[];
  stderr: Buffer[];
  /** Streams whose end marker has not come yet. */
  open: number;
  exitCode?: number;
  done: () => void;
}

const KILL_GRACE_MS = 5000;

/** A booted machine that runs one command after the other. */
export class Vm implements AsyncDisposable {
  #console = '';
  #ready = false;
  #running: Running | undefined;
  #closed: VmError | undefined;
  #onReady: (shape: Reported) => void = () => undefined;
  /** Never resolves; rejects with the reason when the machine ends. */
  readonly #end: Promise<never>;

  private constructor(
    private readonly qemu: QemuProcess,
    private readonly options: BootOptions,
    readonly kernel: KernelImage,
    readonly accelerator: Accelerator,
    nonce: string,
  ) {
    this.#end = qemu.ended.then((status) => {
      const ending = { console: this.#console, qemu: qemu.messages(), ready: this.#ready, status };
      throw this.#closed ?? explainEnding(ending);
    });
    this.#end.catch(() => undefined);
    qemu.console.on('data', (chunk: Buffer) => {
      this.#console += chunk.toString('latin1');
      options.onConsole?.(chunk);
    });
    this.#collect(qemu.stdout, nonce, 'stdout');
    this.#collect(qemu.stderr, nonce, 'stderr');
    this.#listen();
    qemu.signals.resume();
  }

  /** Boots a kernel in QEMU. The machine ends with `close()` or `await using`, or with this process. */
  static async boot(options: BootOptions = {}): Promise<Vm> {
    const machine = checkMachine(options);
    const qemu = findQemu();
    const cwd = options.cwd ?? process.cwd();
    const kernel = await resolveKernel(options.kernel, {
      note: options.note,
      signal: options.signal,
    });
    const accelerator =
      machine.icountShift === undefined ? await chooseAccelerator(qemu, kernel.path) : 'tcg';
    const bootable = accelerator === 'tcg' ? await fastImage(kernel) : kernel.path;
    const nonce = randomUUID();
    const initramfs = await buildInitramfs({ kernel, cwd, files: options.files ?? [], nonce });
    if (options.signal?.aborted) {
      closeSync(initramfs.fd);
      throw new VmClosed('interrupted');
    }
    let started: QemuProcess;
    try {
      started = startQemu(qemu, qemuArguments(machine, bootable, accelerator), initramfs.fd);
    } finally {
      closeSync(initramfs.fd);
    }
    const vm = new Vm(started, { ...options, cwd }, kernel, accelerator, nonce);
    try {
      const wrong = wrongShape(machine, await vm.#up(), kernel.release);
      if (wrong) throw wrong;
      if (!initramfs.tried) await vm.#tryNode();
      initramfs.nodeRuns();
      return vm;
    } catch (error) {
      await vm.close();
      throw error;
    }
  }

  /** What the kernel wrote to its console so far. */
  get console(): string {
    return this.#console;
  }

  /**
   * Runs a command and waits for its end. Processes that it leaves in the background go on; what they
   * write later is part of the next command's output, unless it is redirected.
   */
  async run(command: string[] | RunOptions): Promise<CommandResult> {
    const options = Array.isArray(command) ? { command } : command;
    if (options.command.length === 0) throw new VmError('no command given');
    if (this.#running)
      throw new VmError(
        'the virtual machine is running a command already',
        'wait for its end, or start it in the background: sh -c "... &"',
      );
    const finished = new Promise<void>((done) => {
      this.#running = {
        options,
        started: false,
        signals: [],
        stdout: [],
        stderr: [],
        open: 2,
        done,
      };
    });
    const running = this.#running!;
    let timedOut = false;
    let grace: Timer | undefined;
    const timer =
      options.timeoutSec === undefined
        ? undefined
        : after(options.timeoutSec * 1000, () => {
            timedOut = true;
            this.kill('SIGKILL');
            grace = after(KILL_GRACE_MS, () => void this.close());
          });
    try {
      const script = commandScript({
        ...options,
        cwd: options.cwd ?? this.options.cwd,
        env: { ...this.options.env, ...options.env },
      });
      this.qemu.control.write(`run ${Buffer.from(script).toString('base64')}\n`);
      await Promise.race([finished, this.#end]).catch((error: unknown) => {
        if (!timedOut) throw error;
      });
    } finally {
      timer?.stop();
      grace?.stop();
      this.#running = undefined;
    }
    const stdoutBytes = Buffer.concat(running.stdout);
    return {
      exitCode: timedOut ? 124 : running.exitCode!,
      timedOut,
      stdout: stdoutBytes.toString(),
      stderr: Buffer.concat(running.stderr).toString(),
      stdoutBytes,
    };
  }

  /** Sends a signal, such as SIGINT, to the running command and what it started. */
  kill(signal: NodeJS.Signals): void {
    const running = this.#running;
    if (!running) return;
    const name = signal.replace(/^SIG/, '');
    if (running.started) this.qemu.signals.write(`${name}\n`);
    else running.signals.push(name);
  }

  /** Ends the machine at once. A run that is under way rejects with VmClosed. */
  async close(reason: VmError = new VmClosed('the virtual machine was closed')): Promise<void> {
    this.#closed ??= reason;
    this.qemu.kill();
    await this.qemu.ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Once for each base of the initramfs: without it, a node that cannot start there would be told by nothing but its silence. */
  async #tryNode(): Promise<void> {
    const { exitCode, stderr } = await this.run({ command: ['node', '-e', '0'], cwd: '/' });
    if (exitCode === 0) return;
    throw new VmError(
      `this machine's Node.js (${process.version}, ${process.execPath}) does not run in the virtual machine, exit code ${exitCode}:\n${stderr.trimEnd()}`,
      'something that it needs was not found and copied: use a build of nodejs.org or NodeSource, and report this',
    );
  }

  async #up(): Promise<Reported> {
    const { signal, bootTimeoutSec = 120 } = this.options;
    const ready = new Promise<Reported>((resolve) => {
      this.#onReady = resolve;
    });
    const late = (): void => {
      const shown = this.#console.trim()
        ? `\nthe end of its console:\n${lastLines(this.#console)}`
        : '';
      void this.close(
        new BootTimeout(
          `the virtual machine was not up after ${bootTimeoutSec} s${shown}`,
          'give it more time: --timeout',
        ),
      );
    };
    const timer = after(bootTimeoutSec * 1000, late);
    const abort = (): void => void this.close(new VmClosed('interrupted'));
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort, { once: true });
    void this.qemu.ended.then(() => signal?.removeEventListener('abort', abort));
    try {
      return await Promise.race([ready, this.#end]);
    } finally {
      timer.stop();
    }
  }

  #collect(stream: NodeJS.ReadableStream, nonce: string, kind: 'stdout' | 'stderr'): void {
    const splitter = new MarkerSplitter(
      nonce,
      (chunk) => {
        if (!this.#running) return;
        this.#running[kind].push(chunk);
        this.#running.options[kind === 'stdout' ? 'onStdout' : 'onStderr']?.(chunk);
      },
      () => {
        if (!this.#running) return;
        this.#running.open--;
        this.#settle(this.#running);
      },
    );
    stream.on('data', (chunk: Buffer) => splitter.push(chunk));
    stream.on('end', () => splitter.flush());
  }

  #listen(): void {
    let text = '';
    this.qemu.control.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
        this.#heard(text.slice(0, end));
        text = text.slice(end + 1);
      }
    });
  }

  #heard(line: string): void {
    const [verb, ...values] = line.trim().split(' ');
    const running = this.#running;
    if (verb === 'ready') {
      this.#ready = true;
      this.#onReady(readShape(values));
    } else if (verb === 'started' && running) {
      running.started = true;
      for (const name of running.signals) this.qemu.signals.write(`${name}\n`);
    } else if (verb === 'exit' && running) {
      running.exitCode = Number(values[0]);
      this.#settle(running);
    }
  }

  #settle(running: Running): void {
    if (running.open <= 0 && running.exitCode !== undefined) running.done();
  }
}
