import { layoutOf } from '../layout.js';
import type { Expr } from '../nodes.js';
import { isAggregate, structOf } from '../types.js';
import { placesOf, readBits, writeBits, type FieldPlace } from './bits.js';
import { evaluate } from './expressions.js';
import { NotModelled, type Frame, type Machine } from './machine.js';

/** Where something is; of a bitfield its unit, and which bits of that. */
export interface Place {
  address: bigint;
  bits?: FieldPlace;
}

/** The place that an expression denotes. An object that is made by it has one as well. */
export function placeOf(m: Machine, frame: Frame, e: Expr): Place {
  switch (e.kind) {
    case 'var': {
      const at = frame.places.get(e.local);
      if (at === undefined) throw new Error(`'${e.local.name}' is used before it is declared`);
      return { address: e.local.byPointer ? m.memory.load(at, 8, false) : at };
    }
    case 'global':
      return { address: m.placeOfGlobal(e.global) };
    case 'deref':
      return { address: evaluate(m, frame, e.pointer) };
    case 'member': {
      const struct = structOf(e.base.type);
      const place = struct && placesOf(struct).get(e.field);
      if (!place || struct.kernel) throw new NotModelled(`the field '${e.field}' of the kernel`);
      const base =
        e.base.type.kind === 'ptr' ? evaluate(m, frame, e.base) : placeOf(m, frame, e.base).address;
      const address = base === 0n ? 0n : base + BigInt(place.offset);
      return place.shift === undefined ? { address } : { address, bits: place };
    }
    case 'index': {
      const { address } = placeOf(m, frame, e.base);
      const index = evaluate(m, frame, e.index);
      return { address: address + index * BigInt(layoutOf(e.type).size) };
    }
    default:
      if (isAggregate(e.type)) return { address: evaluate(m, frame, e) };
      throw new Error(`'${e.kind}' is no place`);
  }
}

export function readPlace(m: Machine, { address, bits }: Place, type: Expr['type']): bigint {
  return bits ? readBits(m.memory, address, bits) : m.memory.read(address, type);
}

export function writePlace(
  m: Machine,
  { address, bits }: Place,
  type: Expr['type'],
  value: bigint,
): void {
  if (bits) writeBits(m.memory, address, bits, value);
  else m.memory.write(address, type, value);
}
