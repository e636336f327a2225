import { lstatSync, readdirSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { CpioWriter } from './cpio.js';

export interface TreeOptions {
  /** Names of files and folders to leave out. */
  skip?: (name: string, path: string) => boolean;
  /** Bytes that may be copied; beyond them, `onTooBig` ends the copy by throwing. */
  limit?: { bytes: number; onTooBig: () => never };
}

/**
 * Copies a host path, file or folder, to the same path in the guest. Sockets and the like are left out, and what goes
 * away meanwhile: others may be at work in the folder.
 */
export function addTree(archive: CpioWriter, path: string, options: TreeOptions = {}): void {
  const stat = orGone(() => lstatSync(path));
  if (stat?.isSymbolicLink()) {
    const target = orGone(() => readlinkSync(path));
    if (target !== undefined) archive.symlink(path, target);
  } else if (stat?.isFile()) orGone(() => addFile(archive, path, options));
  else if (stat?.isDirectory()) {
    const names = orGone(() => readdirSync(path));
    archive.folder(path, stat.mode & 0o7777);
    for (const name of names ?? []) {
      const child = join(path, name);
      if (!options.skip?.(name, child)) addTree(archive, child, options);
    }
  }
}

function addFile(archive: CpioWriter, path: string, options: TreeOptions): void {
  const { size, mode } = statSync(path);
  if (options.limit && archive.size + size > options.limit.bytes) options.limit.onTooBig();
  archive.file(path, path, size, mode);
}

/** What a read gives; nothing where the path has gone since it was seen, or may not be read. */
function orGone<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EACCES' || code === 'ENOTDIR' || code === 'EINVAL')
      return undefined;
    throw error;
  }
}

/** Copies a file to the guest, at the same path or another, following links on the host. */
export function addFollowed(archive: CpioWriter, path: string, as = path): void {
  const { size, mode } = statSync(path);
  archive.file(as, path, size, mode);
}
