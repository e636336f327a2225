import { printable, printableJson } from '../native/runtime/printable.js';

/** Text for people on standard output; what came from an object or from elsewhere does nothing to their terminal. */
export function print(text: string): void {
  process.stdout.write(printable(text));
}

/** The same on standard error. */
export function complain(text: string): void {
  process.stderr.write(printable(text));
}

/** One value for programs, on a line of standard output. */
export function printJson(value: unknown): void {
  process.stdout.write(`${printableJson(value)}\n`);
}
