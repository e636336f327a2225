import { execaSync } from 'execa';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

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

/** Decompressors complain about what follows the payload; what came out before that is whole. */
function pipe(command: string, args: string[], input: Buffer): Buffer {
  const result = execaSync(command, args, {
    input,
    encoding: 'buffer',
    reject: false,
    maxBuffer: 1 << 30,
  });
  return Buffer.from(result.stdout);
}

const ELF = Buffer.from([0x7f, 0x45, 0x4c, 0x46]);
const BTF_MAGIC = 0xeb9f;

/** Raw BTF of a kernel: from /sys/kernel/btf/vmlinux, an ELF file, or a (compressed) kernel image. */
export function readBtf(file: string): Buffer {
  const data = readFileSync(file);
  if (data.length > 2 && data.readUInt16LE(0) === BTF_MAGIC) return data;
  if (data.subarray(0, 4).equals(ELF)) return btfSection(data, file);
  for (const { magic, decompress } of PAYLOADS) {
    const mark = Buffer.from(magic);
    for (let at = data.indexOf(mark); at >= 0; at = data.indexOf(mark, at + 1)) {
      const image = tryDecompress(decompress, data.subarray(at));
      if (image?.subarray(0, 4).equals(ELF)) return btfSection(image, file);
    }
  }
  throw new Error(
    `${file} holds no BTF: give /sys/kernel/btf/vmlinux, a vmlinux or a bzImage built with CONFIG_DEBUG_INFO_BTF`,
  );
}

function tryDecompress(decompress: (data: Buffer) => Buffer, data: Buffer): Buffer | undefined {
  try {
    return decompress(data);
  } catch {
    return undefined;
  }
}

/** Contents of the `.BTF` section of a 64-bit little-endian ELF file. */
function btfSection(elf: Buffer, file: string): Buffer {
  const headers = Number(elf.readBigUInt64LE(0x28));
  const size = elf.readUInt16LE(0x3a);
  const count = elf.readUInt16LE(0x3c);
  const namesAt = headers + size * elf.readUInt16LE(0x3e);
  const names = Number(elf.readBigUInt64LE(namesAt + 0x18));
  for (let i = 0; i < count; i++) {
    const header = headers + size * i;
    const nameAt = names + elf.readUInt32LE(header);
    const name = elf.toString('latin1', nameAt, elf.indexOf(0, nameAt));
    if (name !== '.BTF') continue;
    const offset = Number(elf.readBigUInt64LE(header + 0x18));
    return elf.subarray(offset, offset + Number(elf.readBigUInt64LE(header + 0x20)));
  }
  throw new Error(`${file} has no .BTF section`);
}
