import { systemRefusal } from '../codegen/files/system-error.js';
import { complain } from './terminal.js';

/** Nobody is there any more to read it. EIO: of a terminal that was closed. */
const CLOSED = new Set(['EPIPE', 'ECONNRESET', 'EIO', 'ERR_STREAM_DESTROYED']);

/** As of a process that SIGPIPE ended. */
export const CLOSED_OUTPUT = 128 + 13;

interface Handlers {
  /** Whoever read standard output is gone. */
  closed: () => void;
  /** It cannot be written, for the time being or for good: what was to be written is lost. */
  failed: (why: string, remedy: string) => void;
}

/** Of commands that say something and end. */
const ENDS: Handlers = {
  closed: () => process.exit(CLOSED_OUTPUT),
  failed: (why, remedy) => {
    if (process.exitCode === undefined || process.exitCode === 0)
      complain(`error: cannot write to standard output: ${why}\n  hint: ${remedy}\n`);
    process.exitCode = 1;
  },
};

let handlers = ENDS;

/** From here on an error of standard output is handled, rather than thrown at whatever runs; one of standard error has nobody to be told. */
export function watchStreams(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (CLOSED.has(error.code ?? '')) return handlers.closed();
    const refusal = systemRefusal(error);
    handlers.failed(refusal?.message.replace(/^.*?: /, '') ?? error.message, refusal?.hint ?? '');
  });
  process.stderr.on('error', () => undefined);
}

/** Handles it in another way from here on. */
export function onOutputError(other: Handlers): void {
  handlers = other;
}

/** Waits until what was written to standard output is out, for at most so many ms: its reader may have stopped reading. */
export async function flushOutput(ms: number): Promise<void> {
  if (process.stdout.writableLength === 0) return;
  const { after } = await import('../native/runtime/timers.js');
  await new Promise<void>((resolve) => {
    const late = after(ms, resolve);
    process.stdout.write('', () => {
      late.stop();
      resolve();
    });
  });
}
