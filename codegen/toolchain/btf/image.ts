import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { isElf, sectionOf } from './elf.js';

/** What a kernel image says about itself. */
export interface KernelImage {
  /** Raw BTF. */
  btf: Buffer;
  /** The `.BTF_ids` section: sets of kernel functions with their flags. Not in /sys/kernel/btf. */
  ids?: Buffer;
}

/** Compressed payloads of a bzImage, by the magic they start with. */
const PAYLOADS: { magic: number[]; decompress: (data: Buffer) => Buffer }[] = [
  { magic: [0x1f, 0x8b, 0x08], decompress: (data) => gunzipSync(data) },
  {
    magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00],
    decompress: (data) => pipe('xz', ['-dc', '--single-stream'], data),
  },
  { magic: [0x28, 0xb5, 0x2f, 0xfd], decompress: (data) => pipe('zstd', ['-dc'], data) },
  { magic: [0x02, 0x21, 0x4c, 0x18], decompress: (data) => pipe('lz4', ['-dc'], data) },
];

/**
 * Decompressors complain about what follows the payload; what came out before that is whole.
 * spawnSync and not execa, which takes 15 s to collect the 60 MB of a kernel.
 */
function pipe(command: string, args: string[], input: Buffer): Buffer {
  const result = spawnSync(command, args, { input, maxBuffer: 1 << 30 });
  if (result.error && 'code' in result.error && result.error.code === 'ENOENT')
    throw new Error(`this kernel image is packed with ${command}, which is not installed`);
  return result.stdout;
}

const BTF_MAGIC = 0xeb9f;

/** Raw BTF of a kernel: from /sys/kernel/btf/vmlinux, an ELF file, or a (compressed) kernel image. */
export function readBtf(file: string): Buffer {
  return readKernelImage(file).btf;
}

/** BTF and function sets of a kernel; the sets only where the file is an ELF or a kernel image. */
export function readKernelImage(file: string): KernelImage {
  const data = readFileSync(file);
  if (data.length === 0) throw new Error(`${file} is empty`);
  const isBtf = data.length > 2 && data.readUInt16LE(0) === BTF_MAGIC;
  // parseBtf() says what it thinks of the other byte order.
  if (isBtf || (data.length > 2 && data.readUInt16BE(0) === BTF_MAGIC)) return { btf: data };
  if (isElf(data)) return sections(data, file);
  const payload = bzImagePayload(data);
  const known =
    payload &&
    PAYLOADS.find((p) => payload.subarray(0, p.magic.length).equals(Buffer.from(p.magic)));
  if (known) {
    const image = known.decompress(payload);
    if (isElf(image)) return sections(image, file);
  }
  // Images of other architectures, and compressed ones in a wrapper: look for anything that unpacks.
  for (const { magic, decompress } of PAYLOADS) {
    const mark = Buffer.from(magic);
    for (let at = data.indexOf(mark); at >= 0; at = data.indexOf(mark, at + 1)) {
      const image = tryDecompress(decompress, data.subarray(at));
      if (image && isElf(image)) return sections(image, file);
    }
  }
  throw new Error(
    `${file} holds no BTF: give /sys/kernel/btf/vmlinux, a vmlinux or a bzImage built with CONFIG_DEBUG_INFO_BTF`,
  );
}

/** The compressed kernel in an x86 bzImage: its header says where it is (Documentation/arch/x86/boot.rst). */
function bzImagePayload(data: Buffer): Buffer | undefined {
  if (data.length < 0x260 || data.toString('latin1', 0x202, 0x206) !== 'HdrS') return undefined;
  const start = (data.readUInt8(0x1f1) + 1) * 512 + data.readUInt32LE(0x248);
  return data.subarray(start, start + data.readUInt32LE(0x24c));
}

function tryDecompress(decompress: (data: Buffer) => Buffer, data: Buffer): Buffer | undefined {
  try {
    return decompress(data);
  } catch {
    return undefined;
  }
}

function sections(elf: Buffer, file: string): KernelImage {
  let btf: Buffer | undefined;
  try {
    btf = sectionOf(elf, '.BTF');
  } catch {
    throw new Error(`${file} is cut off, or no 64-bit little-endian ELF file`);
  }
  if (!btf) throw new Error(`${file} has no .BTF section`);
  const ids = sectionOf(elf, '.BTF_ids');
  return { btf, ...(ids ? { ids } : {}) };
}
