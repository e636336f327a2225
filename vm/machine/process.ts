import { spawn } from 'node:child_process';
import type { Duplex, Readable } from 'node:stream';
import { DESCRIPTORS } from '../qemu/arguments.js';
import { findProgram } from '../qemu/find.js';

export interface QemuProcess {
  console: Readable;
  stdout: Readable;
  stderr: Readable;
  control: Duplex;
  signals: Duplex;
  /** What QEMU itself has to say. */
  messages: () => string;
  kill: () => void;
  /** How it ended. */
  ended: Promise<string>;
}

/**
 * Starts QEMU with its ports as inherited sockets. It is in a session of its own, so that Ctrl-C does
 * not reach it, and the kernel kills it should this process die in whatever way.
 */
export function startQemu(qemu: string, args: string[], initramfs: number): QemuProcess {
  const setpriv = findProgram('setpriv');
  const [program, all] = setpriv ? [setpriv, ['--pdeathsig', 'KILL', qemu, ...args]] : [qemu, args];
  const child = spawn(program, all, {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe', initramfs],
  });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  let messages = '';
  child.stderr?.on('data', (data: Buffer) => (messages += data.toString()));
  const ended = new Promise<string>((resolve) => {
    child.on('error', (error) => {
      messages += error.message;
      resolve('not started');
    });
    child.on('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
  }).finally(() => process.off('exit', kill));
  const port = (fd: number): Duplex => {
    const stream = child.stdio[fd] as Duplex;
    stream.on('error', () => undefined); // Its end is told by `ended`.
    return stream;
  };
  return {
    console: port(DESCRIPTORS.console),
    stdout: port(DESCRIPTORS.stdout),
    stderr: port(DESCRIPTORS.stderr),
    control: port(DESCRIPTORS.control),
    signals: port(DESCRIPTORS.signals),
    messages: () => messages,
    kill,
    ended,
  };
}
