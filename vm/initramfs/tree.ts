import { lstatSync, readdirSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { CpioWriter } from './cpio.js';

export interface TreeOptions {
  /** Names of files and folders to leave out. */
  skip?: (name: string, path: string) => boolean;
  /** Bytes that may be copied; beyond them, `onTooBig` ends the copy by throwing. */
  limit?: { bytes: number; onTooBig: () => never };
}

/** Copies a host path, file or folder, to the same path in the guest. Sockets and the like are left out. */
export function addTree(archive: CpioWriter, path: string, options: TreeOptions = {}): void {
  let stat;
  try {
    stat = lstatSync(path);
  } catch {
    return; // Gone since its folder was read: a build may be running next door.
  }
  if (stat.isSymbolicLink()) archive.symlink(path, readlinkSync(path));
  else if (stat.isFile()) addFile(archive, path, options);
  else if (stat.isDirectory()) {
    archive.folder(path, stat.mode & 0o7777);
    for (const name of readdirSync(path)) {
      const child = join(path, name);
      if (!options.skip?.(name, child)) addTree(archive, child, options);
    }
  }
}

function addFile(archive: CpioWriter, path: string, options: TreeOptions): void {
  try {
    const { size, mode } = statSync(path);
    if (options.limit && archive.size + size > options.limit.bytes) options.limit.onTooBig();
    archive.file(path, path, size, mode);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'EACCES') throw error;
  }
}

/** Copies a file to the guest, at the same path or another, following links on the host. */
export function addFollowed(archive: CpioWriter, path: string, as = path): void {
  const { size, mode } = statSync(path);
  archive.file(as, path, size, mode);
}
