import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VmError } from './errors.js';
import { buildInitramfs } from './initramfs.js';
import { resolveKernel } from './kernels.js';
import { findQemu, qemuArguments, type Machine } from './qemu.js';

export interface VmOptions extends Partial<Machine> {
  /** A version, `newest` (the default) or the path of a bzImage. */
  kernel?: string;
  /** Seconds for the whole run, 300 by default. */
  timeoutSec?: number;
  command: string[];
  cwd?: string;
  env?: Record<string, string>;
  onStdout?: (chunk: Buffer) => void;
  onStderr?: (chunk: Buffer) => void;
  /** What the user should know meanwhile, such as a download. */
  note?: (text: string) => void;
  /** Aborting sends SIGINT to the command, a second time kills the machine. */
  signal?: AbortSignal;
}

export interface VmResult {
  /** Of the command; 124 after a timeout. */
  exitCode: number;
  timedOut: boolean;
  stdout: string;
  stderr: string;
  /** The kernel's console. */
  console: string;
  /** Milliseconds until the guest was ready, and in all. */
  bootMs: number;
  totalMs: number;
}

interface Port {
  server: Server;
  path: string;
  socket: Promise<Socket>;
}

function listen(path: string): Promise<Port> {
  return new Promise((resolve, reject) => {
    let connected: (socket: Socket) => void = () => undefined;
    const socket = new Promise<Socket>((r) => {
      connected = r;
    });
    const server = createServer((s) => {
      s.on('error', () => undefined);
      connected(s);
    });
    server.on('error', reject);
    server.listen(path, () => resolve({ server, path, socket }));
  });
}

/** Boots a kernel, runs one command in it and gives its output and exit code. Leaves nothing behind. */
export async function runInVm(options: VmOptions): Promise<VmResult> {
  const started = performance.now();
  const qemu = findQemu();
  const kernel = await resolveKernel(options.kernel, options.note ?? (() => undefined));
  const work = mkdtempSync(join(tmpdir(), 'scxts-vm-'));
  const ports: Port[] = [];
  try {
    const initramfs = await buildInitramfs(work, { command: options.command, cwd: options.cwd ?? process.cwd(), env: options.env ?? {} }, kernel.path);
    for (let i = 0; i < 4; i++) ports.push(await listen(join(work, `serial${i}`)));
    const machine: Machine = {
      cpus: options.cpus ?? 2, memoryMb: options.memoryMb ?? 1024, topology: options.topology, numaNodes: options.numaNodes, kernelArgs: options.kernelArgs,
    };
    const args = qemuArguments(machine, kernel.path, initramfs, ports.map((p) => p.path), false);
    return await supervise(qemu, args, ports, options, started);
  } finally {
    for (const port of ports) port.server.close();
    rmSync(work, { recursive: true, force: true });
  }
}

async function supervise(qemu: string, args: string[], ports: Port[], options: VmOptions, started: number): Promise<VmResult> {
  const machine = spawn(qemu, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const killWithUs = (): void => void machine.kill('SIGKILL');
  process.once('exit', killWithUs);
  let qemuSays = '';
  machine.stderr.on('data', (d: Buffer) => (qemuSays += d.toString()));
  const text = { console: '', stdout: [] as Buffer[], stderr: [] as Buffer[] };
  let exitCode: number | undefined;
  let bootMs = 0;
  let problem: string | undefined;
  let timedOut = false;
  const fail = (what: string): void => {
    problem ??= what;
    machine.kill('SIGKILL');
  };
  const timeout = setTimeout(() => {
    timedOut = true;
    machine.kill('SIGKILL');
  }, (options.timeoutSec ?? 300) * 1000);

  void ports[0]!.socket.then((s) =>
    s.on('data', (d: Buffer) => {
      text.console += d.toString('latin1');
      // A panic reboots the machine, which ends it; the reason is on the console.
      if (/Kernel panic - not syncing/.test(text.console) && exitCode === undefined) setTimeout(() => fail('the kernel panicked'), 300);
    }),
  );
  void ports[1]!.socket.then((s) => s.on('data', (d: Buffer) => (text.stdout.push(d), options.onStdout?.(d))));
  void ports[2]!.socket.then((s) => s.on('data', (d: Buffer) => (text.stderr.push(d), options.onStderr?.(d))));
  let control = '';
  const sendSignal = (name: string): void => void ports[3]!.socket.then((s) => s.write(`${name}\n`));
  void ports[3]!.socket.then((s) =>
    s.on('data', (d: Buffer) => {
      control += d.toString();
      if (!bootMs && control.includes('ready')) bootMs = performance.now() - started;
      const match = /exit (\d+)/.exec(control);
      if (match) exitCode = Number(match[1]);
    }),
  );
  let interrupts = 0;
  const interrupt = (): void => {
    if (interrupts++ === 0) sendSignal('INT');
    else machine.kill('SIGKILL');
  };
  options.signal?.addEventListener('abort', interrupt);

  const ended = await new Promise<{ code: number | null; error?: Error }>((resolve) => {
    machine.on('error', (error) => resolve({ code: null, error }));
    machine.on('close', (code) => resolve({ code }));
  });
  clearTimeout(timeout);
  process.off('exit', killWithUs);
  options.signal?.removeEventListener('abort', interrupt);
  // What is still in the sockets belongs to the output.
  await new Promise((resolve) => setTimeout(resolve, 20));
  for (const port of ports) void port.socket.then((s) => s.destroy());

  const last = text.console.trimEnd().split('\n').slice(-15).join('\n');
  if (ended.error) throw new VmError(`cannot start QEMU: ${ended.error.message}`);
  const result = {
    timedOut,
    stdout: Buffer.concat(text.stdout).toString(),
    stderr: Buffer.concat(text.stderr).toString(),
    console: text.console,
    bootMs,
    totalMs: performance.now() - started,
  };
  if (timedOut) return { ...result, exitCode: 124 };
  if (exitCode !== undefined) return { ...result, exitCode };
  if (interrupts > 1) return { ...result, exitCode: 130 };
  throw new VmError(`${problem ?? 'the machine ended before the command did'}\n${qemuSays || last}`);
}
