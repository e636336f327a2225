import type { Command } from 'commander';
import { existsSync } from 'node:fs';
import { register } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

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
        process.stderr.write(`error: there is no file '${script}'\n`);
        process.exitCode = 1;
        return;
      }
      register('../loader.js', import.meta.url);
      process.argv = [process.execPath, resolve(script), ...args];
      try {
        await import(pathToFileURL(resolve(script)).href);
      } catch (error) {
        const { message, hint } = error as Error & { hint?: string };
        process.stderr.write(`error: ${message}${hint ? `\n  hint: ${hint}` : ''}\n`);
        process.exitCode = 1;
      }
    });
}
