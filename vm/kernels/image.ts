import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

export interface KernelImage {
  path: string;
  /** As the image itself says, e.g. `6.18.15+deb13-cloud-amd64`. */
  release: string;
}

/** Offsets in the setup header of the x86 boot protocol. */
const SETUP_SECTS = 0x1f1;
const SYSSIZE = 0x1f4;
const MAGIC = 0x202;
const VERSION_POINTER = 0x20e;

/** Reads a bzImage's header: undefined if the file is none, or is shorter than its header says. */
export function readImage(path: string): KernelImage | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return undefined;
  }
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) return undefined;
    const head = Buffer.alloc(0x10000);
    const length = readSync(file, head, 0, head.length, 0);
    if (length < 0x400 || head.toString('latin1', MAGIC, MAGIC + 4) !== 'HdrS') return undefined;
    const setup = (head.readUInt8(SETUP_SECTS) || 4) + 1;
    if (stat.size < setup * 512 + head.readUInt32LE(SYSSIZE) * 16) return undefined;
    const start = head.readUInt16LE(VERSION_POINTER) + 0x200;
    const text = head.toString('latin1', start, Math.min(start + 200, length));
    return { path, release: /^[^\s\0]+/.exec(text)?.[0] ?? 'unknown' };
  } catch {
    return undefined;
  } finally {
    closeSync(file);
  }
}
