import type { Command } from 'commander';
import { relative } from 'node:path';
import { failureText } from '../load/failure.js';
import { complain, print } from '../terminal.js';

export function registerTypes(program: Command): void {
  program
    .command('types')
    .description("write vmlinux.d.ts: a kernel's structs, from its BTF")
    .option('--btf <file>', "raw BTF, a vmlinux or a vmlinuz (default: the running kernel's)")
    .option('--out <dir>', 'folder to write vmlinux.d.ts to', '.')
    .option(
      '--struct <name>',
      'declare this struct and what it leads to as well; repeatable',
      (name: string, names: string[]) => [...names, name],
      [] as string[],
    )
    .action(async (options: { btf?: string; out: string; struct: string[] }) => {
      const { writeTypes } = await import('../../codegen/kernel/generate/types-file.js');
      try {
        const done = writeTypes({ btf: options.btf, out: options.out, structs: options.struct });
        const size = (done.bytes / 1024).toFixed(0);
        print(
          `${relative('', done.path) || done.path}  ${size} KB, ${done.interfaces} structs of ${done.source}\n`,
        );
      } catch (error) {
        complain(failureText(error));
        process.exitCode = 1;
      }
    });
}
