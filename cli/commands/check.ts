import type { Command } from 'commander';

export function registerCheck(program: Command): void {
  program
    .command('check')
    .description('type-check a scheduler and check it against the rules of the kernel')
    .argument('<file>', 'a TypeScript scheduler')
    .option('--min-kernel <version>', 'oldest kernel it must load on', '6.12')
    .option('--format <format>', 'text or json', 'text')
    .action(async (file: string, options: { minKernel: string; format: string }) => {
      const { checkFile } = await import('../../codegen/index.js');
      const { reportDiagnostics } = await import('../report.js');
      const result = checkFile(file, { minKernel: options.minKernel });
      if (await reportDiagnostics(result, options.format)) process.exitCode = 1;
      else if (options.format !== 'json') process.stdout.write(`${file}: no errors\n`);
    });
}
