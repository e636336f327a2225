import { structLayout } from '../layout.js';
import type { Field, StructDef } from '../types.js';
import type { Memory } from './memory.js';

/** Where a field lies in its struct. */
export interface FieldPlace {
  field: Field;
  /** Bytes from the start of the struct; of a bitfield those to the unit of its type. */
  offset: number;
  /** Of a bitfield: the first of its bits in that unit. */
  shift?: number;
}

const known = new WeakMap<StructDef, Map<string, FieldPlace>>();

export function placesOf(struct: StructDef): Map<string, FieldPlace> {
  const found = known.get(struct);
  if (found) return found;
  const { starts } = structLayout(struct);
  const places = new Map<string, FieldPlace>();
  for (const field of struct.fields()) {
    const start = starts.get(field) ?? 0;
    const unit = field.bits === undefined || field.type.kind !== 'int' ? 8 : field.type.bits;
    const offset = Math.floor(start / unit) * (unit / 8);
    places.set(field.name, {
      field,
      offset,
      ...(field.bits === undefined ? {} : { shift: start - offset * 8 }),
    });
  }
  known.set(struct, places);
  return places;
}

/** The value of a bitfield in the unit at this address. */
export function readBits(memory: Memory, unit: bigint, { field, shift = 0 }: FieldPlace): bigint {
  const { type, bits = 0 } = field;
  const size = type.kind === 'int' ? type.bits / 8 : 1;
  const raw = memory.load(unit, size, false) >> BigInt(shift);
  const signed = type.kind === 'int' && type.signed;
  return signed ? BigInt.asIntN(bits, raw) : BigInt.asUintN(bits, raw);
}

/** Stores as many bits of a value as the field has, and leaves the others alone. */
export function writeBits(
  memory: Memory,
  unit: bigint,
  { field, shift = 0 }: FieldPlace,
  value: bigint,
): void {
  const { type, bits = 0 } = field;
  const size = type.kind === 'int' ? type.bits / 8 : 1;
  const mask = ((1n << BigInt(bits)) - 1n) << BigInt(shift);
  const others = memory.load(unit, size, false) & ~mask;
  memory.store(unit, size, others | ((value << BigInt(shift)) & mask));
}
