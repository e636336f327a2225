import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { VmError } from '../errors.js';

/** A program on the PATH. */
export function findProgram(name: string): string | undefined {
  for (const dir of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(dir, name);
    try {
      if (dir) accessSync(path, constants.X_OK);
      else continue;
      return path;
    } catch {
      // Not in this one.
    }
  }
  return undefined;
}

export function findQemu(arch: string = process.arch): string {
  if (arch !== 'x64') {
    throw new VmError(
      `scxts vm runs on x86-64 only so far, not on ${arch}`,
      'run the scheduler on a kernel with sched_ext (6.12 or later) directly: scxts load',
    );
  }
  const path = findProgram('qemu-system-x86_64');
  if (!path)
    throw new VmError(
      'QEMU is missing (qemu-system-x86_64)',
      'apt-get install --no-install-recommends qemu-system-x86',
    );
  return path;
}
