import { ts } from 'ts-morph';
import type { Expr, Stmt } from '../../ir/nodes.js';
import { isInteger, structOf, type CType } from '../../ir/types.js';
import { asReference, coerce, fitBits, truth } from '../convert.js';
import { disturbs } from '../effects.js';
import { conditional, errorExpr, exprStmt, not, voidBlock } from '../make.js';
import { moveOut, ownerOf } from '../builtins/moves.js';
import { after, pinned } from '../order.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';
import { SHIFTS, arithmetic } from './binary.js';
import { lowerExpr } from './index.js';
import { presenceOf } from './presence.js';
import { lowerTarget, type Target } from './target.js';
import { isUsed } from './used.js';

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

const LOGICAL = new Set<ts.SyntaxKind>([
  K.AmpersandAmpersandEqualsToken,
  K.BarBarEqualsToken,
  K.QuestionQuestionEqualsToken,
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
  if (op === K.EqualsToken) return plainAssignment(fx, target, node);
  if (LOGICAL.has(op)) return logicalAssignment(fx, target, node, there);
  const operator = COMPOUND.get(op);
  if (operator === undefined) return errorExpr(span);
  const right = lowerExpr(fx, node.right, target.type);
  return compound(fx, target, operator, right, node);
}

function plainAssignment(fx: FunctionScope, target: Target, node: ts.BinaryExpression): Expr {
  const span = spanOf(node);
  let value = lowerExpr(fx, node.right, target.type);
  const owner = ownerOf(value);
  const to = target.lvalue?.kind === 'var' ? target.lvalue.local : undefined;
  if (owner?.owns && to) value = moveOut(fx, value, (o) => ({ ...o, release: owner.owns! }));
  if (value.release && to) to.owns ??= value.release;
  fx.lets.assign(target.variable, [value]);
  const whole = storable(fx, value, target.type);
  const stored = target.bits === undefined ? whole : fitBits(fx.fe, whole, target.bits);
  if (stored.type.kind === 'error') return errorExpr(span);
  const setup: Stmt[] = [];
  const place = target.before([stored], setup);
  return after(setup, place.store(stored, span, isUsed(node)), span);
}

/** `target ||= value`: the way to the target is gone once, the value is evaluated if it is wanted. */
function logicalAssignment(
  fx: FunctionScope,
  target: Target,
  node: ts.BinaryExpression,
  there: Expr | undefined,
): Expr {
  const span = spanOf(node);
  const op = node.operatorToken.kind;
  const lowered = lowerExpr(fx, node.right, target.type);
  fx.lets.assign(target.variable, [lowered]);
  const value = storable(fx, lowered, target.type);
  if (value.type.kind === 'error') return errorExpr(span);
  const setup: Stmt[] = [];
  const place = target.once(setup);
  const current = place.read(span);
  const used = isUsed(node);
  const numbers = op === K.QuestionQuestionEqualsToken && isInteger(target.type);
  const isThere = numbers ? (there ?? presenceOf(fx, node.left, current)) : truth(current);
  if (isThere.kind === 'const') {
    const stays = (isThere.value !== 0n) !== (op === K.AmpersandAmpersandEqualsToken);
    return after(setup, stays ? current : place.store(value, span, used), span);
  }
  const onTrue = op === K.AmpersandAmpersandEqualsToken;
  if (used) {
    const kept = pinned(fx, current, setup);
    const store = place.store(value, span, true);
    const test = numbers ? isThere : truth(kept);
    const [a, b] = onTrue ? [store, kept] : [kept, store];
    return after(setup, conditional(test, a, b, target.type, span), span);
  }
  const test = onTrue ? isThere : not(isThere, span);
  const then = exprStmt(place.store(value, span, false), span);
  return voidBlock([...setup, { kind: 'if', test, then, span }], span);
}

/** `target op= right`: the way to the target is gone once, and what it was is read before `right` is evaluated. */
export function compound(
  fx: FunctionScope,
  target: Target,
  operator: ts.SyntaxKind,
  right: Expr,
  node: ts.Node,
): Expr {
  const span = spanOf(node);
  const setup: Stmt[] = [];
  const place = target.once(setup, [right]);
  const read = place.read(span);
  const disturbed = disturbs(right, read);
  const current = disturbed ? pinned(fx, read, setup) : read;
  // Also where C's own compound operator is printed, the operands are checked as for the plain one.
  const value = arithmetic(fx, operator, current, right, node);
  if (value.kind === 'error') return value;
  // A shift is as wide as what is shifted.
  if (!SHIFTS.has(operator)) fx.lets.assign(target.variable, [value]);
  const plain = PLAIN.get(operator);
  if (plain && place.lvalue && !disturbed && value.kind === 'binary')
    return after(setup, place.storeAs(plain, value.right, span), span);
  const stored = coerce(fx.fe, value, target.type);
  return after(setup, place.store(stored, span, isUsed(node)), span);
}

/** What may be stored: a struct is copied into a struct, held by pointer in a variable. */
function storable(fx: FunctionScope, value: Expr, type: CType): Expr {
  if (type.kind === 'ptr' && structOf(type)) return coerce(fx.fe, asReference(value), type);
  return coerce(fx.fe, value, type);
}
