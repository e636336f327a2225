import type { ts } from 'ts-morph';
import type { Expr } from '../../ir/nodes.js';
import { isInteger, pointerTo, type CType } from '../../ir/types.js';
import { coerce, loaded } from '../convert.js';
import { conditional, errorExpr, useLocal, withTemp } from '../make.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';
import { lowerChain } from './chain.js';
import { unify, withRelease } from './conditional.js';
import { lowerExpr } from './index.js';

/** `a ?? b`. `a?.field ?? b` tests the pointer once; a pointer alone is GNU's `a ?: b`. */
export function lowerNullish(fx: FunctionScope, node: ts.BinaryExpression, expected?: CType): Expr {
  const span = spanOf(node);
  const chain = lowerChain(fx, node.left, (value) => {
    const right = lowerExpr(fx, node.right, expected);
    const both = unify(fx, value, right, expected);
    return both ? { value: both.a, otherwise: both.b, type: both.type } : undefined;
  });
  if (chain) return chain;
  const left = lowerExpr(fx, node.left, expected);
  const right = otherwise(fx, node.right, left.type, expected);
  if (isInteger(right.type) && loaded(left) !== left) {
    const local = fx.temp('found', left.type, span);
    const both = unify(fx, loaded(useLocal(local, span)), right, expected);
    if (!both) return errorExpr(span);
    const value = conditional(useLocal(local, span), both.a, both.b, both.type, span);
    return withTemp(local, left, value, span);
  }
  const both = unify(fx, left, right, expected);
  if (!both) return errorExpr(span);
  if (left.type.kind !== 'ptr') return both.a; // never null: TypeScript reports it where it matters
  const type =
    both.type.kind === 'ptr' && right.type.kind === 'ptr'
      ? { ...both.type, nullable: right.type.nullable }
      : both.type;
  return withRelease(both.a, both.b, (a, b) => ({ kind: 'elvis', left: a, right: b, type, span }));
}

/** The right side; a literal is an object of the struct that the left side refers to. */
function otherwise(
  fx: FunctionScope,
  node: ts.Expression,
  left: CType,
  expected: CType | undefined,
): Expr {
  const struct = left.kind === 'ptr' && left.to.kind === 'struct' ? left.to : undefined;
  const right = lowerExpr(fx, node, expected ?? struct);
  if (!struct || right.kind !== 'init') return right;
  return coerce(fx.fe, right, pointerTo(struct, 'stack'));
}
