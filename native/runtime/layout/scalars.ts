import { isUint8Array } from 'node:util/types';
import { mismatch, type Layout, type TypedArrayClass } from './layout.js';

const GETTERS: Record<string, string> = {
  u8: 'getUint8',
  s8: 'getInt8',
  u16: 'getUint16',
  s16: 'getInt16',
  u32: 'getUint32',
  s32: 'getInt32',
  u64: 'getBigUint64',
  s64: 'getBigInt64',
};
const TYPED: Record<string, TypedArrayClass> = {
  u8: Uint8Array,
  s8: Int8Array,
  u16: Uint16Array,
  s16: Int16Array,
  u32: Uint32Array,
  s32: Int32Array,
  u64: BigUint64Array,
  s64: BigInt64Array,
};

/** The value as a whole number in the range, or an ERR_VALUE. Numbers and bigints are both taken. */
export function wholeNumber(value: unknown, range: [bigint, bigint], path: string): bigint {
  const whole =
    typeof value === 'bigint'
      ? value
      : typeof value === 'number' && Number.isSafeInteger(value)
        ? BigInt(value)
        : undefined;
  if (whole === undefined || whole < range[0] || whole > range[1])
    throw mismatch(path, `a whole number from ${range[0]} to ${range[1]}`, value);
  return whole;
}

export function integerRange(bits: number, signed: boolean): [bigint, bigint] {
  const width = BigInt(bits);
  return signed ? [-(1n << (width - 1n)), (1n << (width - 1n)) - 1n] : [0n, (1n << width) - 1n];
}

/** An integer of 1, 2, 4 or 8 bytes, little-endian as every machine that has sched_ext. */
export function integer(size: number, signed: boolean): Layout {
  const name = `${signed ? 's' : 'u'}${size * 8}`;
  const getter = GETTERS[name];
  if (!getter) return bytes(size); // __int128
  const range = integerRange(size * 8, signed);
  const common = {
    size,
    name,
    range,
    typed: TYPED[name]!,
    code: (at: string): string => (size === 1 ? `v.${getter}(${at})` : `v.${getter}(${at}, true)`),
  };
  if (size === 8) {
    return {
      ...common,
      read: signed
        ? (view, at) => view.getBigInt64(at, true)
        : (view, at) => view.getBigUint64(at, true),
      write: (view, at, value, path) =>
        view.setBigUint64(at, BigInt.asUintN(64, wholeNumber(value, range, path)), true),
    };
  }
  const [least, most] = [Number(range[0]), Number(range[1])];
  const number = (value: unknown, path: string): number =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
      ? value
      : Number(wholeNumber(value, range, path));
  if (size === 4) {
    return {
      ...common,
      read: signed ? (view, at) => view.getInt32(at, true) : (view, at) => view.getUint32(at, true),
      write: (view, at, value, path) => view.setInt32(at, number(value, path) | 0, true),
    };
  }
  if (size === 2) {
    return {
      ...common,
      read: signed ? (view, at) => view.getInt16(at, true) : (view, at) => view.getUint16(at, true),
      write: (view, at, value, path) => view.setInt16(at, number(value, path), true),
    };
  }
  return {
    ...common,
    read: signed ? (view, at) => view.getInt8(at) : (view, at) => view.getUint8(at),
    write: (view, at, value, path) => view.setInt8(at, number(value, path)),
  };
}

export const BOOL: Layout = {
  size: 1,
  name: 'bool',
  code: (at) => `v.getUint8(${at}) !== 0`,
  read: (view, at) => view.getUint8(at) !== 0,
  write: (view, at, value, path) => {
    if (typeof value !== 'boolean') throw mismatch(path, 'true or false', value);
    view.setUint8(at, value ? 1 : 0);
  },
};

export function float(size: number): Layout {
  if (size !== 4 && size !== 8) return bytes(size);
  return {
    size,
    name: size === 4 ? 'float' : 'double',
    read: (view, at) => (size === 4 ? view.getFloat32(at, true) : view.getFloat64(at, true)),
    write: (view, at, value, path) => {
      if (typeof value !== 'number') throw mismatch(path, 'a number', value);
      if (size === 4) view.setFloat32(at, value, true);
      else view.setFloat64(at, value, true);
    },
  };
}

/** A char array: a string that ends at the first NUL, or fills the array. */
export function chars(length: number): Layout {
  return {
    size: length,
    name: `char[${length}]`,
    read: (view, at) => {
      const raw = Buffer.from(view.buffer, view.byteOffset + at, length);
      const end = raw.indexOf(0);
      return raw.toString('utf8', 0, end < 0 ? length : end);
    },
    write: (view, at, value, path) => {
      const text = typeof value === 'string' ? Buffer.from(value) : undefined;
      if (!text || text.length > length)
        throw mismatch(path, `a string of at most ${length} bytes`, value);
      const target = new Uint8Array(view.buffer, view.byteOffset + at, length);
      target.fill(0);
      target.set(text);
    },
  };
}

const VIEW = Object.getPrototypeOf(Uint8Array.prototype) as object;
const own = (name: string): ((this: Uint8Array) => unknown) =>
  Object.getOwnPropertyDescriptor(VIEW, name)!.get!;
const [bufferOf, offsetOf, lengthOf] = [own('buffer'), own('byteOffset'), own('byteLength')];

/** The bytes of an array as they are, whatever a class that was derived from Uint8Array says of itself. */
export function plainBytes(array: Uint8Array): Uint8Array {
  return new Uint8Array(
    bufferOf.call(array) as ArrayBuffer,
    offsetOf.call(array) as number,
    lengthOf.call(array) as number,
  );
}

/** Memory that the BTF says nothing of, as a copy of its bytes. */
export function bytes(size: number): Layout {
  return {
    size,
    name: `bytes[${size}]`,
    raw: true,
    read: (view, at) => new Uint8Array(view.buffer, view.byteOffset + at, size).slice(),
    write: (view, at, value, path) => {
      const given = isUint8Array(value) ? plainBytes(value) : undefined;
      if (given?.byteLength !== size) throw mismatch(path, `a Uint8Array of ${size} bytes`, value);
      new Uint8Array(view.buffer, view.byteOffset + at, size).set(given);
    },
  };
}
