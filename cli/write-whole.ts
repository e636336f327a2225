import { randomBytes } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Writes the file whole or not at all, whatever lies under its name: never through somebody's symbolic link. */
export function writeWhole(path: string, text: string): void {
  const pending = join(
    dirname(path),
    `.${basename(path)}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`,
  );
  try {
    writeFileSync(pending, text, { flag: 'wx', mode: 0o644 });
    renameSync(pending, path);
  } finally {
    rmSync(pending, { force: true });
  }
}
