const ELF_MAGIC = Buffer.from([0x7f, 0x45, 0x4c, 0x46]);

export function isElf(data: Buffer): boolean {
  return data.subarray(0, 4).equals(ELF_MAGIC);
}

/** Contents of a section of a 64-bit little-endian ELF file. */
export function sectionOf(elf: Buffer, wanted: string): Buffer | undefined {
  const headers = Number(elf.readBigUInt64LE(0x28));
  const size = elf.readUInt16LE(0x3a);
  const count = elf.readUInt16LE(0x3c);
  const namesAt = headers + size * elf.readUInt16LE(0x3e);
  const names = Number(elf.readBigUInt64LE(namesAt + 0x18));
  for (let i = 0; i < count; i++) {
    const header = headers + size * i;
    const nameAt = names + elf.readUInt32LE(header);
    if (elf.toString('latin1', nameAt, elf.indexOf(0, nameAt)) !== wanted) continue;
    const offset = Number(elf.readBigUInt64LE(header + 0x18));
    return elf.subarray(offset, offset + Number(elf.readBigUInt64LE(header + 0x20)));
  }
  return undefined;
}
