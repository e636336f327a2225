import { describe, expect, it } from 'vitest';
import { readBtf } from '../../codegen/toolchain/btf/image.js';
import { parseBtf } from '../../codegen/toolchain/btf/parse.js';

/** BTF with one int, one struct { int a; unsigned b : 3 } and one enum64. */
function sample(): Buffer {
  const strings = Buffer.from('\0int\0pair\0a\0b\0big\0HUGE\0');
  const at = (name: string): number => strings.indexOf(`\0${name}\0`) + 1;
  const words = [
    at('int'),
    0x01000000,
    4,
    0x01000020,
    at('pair'),
    0x84000002,
    8,
    at('a'),
    1,
    0,
    at('b'),
    1,
    (3 << 24) | 32,
    at('big'),
    0x13000001,
    8,
    at('HUGE'),
    1,
    0x80000000,
  ];
  const types = Buffer.alloc(words.length * 4);
  words.forEach((w, i) => types.writeUInt32LE(w >>> 0, i * 4));
  const header = Buffer.alloc(24);
  header.writeUInt16LE(0xeb9f, 0);
  header.writeUInt8(1, 2);
  header.writeUInt32LE(24, 4);
  header.writeUInt32LE(0, 8);
  header.writeUInt32LE(types.length, 12);
  header.writeUInt32LE(types.length, 16);
  header.writeUInt32LE(strings.length, 20);
  return Buffer.concat([header, types, strings]);
}

describe('the BTF reader', () => {
  it('reads integers, structs with bitfields and 64-bit enums', () => {
    const types = parseBtf(sample());
    expect(types[1]).toMatchObject({ kind: 'int', name: 'int', size: 4, signed: true });
    expect(types[2]?.members).toEqual([
      { name: 'a', type: 1, offset: 0, bits: 0 },
      { name: 'b', type: 1, offset: 32, bits: 3 },
    ]);
    expect(types[3]?.values).toEqual([{ name: 'HUGE', value: 0x8000000000000001n }]);
  });

  it('says what it wants of a file without BTF', () => {
    expect(() => readBtf(import.meta.filename)).toThrow(/holds no BTF/);
  });
});
