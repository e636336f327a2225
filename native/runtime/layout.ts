import type { NativeType } from './addon.js';
import { ScxtsError } from './errors.js';

/** How values of one C type look in memory and in JavaScript. 64-bit integers are bigint. */
export interface Layout {
  /** Bytes. */
  size: number;
  read(view: DataView, at: number): unknown;
  write(view: DataView, at: number, value: unknown, path: string): void;
  /** Least and greatest value, for integers. */
  range?: [bigint, bigint];
  /** Name in the language: u8..s64, bool, struct name. */
  name: string;
}

const LITTLE = true;

function mismatch(path: string, wanted: string, value: unknown): ScxtsError {
  const shown = typeof value === 'bigint' ? `${value}n` : JSON.stringify(value);
  return new ScxtsError('ERR_VALUE', `${path || 'value'} must be ${wanted}, not ${shown}`);
}

function integer(size: number, signed: boolean): Layout {
  const bits = BigInt(size * 8);
  const range: [bigint, bigint] = signed
    ? [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n]
    : [0n, (1n << bits) - 1n];
  const name = `${signed ? 's' : 'u'}${bits}`;
  const check = (value: unknown, path: string): bigint => {
    const whole =
      typeof value === 'bigint'
        ? value
        : typeof value === 'number' && Number.isInteger(value)
          ? BigInt(value)
          : undefined;
    if (whole === undefined || whole < range[0] || whole > range[1])
      throw mismatch(path, `a whole number from ${range[0]} to ${range[1]}`, value);
    return whole;
  };
  if (size === 8) {
    return {
      size,
      name,
      range,
      read: (view, at) => (signed ? view.getBigInt64(at, LITTLE) : view.getBigUint64(at, LITTLE)),
      write: (view, at, value, path) =>
        view.setBigUint64(at, BigInt.asUintN(64, check(value, path)), LITTLE),
    };
  }
  return {
    size,
    name,
    range,
    read: (view, at) => {
      if (size === 4) return signed ? view.getInt32(at, LITTLE) : view.getUint32(at, LITTLE);
      if (size === 2) return signed ? view.getInt16(at, LITTLE) : view.getUint16(at, LITTLE);
      return signed ? view.getInt8(at) : view.getUint8(at);
    },
    write: (view, at, value, path) => {
      const number = Number(check(value, path));
      if (size === 4) view.setInt32(at, number | 0, LITTLE);
      else if (size === 2) view.setInt16(at, number, LITTLE);
      else view.setInt8(at, number);
    },
  };
}

const BOOL: Layout = {
  size: 1,
  name: 'bool',
  read: (view, at) => view.getUint8(at) !== 0,
  write: (view, at, value, path) => {
    if (typeof value !== 'boolean') throw mismatch(path, 'true or false', value);
    view.setUint8(at, value ? 1 : 0);
  },
};

function chars(length: number): Layout {
  return {
    size: length,
    name: `char[${length}]`,
    read: (view, at) => {
      const bytes = new Uint8Array(view.buffer, view.byteOffset + at, length);
      const end = bytes.indexOf(0);
      return new TextDecoder().decode(bytes.slice(0, end < 0 ? length : end));
    },
    write: (view, at, value, path) => {
      const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : undefined;
      if (!bytes || bytes.length > length)
        throw mismatch(path, `a string of at most ${length} bytes`, value);
      const target = new Uint8Array(view.buffer, view.byteOffset + at, length);
      target.fill(0);
      target.set(bytes);
    },
  };
}

function array(of: Layout, count: number): Layout {
  return {
    size: of.size * count,
    name: `${of.name}[${count}]`,
    read: (view, at) => Array.from({ length: count }, (_, i) => of.read(view, at + i * of.size)),
    write: (view, at, value, path) => {
      if (!Array.isArray(value) || value.length !== count)
        throw mismatch(path, `an array of ${count} elements`, value);
      value.forEach((v, i) => of.write(view, at + i * of.size, v, `${path}[${i}]`));
    },
  };
}

interface MemberLayout {
  name: string;
  offset: number;
  layout: Layout;
}

function struct(name: string, size: number, members: MemberLayout[]): Layout {
  return {
    size,
    name,
    read: (view, at) => {
      const out: Record<string, unknown> = {};
      for (const m of members) out[m.name] = m.layout.read(view, at + m.offset);
      return out;
    },
    write: (view, at, value, path) => {
      if (typeof value !== 'object' || value === null)
        throw mismatch(path, `an object (${name})`, value);
      const given = value as Record<string, unknown>;
      const unknown = Object.keys(given).find((k) => !members.some((m) => m.name === k));
      if (unknown !== undefined)
        throw new ScxtsError(
          'ERR_VALUE',
          `${name} has no field '${unknown}'; it has ${members.map((m) => m.name).join(', ')}`,
        );
      // Fields that are not given are zero.
      new Uint8Array(view.buffer, view.byteOffset + at, size).fill(0);
      for (const m of members)
        if (given[m.name] !== undefined)
          m.layout.write(view, at + m.offset, given[m.name], path ? `${path}.${m.name}` : m.name);
    },
  };
}

/** Layouts of an object's types, by BTF type id; each is worked out once. */
export class Layouts {
  private readonly cache = new Map<number, Layout>();

  constructor(readonly types: NativeType[]) {}

  strip(id: number): NativeType {
    let type = this.types[id];
    while (type && ['typedef', 'const', 'volatile', 'restrict', 'type_tag'].includes(type.kind))
      type = this.types[type.type];
    if (!type) throw new ScxtsError('ERR_BTF', `the object's BTF has no type ${id}`);
    return type;
  }

  of(id: number): Layout {
    const known = this.cache.get(id);
    if (known) return known;
    const made = this.make(id);
    this.cache.set(id, made);
    return made;
  }

  private make(id: number): Layout {
    const type = this.strip(id);
    switch (type.kind) {
      case 'int':
        return type.bool ? BOOL : integer(type.size, type.signed ?? false);
      case 'enum':
      case 'enum64':
        return integer(type.size, type.signed ?? false);
      case 'ptr':
        return integer(8, false);
      case 'array': {
        const element = this.strip(type.type);
        const isChar =
          element.kind === 'int' && element.size === 1 && this.types[type.type]?.name === 'char';
        return isChar ? chars(type.count ?? 0) : array(this.of(type.type), type.count ?? 0);
      }
      case 'struct':
      case 'union': {
        const members = (type.members ?? [])
          .filter(
            (m) =>
              m.name &&
              !m.name.startsWith('__') &&
              m.bits === 0 &&
              !OPAQUE.has(this.strip(m.type).name),
          )
          .map((m) => ({ name: m.name, offset: m.offset / 8, layout: this.of(m.type) }));
        return struct(type.name, type.size, members);
      }
      default:
        throw new ScxtsError('ERR_BTF', `values of kind '${type.kind}' have no form in JavaScript`);
    }
  }
}

/** The kernel's own structs in map values: userspace has no use for their bytes. */
const OPAQUE = new Set([
  'bpf_timer',
  'bpf_spin_lock',
  'bpf_list_head',
  'bpf_list_node',
  'bpf_rb_root',
  'bpf_rb_node',
]);

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
