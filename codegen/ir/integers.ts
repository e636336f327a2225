import { S32, intType, sameType, type BoolType, type CType, type IntType } from './types.js';

/** What has a width: an integer or a bool. */
export type Sized = IntType | BoolType;

export function isSized(type: CType): type is Sized {
  return type.kind === 'int' || type.kind === 'bool';
}

export function fits(value: bigint, type: Sized): boolean {
  return wrap(value, type) === value;
}

/** Cuts a value to a type's width, as each conversion does; a bool says whether it is not 0. */
export function wrap(value: bigint, type: Sized): bigint {
  if (type.kind === 'bool') return value === 0n ? 0n : 1n;
  return type.signed ? BigInt.asIntN(type.bits, value) : BigInt.asUintN(type.bits, value);
}

/** What arithmetic is done in: what is narrower than 32 bits becomes an s32. */
export function promote(type: Sized): IntType {
  if (type.kind === 'int' && type.open) return type;
  return type.kind === 'bool' || type.bits < 32 ? S32 : intType(type.bits, type.signed);
}

function closed({ bits, signed }: IntType): IntType {
  return intType(bits, signed);
}

/** The type in which an operator on these two computes: the wider one; of two of one width the unsigned one. */
export function commonType(a: Sized, b: Sized): IntType {
  const left = promote(a);
  const right = promote(b);
  if (left.open !== right.open) return commonType(closed(left), closed(right));
  if (left.signed === right.signed) return left.bits >= right.bits ? left : right;
  const [unsigned, signed] = left.signed ? [right, left] : [left, right];
  return unsigned.bits >= signed.bits ? unsigned : signed;
}

/** Whether a value of one type has to be converted to be one of the other. */
export function differ(from: CType, to: CType): boolean {
  return isSized(from) && isSized(to) && !sameType(from, to);
}
