import { execa } from 'execa';
import { posix, resolve } from 'node:path';
import { VmError } from './errors.js';
import type { Vm } from './machine/vm.js';

/** Copies files or folders that a command wrote back to the caller's folder. */
export async function saveFiles(vm: Vm, cwd: string, paths: string[]): Promise<void> {
  for (const path of paths) {
    const inside = posix.normalize(path);
    if (inside.startsWith('/') || inside.startsWith('..')) {
      throw new VmError(
        `'${path}' is not below the current folder`,
        'give a relative path: --save results',
      );
    }
  }
  const packed = await vm.run({ command: ['tar', '-cf', '-', '--', ...paths], cwd: resolve(cwd) });
  if (packed.exitCode !== 0)
    throw new VmError(
      `cannot copy ${paths.join(', ')} from the virtual machine: ${packed.stderr.trim()}`,
    );
  await execa('tar', ['-xf', '-', '--no-same-owner', '-C', cwd], { input: packed.stdoutBytes });
}
