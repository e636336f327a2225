import { SimError } from '../errors.js';
import type { Space } from '../engine/space.js';
import { configValue } from './config.js';
import type { ObjectFile, Variable } from './file.js';
import { sizeOf, strip, type Types } from './types.js';

export type Value = number | bigint | boolean | readonly (number | bigint | boolean)[];

/** Writes a value of user space into the initial bytes of a variable. */
export function writeValue(
  types: Types,
  variable: Variable,
  bytes: Uint8Array,
  value: Value,
): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const put = (type: number, at: number, one: number | bigint | boolean): void => {
    const size = sizeOf(types, type);
    const big = BigInt(typeof one === 'number' ? Math.trunc(one) : one);
    if (size === 1) view.setUint8(at, Number(BigInt.asUintN(8, big)));
    else if (size === 2) view.setUint16(at, Number(BigInt.asUintN(16, big)), true);
    else if (size === 4) view.setUint32(at, Number(BigInt.asUintN(32, big)), true);
    else if (size === 8) view.setBigUint64(at, BigInt.asUintN(64, big), true);
    else throw new SimError('BAD_VALUE', `${variable.name} is no number`);
  };
  const type = strip(types, variable.type);
  const target = type.kind === 'var' ? strip(types, type.type) : type;
  if (!Array.isArray(value)) {
    put(target.id, variable.offset, value as number | bigint | boolean);
    return;
  }
  const list = value as readonly (number | bigint | boolean)[];
  if (target.kind !== 'array' || list.length > target.count!)
    throw new SimError(
      'BAD_VALUE',
      `${variable.name} takes ${target.kind === 'array' ? `${target.count!} values at most` : 'one value'}, not ${list.length}`,
    );
  const size = sizeOf(types, target.type);
  list.forEach((one, i) => put(target.type, variable.offset + i * size, one));
}

/** Puts the data sections into memory: addresses by index of the section. */
export function placeData(space: Space, object: ObjectFile): Map<number, number> {
  const out = new Map<number, number>();
  for (const section of object.data) {
    const at = space.memory.allocate(
      Math.ceil(section.bytes.length / 4096) * 4096,
      `${section.name} of ${object.name}`,
      4096,
    );
    space.memory.bytes.set(section.bytes, at);
    out.set(section.index, at);
  }
  return out;
}

const ABS64 = 2;

/** Pointers that data holds to data and to functions. */
export function linkData(
  space: Space,
  object: ObjectFile,
  places: ReadonlyMap<number, number>,
  functionAt: (section: number, offset: number) => number | undefined,
): void {
  for (const [index, at] of places) {
    for (const { offset, type, symbol } of object.elf.relocations.get(index) ?? []) {
      if (type !== ABS64) continue;
      const addend = Number(space.memory.view.getBigInt64(at + offset, true));
      const target = places.get(symbol.section);
      const value =
        target === undefined
          ? functionAt(symbol.section, symbol.value + addend)
          : target + symbol.value + addend;
      if (value !== undefined) space.memory.view.setBigUint64(at + offset, BigInt(value), true);
    }
  }
}

/** Configuration values that the object reads: addresses by name. Throws SimError for a needed one that is not known. */
export function placeConfig(space: Space, object: ObjectFile): Map<string, number> {
  const out = new Map<string, number>();
  for (const extern of object.externs.values()) {
    if (extern.section !== '.kconfig') continue;
    const value = configValue(space.kernel, extern.name);
    if (value === undefined) {
      if (extern.weak) continue;
      throw new SimError(
        'NO_SETTING',
        `${object.name} needs ${extern.name}, which the modelled Linux ${space.kernel} does not say`,
        'ask for it weakly: with __weak in C',
      );
    }
    const at = space.memory.allocate(16, extern.name);
    const variable = object.types[extern.type]!;
    const size = sizeOf(object.types, variable.type);
    // Yes, module and no are 1, 2 and 0 as enum libbpf_tristate, their letters as char.
    const isLetter = size === 1 && strip(object.types, variable.type).name === 'char';
    const number = typeof value === 'number' ? value : value === 'y' ? 1 : value === 'm' ? 2 : 0;
    if (typeof value === 'string' && isLetter) space.memory.bytes[at] = value.charCodeAt(0);
    else space.memory.view.setBigUint64(at, BigInt(number), true);
    out.set(extern.name, at);
  }
  return out;
}
