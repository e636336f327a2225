import type { Command } from 'commander';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { failureText } from '../load/failure.js';
import { complain } from '../terminal.js';
import { importTypeScript } from '../typescript.js';

export function registerRun(program: Command): void {
  program
    .command('run')
    .description("run a TypeScript program, such as a scheduler's userspace half")
    .argument('<script>', 'a TypeScript file')
    .argument('[args...]', 'arguments of the script')
    .allowUnknownOption()
    .passThroughOptions()
    .helpOption(false)
    .action(async (script: string, args: string[]) => {
      if (!existsSync(script)) {
        complain(`error: there is no file '${script}'\n`);
        process.exitCode = 1;
        return;
      }
      importTypeScript();
      process.argv = [process.execPath, resolve(script), ...args];
      try {
        await import(pathToFileURL(resolve(script)).href);
      } catch (error) {
        // What the script itself does wrong is no fault of scxts: with where it was.
        const { stack, hint, code } = error as Error & { hint?: string; code?: string };
        complain(
          hint === undefined && code === undefined && stack !== undefined
            ? `error: ${stack}\n`
            : failureText(error),
        );
        process.exitCode = 1;
      }
    });
}
