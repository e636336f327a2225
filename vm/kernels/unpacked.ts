import { execa } from 'execa';
import { closeSync, openSync, readFileSync, readSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { cacheDir, workFolder } from '../cache.js';
import { findProgram } from '../qemu/find.js';
import type { KernelImage } from './image.js';

const ZSTD_MAGIC = 0xfd2fb528;
/** Type of the ELF note "Xen" that holds the entry point QEMU needs. */
const PVH_ENTRY = 18;

/**
 * A cached kernel as the ELF file that is compressed in its bzImage: QEMU boots that directly ("PVH"),
 * and an emulated CPU is spared almost two seconds of decompression. The bzImage itself where this
 * cannot be: no zstd here, another compression, or a kernel without such an entry.
 */
export async function fastImage(image: KernelImage): Promise<string> {
  if (!image.path.startsWith(cacheDir() + sep)) return image.path;
  const target = join(dirname(image.path), 'vmlinux');
  if (isNewer(target, image.path)) return target;
  const compressed = payload(image.path);
  if (!compressed || !findProgram('zstd')) return image.path;
  const work = workFolder(cacheDir());
  try {
    const pending = join(work, 'vmlinux');
    await execa('zstd', ['-dcq'], {
      input: compressed,
      stdout: { file: pending },
      stderr: 'ignore',
    });
    if (!hasPvhEntry(pending)) return image.path;
    renameSync(pending, target);
    return target;
  } catch {
    return image.path;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function isNewer(path: string, than: string): boolean {
  try {
    return statSync(path).mtimeMs >= statSync(than).mtimeMs;
  } catch {
    return false;
  }
}

/** The zstd frame in a bzImage, without the unpacked size that follows it. */
function payload(path: string): Buffer | undefined {
  const image = readFileSync(path);
  const setup = ((image.readUInt8(0x1f1) || 4) + 1) * 512;
  const start = setup + image.readUInt32LE(0x248);
  const length = image.readUInt32LE(0x24c);
  if (image.readUInt32LE(start) !== ZSTD_MAGIC) return undefined;
  return image.subarray(start, start + length - 4);
}

/** Whether one of an ELF file's notes is the PVH entry. */
export function hasPvhEntry(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const read = (at: number, length: number): Buffer => {
      const buffer = Buffer.alloc(length);
      readSync(file, buffer, 0, length, at);
      return buffer;
    };
    const head = read(0, 64);
    if (head.readUInt32BE(0) !== 0x7f454c46) return false;
    const table = Number(head.readBigUInt64LE(32));
    const [size, count] = [head.readUInt16LE(54), head.readUInt16LE(56)];
    for (let i = 0; i < count; i++) {
      const header = read(table + i * size, size);
      if (header.readUInt32LE(0) !== 4) continue; // PT_NOTE
      const notes = read(Number(header.readBigUInt64LE(8)), Number(header.readBigUInt64LE(32)));
      if (notesHave(notes, 'Xen', PVH_ENTRY)) return true;
    }
    return false;
  } finally {
    closeSync(file);
  }
}

function notesHave(notes: Buffer, name: string, type: number): boolean {
  const padded = (n: number): number => (n + 3) & ~3;
  for (let at = 0; at + 12 <= notes.length;) {
    const [nameSize, dataSize] = [notes.readUInt32LE(at), notes.readUInt32LE(at + 4)];
    const found = notes.toString('latin1', at + 12, at + 12 + Math.max(0, nameSize - 1));
    if (notes.readUInt32LE(at + 8) === type && found === name) return true;
    at += 12 + padded(nameSize) + padded(dataSize);
  }
  return false;
}
