import { isSized, wrap } from '../integers.js';
import type { BinaryOp } from '../nodes.js';
import type { CType } from '../types.js';

/** Cuts a value to its type; of addresses all 64 bits count. */
export function cut(value: bigint, type: CType): bigint {
  if (isSized(type)) return wrap(value, type);
  return type.kind === 'untyped' ? value : BigInt.asUintN(64, value);
}

/** What BPF gives: division by zero is 0, and the remainder is what was divided. */
export function divide(a: bigint, b: bigint): bigint {
  return b === 0n ? 0n : a / b;
}
export function remainder(a: bigint, b: bigint): bigint {
  return b === 0n ? a : a % b;
}

/** An operator on two operands of its type; a shift has its count as it is. */
export function binaryValue(op: BinaryOp, a: bigint, b: bigint, type: CType): bigint {
  switch (op) {
    case '+':
      return cut(a + b, type);
    case '-':
      return cut(a - b, type);
    case '*':
      return cut(a * b, type);
    case '/':
      return cut(divide(a, b), type);
    case '%':
      return cut(remainder(a, b), type);
    case '&':
      return cut(a & b, type);
    case '|':
      return cut(a | b, type);
    case '^':
      return cut(a ^ b, type);
    case '<<':
      return cut(a << b, type);
    case '>>':
      return cut(a >> b, type);
    case '==':
      return truthOf(a === b);
    case '!=':
      return truthOf(a !== b);
    case '<':
      return truthOf(a < b);
    case '<=':
      return truthOf(a <= b);
    case '>':
      return truthOf(a > b);
    case '>=':
      return truthOf(a >= b);
  }
}

export function truthOf(holds: boolean): bigint {
  return holds ? 1n : 0n;
}
