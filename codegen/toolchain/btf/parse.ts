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
  /** Variables of a section. */
  variables?: { type: number; offset: number; size: number }[];
  /** Of functions and variables: 0 static, 1 global, 2 extern. */
  linkage?: number;
  /** Of a declaration tag: the member or parameter, -1 for the whole. */
  component?: number;
  /** Of a forward declaration: whether it is of a union. */
  union?: boolean;
}

const MAGIC = 0xeb9f;

/** Refuses what is not the BTF that parseBtf() reads; the message says what it is instead. */
function checkHeader(data: DataView): void {
  const length = data.byteLength;
  if (length < 24) throw new Error(`BTF of ${length} bytes is cut off in its header`);
  if (data.getUint16(0, true) !== MAGIC)
    throw new Error(
      data.getUint16(0) === MAGIC ? 'BTF of a big-endian kernel is not supported' : 'not BTF',
    );
  const version = data.getUint8(2);
  if (version !== 1) throw new Error(`BTF of version ${version} is not supported`);
  const start = data.getUint32(4, true);
  const end = (at: number): number =>
    start + data.getUint32(at, true) + data.getUint32(at + 4, true);
  const wanted = Math.max(end(8), end(16));
  if (wanted > length) throw new Error(`BTF is cut off: ${length} bytes of ${wanted} are there`);
}

/** Texts of a string section, each decoded once. */
export function textReader(data: Uint8Array, start: number): (at: number) => string {
  const decoder = new TextDecoder();
  const known = new Map<number, string>([[0, '']]);
  return (at) => {
    let text = known.get(at);
    if (text === undefined) {
      const end = data.indexOf(0, start + at);
      text = decoder.decode(data.subarray(start + at, end < 0 ? data.length : end));
      known.set(at, text);
    }
    return text;
  };
}

/** Parses raw little-endian BTF. Type ids are indices into the result. */
export function parseBtf(bytes: Uint8Array): BtfType[] {
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  checkHeader(data);
  const u32 = (at: number): number => data.getUint32(at, true);
  const headerLength = u32(4);
  const typeEnd = headerLength + u32(8) + u32(12);
  const text = textReader(bytes, headerLength + u32(16));
  const types: BtfType[] = [{ id: 0, kind: 'void', name: '', size: 0, type: 0 }];
  let at = headerLength + u32(8);
  while (at < typeEnd) {
    const info = u32(at + 4);
    const kind = KINDS[(info >>> 24) & 0x1f] ?? 'void';
    const count = info & 0xffff;
    const flag = info >>> 31 === 1;
    const sizeOrType = u32(at + 8);
    const type: BtfType = {
      id: types.length,
      kind,
      name: text(u32(at)),
      size: sizeOrType,
      type: sizeOrType,
    };
    at += 12;
    const list = <T>(stride: number, read: (at: number) => T): T[] => {
      const out: T[] = [];
      for (let i = 0; i < count; i++, at += stride) out.push(read(at));
      return out;
    };
    switch (kind) {
      case 'int': {
        const encoding = u32(at);
        type.signed = ((encoding >>> 24) & 1) === 1;
        type.bits = encoding & 0xff;
        at += 4;
        break;
      }
      case 'array':
        type.type = u32(at);
        type.count = u32(at + 8);
        at += 12;
        break;
      case 'struct':
      case 'union':
        type.members = list(12, (m) => {
          const offset = u32(m + 8);
          return {
            name: text(u32(m)),
            type: u32(m + 4),
            offset: flag ? offset & 0xffffff : offset,
            bits: flag ? offset >>> 24 : 0,
          };
        });
        break;
      case 'enum':
        type.signed = flag;
        type.values = list(8, (v) => ({
          name: text(u32(v)),
          value: BigInt(flag ? data.getInt32(v + 4, true) : u32(v + 4)),
        }));
        break;
      case 'enum64':
        type.signed = flag;
        type.values = list(12, (v) => ({
          name: text(u32(v)),
          value: flag ? data.getBigInt64(v + 4, true) : data.getBigUint64(v + 4, true),
        }));
        break;
      case 'func_proto':
        type.params = list(8, (p) => ({ name: text(u32(p)), type: u32(p + 4) }));
        break;
      case 'func':
        type.linkage = count;
        break;
      case 'fwd':
        type.union = flag;
        break;
      case 'var':
        type.linkage = u32(at);
        at += 4;
        break;
      case 'decl_tag':
        type.component = data.getInt32(at, true);
        at += 4;
        break;
      case 'datasec':
        type.variables = list(12, (v) => ({ type: u32(v), offset: u32(v + 4), size: u32(v + 8) }));
        break;
      default:
        break;
    }
    types.push(type);
  }
  return types;
}
