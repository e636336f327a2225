import type { Expr } from '../ir/nodes.js';
import { enumByName } from '../kernel/index.js';
import type { Frontend } from './context.js';
import { wrap } from './convert.js';

const OPERATORS: Partial<Record<string, (a: bigint, b: bigint) => bigint | undefined>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => (b === 0n ? undefined : a / b),
  '%': (a, b) => (b === 0n ? undefined : a % b),
  '&': (a, b) => a & b,
  '|': (a, b) => a | b,
  '^': (a, b) => a ^ b,
  '<<': (a, b) => a << b,
  '>>': (a, b) => a >> b,
};

/**
 * The value of a constant expression before there is a kernel to ask: what is in .rodata when the object is
 * opened. An enum value counts where all supported kernels give it the same.
 */
export function constantOf(fe: Frontend, expr: Expr): bigint | undefined {
  const value = exact(fe, expr);
  const { type } = expr;
  return value !== undefined && (type.kind === 'int' || type.kind === 'bool')
    ? wrap(value, type)
    : value;
}

function exact(fe: Frontend, expr: Expr): bigint | undefined {
  switch (expr.kind) {
    case 'const':
      return expr.value;
    case 'enum': {
      const known = enumByName(expr.name);
      return known?.fixed ? known.value : undefined;
    }
    case 'constant':
      return constantOf(fe, expr.constant.value);
    case 'cast':
      return constantOf(fe, expr.value);
    case 'unary': {
      const value = constantOf(fe, expr.operand);
      if (value === undefined || expr.op === '!') return undefined;
      return expr.op === '-' ? -value : ~value;
    }
    case 'binary': {
      const left = constantOf(fe, expr.left);
      const right = constantOf(fe, expr.right);
      if (left === undefined || right === undefined) return undefined;
      return OPERATORS[expr.op]?.(left, right);
    }
    default:
      return undefined;
  }
}
