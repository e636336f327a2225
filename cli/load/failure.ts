import { systemRefusal } from '../../codegen/files/system-error.js';
import { complain } from '../terminal.js';

/** Errors that only a fault of a program throws. */
const FAULTS = [TypeError, RangeError, ReferenceError, SyntaxError];

/** An error for people: what is wrong, and what to do. `command` is what `COMMAND` in hints stands for. */
export function failureText(error: unknown, command = 'COMMAND'): string {
  if (!(error instanceof Error)) return `error: ${String(error)}\n`;
  const { message, hint, stack } = error as Error & { hint?: string };
  const system = hint === undefined ? systemRefusal(error) : undefined;
  if (!system && FAULTS.some((f) => error.constructor === f))
    return `error: ${message}\n  hint: this is a fault of scxts: please report it with what follows\n${stack ?? ''}\n`;
  const remedy = (system?.hint ?? hint)?.replace('COMMAND', command);
  return `error: ${system?.message ?? message}\n${remedy ? `  hint: ${remedy}\n` : ''}`;
}

/** Runs a command: its exit code is what it gives, or 1 for an error, which is printed with its hint. */
export async function report(run: () => Promise<number>, command?: string): Promise<void> {
  try {
    const code = await run();
    // Standard output may have failed meanwhile.
    if (code !== 0 || process.exitCode === undefined) process.exitCode = code;
  } catch (error) {
    complain(failureText(error, command));
    process.exitCode = 1;
  }
}
