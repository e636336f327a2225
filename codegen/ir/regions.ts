import type { GlobalIr } from './module.js';
import type { Expr } from './nodes.js';
import type { CType } from './types.js';

/** Whether programs may write to a global. */
export function isWritable({ storage }: GlobalIr): boolean {
  return storage === 'data' || storage === 'private';
}

/** Whose memory an lvalue is in. */
export function regionOf(expr: Expr): Extract<CType, { kind: 'ptr' }>['region'] {
  switch (expr.kind) {
    case 'member':
      return expr.base.type.kind === 'ptr' ? expr.base.type.region : regionOf(expr.base);
    case 'index':
      return regionOf(expr.base);
    case 'deref':
      return expr.pointer.type.kind === 'ptr' ? expr.pointer.type.region : 'any';
    case 'var':
      return 'stack';
    case 'global':
      // What is set before load: const in C, and memory that the verifier lets nothing write.
      return isWritable(expr.global) ? 'global' : 'rodata';
    default:
      return 'any';
  }
}
