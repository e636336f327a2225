import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Writes the file whole or not at all, whatever lies under its name: never through somebody's symbolic link. With `durable` it is on the
 * disk before the old one is gone, however the machine ends.
 */
export function writeWhole(
  path: string,
  content: string | Uint8Array,
  { durable = false } = {},
): void {
  const unique = `${process.pid}.${randomBytes(4).toString('hex')}`;
  // Names have at most 255 bytes, with what is added here.
  const pending = join(dirname(path), `.${basename(path).slice(0, 60)}.${unique}.tmp`);
  const fd = openSync(pending, 'wx', 0o644);
  try {
    try {
      writeFileSync(fd, content);
      if (durable) fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(pending, path);
  } catch (error) {
    rmSync(pending, { force: true });
    throw error;
  }
}
