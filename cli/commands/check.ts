import type { Command } from 'commander';
import { watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { print, printJson } from '../terminal.js';

interface Options {
  minKernel: string;
  format: string;
  watch?: boolean;
  stats?: boolean;
}

export function registerCheck(program: Command): void {
  program
    .command('check')
    .description('type-check a scheduler and check it against the rules of the kernel')
    .argument('<file>', 'a TypeScript scheduler')
    .option('--min-kernel <version>', 'oldest kernel it must load on', '6.12')
    .option('--format <format>', 'text or json', 'text')
    .option('--stats', 'also what the verifier has to follow in each program')
    .option('--watch', 'check again whenever a file of the program changes')
    .action(async (file: string, options: Options) => {
      if (options.watch) return await checkAgain(file, options);
      if (options.stats) return await checkStats(file, options);
      const { compiler } = await import('../../codegen/compiled.js');
      const { checkFile } = await compiler();
      const { reportDiagnostics } = await import('../report.js');
      const result = checkFile(file, { minKernel: options.minKernel });
      if (await reportDiagnostics(result, options.format)) process.exitCode = 1;
      else if (options.format !== 'json') print(`${file}: no errors\n`);
    });
}

async function checkStats(file: string, { minKernel, format }: Options): Promise<void> {
  const { compiler } = await import('../../codegen/compiled.js');
  const { checkWithStats, diagnosticToJson } = await compiler();
  const { reportDiagnostics } = await import('../report.js');
  const { stats, ...result } = checkWithStats(file, { minKernel });
  if (!stats) process.exitCode = 1;
  if (format === 'json') {
    const diagnostics = result.diagnostics.map((d) => diagnosticToJson(d, result.read));
    printJson({ ok: stats !== undefined, diagnostics, stats: stats ?? [] });
    return;
  }
  await reportDiagnostics(result, format);
  if (!stats) return;
  const width = Math.max(...stats.map((s) => s.program.length));
  print(`${file}: no errors\n\n${'program'.padEnd(width)}  branches to keep apart\n`);
  for (const { program, branches, joined } of stats)
    print(`${program.padEnd(width)}  ${branches}${joined ? ', made one where they meet' : ''}\n`);
}

/** An editor writes a file in several steps: they are waited for. */
const SETTLE_MS = 20;

/** Checks until the process is ended; each result ends with a line that says how long it took. */
async function checkAgain(file: string, { minKernel, format }: Options): Promise<void> {
  const { compiler } = await import('../../codegen/compiled.js');
  const { CheckSession } = await compiler();
  const { reportDiagnostics } = await import('../report.js');
  const session = new CheckSession();
  const watched = new Map<string, Set<string>>();
  let timer: NodeJS.Timeout | undefined;
  const check = async (): Promise<void> => {
    const started = performance.now();
    const result = session.check(file, undefined, { minKernel });
    const failed = await reportDiagnostics(result, format);
    const took = `${(performance.now() - started).toFixed(0)} ms`;
    if (format !== 'json') print(`${file}: ${failed ? 'errors' : 'no errors'}, ${took}\n`);
    for (const path of [file, ...session.files]) watchFile(path);
  };
  // Folders are watched, not files: many editors replace a file by another of its name.
  const watchFile = (path: string): void => {
    const folder = dirname(path);
    const names = watched.get(folder);
    if (names) {
      names.add(basename(path));
      return;
    }
    const own = new Set([basename(path)]);
    watched.set(folder, own);
    watch(folder, (_event, name) => {
      if (name === null || !own.has(name)) return;
      clearTimeout(timer);
      timer = setTimeout(() => void check(), SETTLE_MS);
    });
  };
  await check();
}
