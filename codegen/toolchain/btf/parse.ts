/** Kinds of linux/include/uapi/linux/btf.h. */
export const KINDS = [
  'void',
  'int',
  'ptr',
  'array',
  'struct',
  'union',
  'enum',
  'fwd',
  'typedef',
  'volatile',
  'const',
  'restrict',
  'func',
  'func_proto',
  'var',
  'datasec',
  'float',
  'decl_tag',
  'type_tag',
  'enum64',
] as const;
export type BtfKind = (typeof KINDS)[number];

export interface BtfMember {
  name: string;
  type: number;
  /** Offset in bits from the start of the struct. */
  offset: number;
  /** Width in bits of a bitfield, else 0. */
  bits: number;
}

export interface BtfType {
  id: number;
  kind: BtfKind;
  name: string;
  /** Size in bytes (int, struct, union, enum, datasec). */
  size: number;
  /** The type referred to (ptr, typedef, const, func, var...). */
  type: number;
  signed?: boolean;
  /** Integers: width in bits; arrays: element count in `count`. */
  bits?: number;
  count?: number;
  members?: BtfMember[];
  values?: { name: string; value: bigint }[];
  params?: { name: string; type: number }[];
}

const MAGIC = 0xeb9f;

/** Refuses what is not the BTF that parseBtf() reads; the message says what it is instead. */
function checkHeader(data: Buffer): void {
  if (data.length < 24) throw new Error(`BTF of ${data.length} bytes is cut off in its header`);
  const magic = data.readUInt16LE(0);
  if (magic !== MAGIC)
    throw new Error(
      data.readUInt16BE(0) === MAGIC ? 'BTF of a big-endian kernel is not supported' : 'not BTF',
    );
  const version = data.readUInt8(2);
  if (version !== 1) throw new Error(`BTF of version ${version} is not supported`);
  const start = data.readUInt32LE(4);
  const end = (at: number): number => start + data.readUInt32LE(at) + data.readUInt32LE(at + 4);
  const wanted = Math.max(end(8), end(16));
  if (wanted > data.length)
    throw new Error(`BTF is cut off: ${data.length} bytes of ${wanted} are there`);
}

/** Parses raw little-endian BTF. Type ids are indices into the result. */
export function parseBtf(data: Buffer): BtfType[] {
  checkHeader(data);
  const headerLength = data.readUInt32LE(4);
  const typeOffset = headerLength + data.readUInt32LE(8);
  const typeEnd = typeOffset + data.readUInt32LE(12);
  const stringOffset = headerLength + data.readUInt32LE(16);
  const text = (at: number): string => {
    if (at === 0) return '';
    const from = stringOffset + at;
    return data.toString('utf8', from, data.indexOf(0, from));
  };
  const types: BtfType[] = [{ id: 0, kind: 'void', name: '', size: 0, type: 0 }];
  let at = typeOffset;
  while (at < typeEnd) {
    const info = data.readUInt32LE(at + 4);
    const kind = KINDS[(info >>> 24) & 0x1f] ?? 'void';
    const count = info & 0xffff;
    const flag = info >>> 31 === 1;
    const sizeOrType = data.readUInt32LE(at + 8);
    const type: BtfType = {
      id: types.length,
      kind,
      name: text(data.readUInt32LE(at)),
      size: sizeOrType,
      type: sizeOrType,
    };
    at += 12;
    switch (kind) {
      case 'int': {
        const encoding = data.readUInt32LE(at);
        type.signed = ((encoding >>> 24) & 1) === 1;
        type.bits = encoding & 0xff;
        at += 4;
        break;
      }
      case 'array':
        type.type = data.readUInt32LE(at);
        type.count = data.readUInt32LE(at + 8);
        at += 12;
        break;
      case 'struct':
      case 'union':
        type.members = [];
        for (let i = 0; i < count; i++, at += 12) {
          const offset = data.readUInt32LE(at + 8);
          type.members.push({
            name: text(data.readUInt32LE(at)),
            type: data.readUInt32LE(at + 4),
            offset: flag ? offset & 0xffffff : offset,
            bits: flag ? offset >>> 24 : 0,
          });
        }
        break;
      case 'enum':
        type.signed = flag;
        type.values = [];
        for (let i = 0; i < count; i++, at += 8) {
          const value = flag ? data.readInt32LE(at + 4) : data.readUInt32LE(at + 4);
          type.values.push({ name: text(data.readUInt32LE(at)), value: BigInt(value) });
        }
        break;
      case 'enum64':
        type.signed = flag;
        type.values = [];
        for (let i = 0; i < count; i++, at += 12) {
          const low = BigInt(data.readUInt32LE(at + 4));
          const high = BigInt(data.readUInt32LE(at + 8));
          const value = (high << 32n) | low;
          type.values.push({
            name: text(data.readUInt32LE(at)),
            value: flag ? BigInt.asIntN(64, value) : value,
          });
        }
        break;
      case 'func_proto':
        type.params = [];
        for (let i = 0; i < count; i++, at += 8) {
          type.params.push({ name: text(data.readUInt32LE(at)), type: data.readUInt32LE(at + 4) });
        }
        break;
      case 'var':
      case 'decl_tag':
        at += 4;
        break;
      case 'datasec':
        at += 12 * count;
        break;
      default:
        break;
    }
    types.push(type);
  }
  return types;
}
