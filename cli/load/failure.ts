/**
 * Runs a command: its exit code is what it gives, or 1 for an error, which is printed with its hint.
 * `command` is what `COMMAND` in hints stands for.
 */
export async function report(run: () => Promise<number>, command = 'COMMAND'): Promise<void> {
  try {
    process.exitCode = await run();
  } catch (error) {
    const { message, hint } = error as Error & { hint?: string };
    const shown = hint ? `\n  hint: ${hint.replace('COMMAND', command)}` : '';
    process.stderr.write(`error: ${message}${shown}\n`);
    process.exitCode = 1;
  }
}
