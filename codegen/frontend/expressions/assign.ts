import { ts } from 'ts-morph';
import type { Expr } from '../../ir/nodes.js';
import { isInteger, structOf, type CType } from '../../ir/types.js';
import { walkExpr } from '../../ir/walk.js';
import { asReference, coerce, regionOf } from '../convert.js';
import {
  addressOf,
  assign,
  conditional,
  constant,
  deref,
  errorExpr,
  exprStmt,
  isPure,
  useLocal,
  voidBlock,
  declStmt,
} from '../make.js';
import { moveOut, ownerOf } from '../builtins/moves.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';
import { arithmetic } from './binary.js';
import { withElement } from './elements.js';
import { lowerExpr } from './index.js';
import { presenceOf } from './presence.js';
import { lowerTarget, type Target } from './target.js';

const K = ts.SyntaxKind;

const COMPOUND = new Map<ts.SyntaxKind, ts.SyntaxKind>([
  [K.PlusEqualsToken, K.PlusToken],
  [K.MinusEqualsToken, K.MinusToken],
  [K.AsteriskEqualsToken, K.AsteriskToken],
  [K.AsteriskAsteriskEqualsToken, K.AsteriskAsteriskToken],
  [K.SlashEqualsToken, K.SlashToken],
  [K.PercentEqualsToken, K.PercentToken],
  [K.AmpersandEqualsToken, K.AmpersandToken],
  [K.BarEqualsToken, K.BarToken],
  [K.CaretEqualsToken, K.CaretToken],
  [K.LessThanLessThanEqualsToken, K.LessThanLessThanToken],
  [K.GreaterThanGreaterThanEqualsToken, K.GreaterThanGreaterThanToken],
  [K.GreaterThanGreaterThanGreaterThanEqualsToken, K.GreaterThanGreaterThanGreaterThanToken],
]);
/** Operators that C has in a compound form with the meaning of the language. */
const PLAIN = new Map<ts.SyntaxKind, string>([
  [K.PlusToken, '+='],
  [K.MinusToken, '-='],
  [K.AsteriskToken, '*='],
  [K.AmpersandToken, '&='],
  [K.BarToken, '|='],
  [K.CaretToken, '^='],
]);

export function lowerAssignment(fx: FunctionScope, node: ts.BinaryExpression): Expr {
  const span = spanOf(node);
  const op = node.operatorToken.kind;
  // Before the assignment makes it one that is there.
  const there =
    op === K.QuestionQuestionEqualsToken && ts.isIdentifier(node.left)
      ? presenceOf(fx, node.left, lowerExpr(fx, node.left))
      : undefined;
  const target = lowerTarget(fx, node.left);
  if (!target) {
    lowerExpr(fx, node.right);
    return errorExpr(span);
  }
  if (op === K.EqualsToken) {
    let value = lowerExpr(fx, node.right, target.type);
    const owner = ownerOf(value);
    const to = target.lvalue?.kind === 'var' ? target.lvalue.local : undefined;
    if (owner?.owns && to) value = moveOut(fx, value, (o) => ({ ...o, release: owner.owns! }));
    if (value.release && to) to.owns ??= value.release;
    return target.store(storable(fx, value, target.type), span);
  }
  if (
    op === K.AmpersandAmpersandEqualsToken ||
    op === K.BarBarEqualsToken ||
    op === K.QuestionQuestionEqualsToken
  ) {
    const value = coerce(fx.fe, lowerExpr(fx, node.right, target.type), target.type);
    const store = voidBlock([exprStmt(target.store(value, span))], span);
    const skip = constant(0, { kind: 'void' }, span);
    const current = target.read(span);
    if (op === K.QuestionQuestionEqualsToken && isInteger(target.type)) {
      const isThere = there ?? presenceOf(fx, node.left, current);
      if (isThere.kind === 'const') return isThere.value === 0n ? store : skip;
      return conditional(isThere, skip, store, store.type, span);
    }
    return op === K.AmpersandAmpersandEqualsToken
      ? conditional(current, store, skip, store.type, span)
      : conditional(current, skip, store, store.type, span);
  }
  const operator = COMPOUND.get(op);
  if (operator === undefined) return errorExpr(span);
  const right = lowerExpr(fx, node.right, target.type);
  return compound(fx, target, operator, right, node);
}

/** `target op= right`, evaluating the target's address once. */
export function compound(
  fx: FunctionScope,
  target: Target,
  operator: ts.SyntaxKind,
  right: Expr,
  node: ts.Node,
): Expr {
  const span = spanOf(node);
  const plain = PLAIN.get(operator);
  const current = target.read(span);
  // Also where C's own compound operator is printed, the operands are checked as for the plain one.
  const value = arithmetic(fx, operator, current, right, node);
  if (value.kind === 'error') return value;
  // In C `g += f()` may read g after f() has changed it; in TypeScript it does not.
  const inOrder = target.lvalue?.kind === 'var';
  if (plain && target.lvalue && value.kind === 'binary' && (inOrder || !callsProgram(right))) {
    return assign(target.lvalue, value.right, span, plain);
  }
  if (!target.lvalue && target.pointer) {
    return withElement(fx, target.pointer, span, (place) =>
      compound(
        fx,
        {
          type: target.type,
          lvalue: place,
          read: () => place,
          store: (v, at) => assign(place, v, at),
        },
        operator,
        right,
        node,
      ),
    );
  }
  if (!target.lvalue || isPure(target.lvalue))
    return target.store(coerce(fx.fe, value, target.type), span);
  const pointer = addressOf(target.lvalue, regionOf(target.lvalue), span);
  const local = fx.temp('target', pointer.type, span);
  const place = deref(useLocal(local, span), span);
  const again = arithmetic(fx, operator, place, right, node);
  return {
    kind: 'block',
    body: [declStmt(local, pointer, span)],
    result: assign(place, coerce(fx.fe, again, target.type), span),
    type: target.type,
    span,
  };
}

function callsProgram(expr: Expr): boolean {
  let found = false;
  walkExpr(expr, { expr: (e) => (found ||= e.kind === 'call' && e.callee.kind === 'function') });
  return found;
}

/** What may be stored: a struct is copied into a struct, held by pointer in a variable. */
function storable(fx: FunctionScope, value: Expr, type: CType): Expr {
  if (type.kind === 'ptr' && structOf(type)) return coerce(fx.fe, asReference(value), type);
  return coerce(fx.fe, value, type);
}
