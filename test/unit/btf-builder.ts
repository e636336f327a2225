/** Builds raw BTF for tests: types get ids from 1 on, in the order of the calls. */
export class BtfBuilder {
  private readonly strings: Buffer[] = [Buffer.from('\0')];
  private stringBytes = 1;
  private readonly words: number[] = [];
  private count = 0;

  private text(name: string): number {
    if (!name) return 0;
    const at = this.stringBytes;
    const bytes = Buffer.from(`${name}\0`);
    this.strings.push(bytes);
    this.stringBytes += bytes.length;
    return at;
  }

  private add(name: string, info: number, sizeOrType: number, ...rest: number[]): number {
    this.words.push(this.text(name), info, sizeOrType, ...rest);
    return ++this.count;
  }

  int(name: string, bytes: number, signed = false): number {
    return this.add(name, 1 << 24, bytes, ((signed ? 1 : 0) << 24) | (bytes * 8));
  }

  pointer(to: number): number {
    return this.add('', 2 << 24, to);
  }

  array(of: number, length: number): number {
    return this.add('', 3 << 24, 0, of, of, length);
  }

  /** `bits` makes a member a bitfield; offsets are in bits. */
  struct(
    name: string,
    bytes: number,
    members: { name: string; type: number; offset: number; bits?: number }[],
    kind: 'struct' | 'union' = 'struct',
  ): number {
    const info = ((1 << 31) | ((kind === 'struct' ? 4 : 5) << 24) | members.length) >>> 0;
    const words = members.flatMap((m) => [
      this.text(m.name),
      m.type,
      ((m.bits ?? 0) << 24) | m.offset,
    ]);
    return this.add(name, info, bytes, ...words);
  }

  build(): Buffer {
    const types = Buffer.alloc(this.words.length * 4);
    this.words.forEach((w, i) => types.writeUInt32LE(w >>> 0, i * 4));
    const strings = Buffer.concat(this.strings);
    const header = Buffer.alloc(24);
    header.writeUInt16LE(0xeb9f, 0);
    header.writeUInt8(1, 2);
    [24, 0, types.length, types.length, strings.length].forEach((v, i) =>
      header.writeUInt32LE(v, 4 + i * 4),
    );
    return Buffer.concat([header, types, strings]);
  }
}
