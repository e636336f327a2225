import { ts } from 'ts-morph';
import type { Expr } from '../../ir/nodes.js';
import { isInteger, pointerTo, type CType } from '../../ir/types.js';
import { coerce, isObject, loaded } from '../convert.js';
import { conditional, errorExpr, useLocal, withTemp } from '../make.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';
import { lowerChain, zeroOtherwise } from './chain.js';
import { unify, withRelease } from './conditional.js';
import { lowerExpr } from './index.js';
import { presenceOf } from './presence.js';

/** `a ?? b ?? c`: the same as `a ?? (b ?? c)`, where each pointer is tested once. */
export function lowerNullish(fx: FunctionScope, node: ts.BinaryExpression, expected?: CType): Expr {
  return firstOf(fx, operandsOf(node), spanOf(node), expected);
}

function operandsOf(node: ts.Expression): ts.Expression[] {
  if (ts.isParenthesizedExpression(node)) return operandsOf(node.expression);
  return ts.isBinaryExpression(node) &&
    node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken
    ? [...operandsOf(node.left), ...operandsOf(node.right)]
    : [node];
}

/** `a?.field ?? b` tests the pointer once; a pointer alone is GNU's `a ?: b`. */
function firstOf(
  fx: FunctionScope,
  [first, ...rest]: ts.Expression[],
  span: Expr['span'],
  expected?: CType,
): Expr {
  if (!first) return errorExpr(span);
  if (rest.length === 0) return lowerExpr(fx, first, expected);
  const others = (type?: CType): Expr => firstOf(fx, rest, span, type);
  let nullable = false;
  const chain = lowerChain(fx, first, (value) => {
    // The end of the chain can be null as well as a link of it.
    nullable = value.type.kind === 'ptr' || value.type.kind === 'opaque';
    if (nullable) return zeroOtherwise(value);
    const both = unify(fx, value, others(expected));
    return both ? { value: both.a, otherwise: both.b, type: both.type } : undefined;
  });
  if (chain && !nullable) return chain;
  const left = chain ?? lowerExpr(fx, first, expected);
  if (isObject(left)) return left;
  const right = otherwise(fx, others, left.type, expected);
  if (isInteger(right.type) && loaded(left) !== left) {
    const local = fx.temp('found', left.type, span);
    const both = unify(fx, loaded(useLocal(local, span)), right);
    if (!both) return errorExpr(span);
    const value = conditional(useLocal(local, span), both.a, both.b, both.type, span);
    return withTemp(local, left, value, span);
  }
  const both = unify(fx, left, right);
  if (!both) return errorExpr(span);
  if (isInteger(left.type)) {
    const there = presenceOf(fx, first, left);
    if (there.kind !== 'const') return conditional(there, both.a, both.b, both.type, span);
    return there.value === 0n ? both.b : both.a;
  }
  if (left.type.kind !== 'ptr' && left.type.kind !== 'opaque') return both.a; // never null: TypeScript reports it where it matters
  const type =
    both.type.kind === 'ptr' && right.type.kind === 'ptr'
      ? { ...both.type, nullable: right.type.nullable }
      : both.type;
  return withRelease(both.a, both.b, (a, b) => ({ kind: 'elvis', left: a, right: b, type, span }));
}

/** The right side; a literal is an object of the struct that the left side refers to. */
function otherwise(
  fx: FunctionScope,
  others: (type?: CType) => Expr,
  left: CType,
  expected: CType | undefined,
): Expr {
  const struct = left.kind === 'ptr' && left.to.kind === 'struct' ? left.to : undefined;
  const right = others(expected ?? struct);
  if (!struct || right.kind !== 'init') return right;
  return coerce(fx.fe, right, pointerTo(struct, 'stack'));
}
