import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findTool } from '../../codegen/toolchain/clang.js';

/** Compiles C for BPF, with every instruction of version 4, as people who write in C do; the object's path. */
export function compileC(folder: string, name: string, text: string): string {
  const source = join(folder, `${name}.c`);
  const object = join(folder, `${name}.bpf.o`);
  writeFileSync(source, text);
  const flags = ['-target', 'bpf', '-mcpu=v4', '-O1', '-g', '-w', '-c', source, '-o', object];
  execFileSync(findTool('clang')!, flags);
  return object;
}
