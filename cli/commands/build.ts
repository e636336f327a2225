import type { Command } from 'commander';
import { relative } from 'node:path';
import { complain, print } from '../terminal.js';

function size(bytes: number): string {
  return bytes < 1024 ? `${bytes} B` : `${(bytes / 1024).toFixed(1)} KB`;
}

interface BuildOptions {
  outDir?: string;
  minKernel: string;
  emit?: string;
  format: string;
}

async function printIr(file: string, options: BuildOptions): Promise<void> {
  const { reportDiagnostics } = await import('../report.js');
  if (options.emit !== 'ir') {
    complain(`error: --emit takes 'ir', not '${options.emit}'\n`);
    process.exitCode = 2;
    return;
  }
  const { compiler } = await import('../../codegen/compiled.js');
  const { irOf } = await compiler();
  const result = irOf(file, options);
  if (await reportDiagnostics(result, options.format)) process.exitCode = 1;
  else print(result.text ?? '');
}

export function registerBuild(program: Command): void {
  program
    .command('build')
    .description('compile a scheduler to C, an object file and a typed skeleton')
    .argument('<file>', 'a TypeScript scheduler')
    .option('--out-dir <dir>', 'where to write (default: beside the source)')
    .option('--min-kernel <version>', 'oldest kernel it must load on', '6.12')
    .option('--emit <what>', 'ir: print what the compiler makes of it, and write nothing')
    .option('--format <format>', 'text or json', 'text')
    .action(async (file: string, options: BuildOptions) => {
      if (options.emit !== undefined) return printIr(file, options);
      const { compiler } = await import('../../codegen/compiled.js');
      const { buildFile } = await compiler();
      const { reportDiagnostics } = await import('../report.js');
      const result = await buildFile(file, options);
      if (await reportDiagnostics(result, options.format)) {
        process.exitCode = 1;
        return;
      }
      if (options.format === 'json') return;
      for (const { path, bytes } of result.files)
        print(`${relative('', path) || path}  ${size(bytes)}\n`);
      const { total, clang } = result.milliseconds;
      print(`built in ${(total / 1000).toFixed(2)} s (clang ${(clang / 1000).toFixed(2)} s)\n`);
    });
}
