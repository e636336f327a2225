import type { Command } from 'commander';
import { relative } from 'node:path';
import { print } from '../terminal.js';

function size(bytes: number): string {
  return bytes < 1024 ? `${bytes} B` : `${(bytes / 1024).toFixed(1)} KB`;
}

export function registerBuild(program: Command): void {
  program
    .command('build')
    .description('compile a scheduler to C, an object file and a typed skeleton')
    .argument('<file>', 'a TypeScript scheduler')
    .option('--out-dir <dir>', 'where to write (default: beside the source)')
    .option('--min-kernel <version>', 'oldest kernel it must load on', '6.12')
    .option('--format <format>', 'text or json', 'text')
    .action(
      async (file: string, options: { outDir?: string; minKernel: string; format: string }) => {
        const { buildFile } = await import('../../codegen/index.js');
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
      },
    );
}
