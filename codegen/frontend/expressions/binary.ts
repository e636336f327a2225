import { ts } from 'ts-morph';
import { looseEquality, notInLanguage } from '../../diagnostics/catalogue/syntax.js';
import {
  booleanArithmetic,
  divisionByZero,
  incompatible,
  shiftTooWide,
} from '../../diagnostics/catalogue/types.js';
import type { BinaryOp, Expr, Stmt } from '../../ir/nodes.js';
import { BOOL, VOID, describeType, isInteger, type CType, type IntType } from '../../ir/types.js';
import {
  asReference,
  asSigned,
  balance,
  checkComparison,
  division,
  evaluatedThen,
  integerOperand,
  isObject,
  literalType,
  loaded,
  promote,
  settle,
  shift,
  truth,
  wrap,
} from '../convert.js';
import { existsFacts } from '../exists.js';
import { foldBinary } from '../fold.js';
import {
  binary,
  conditional,
  constant,
  errorExpr,
  exprStmt,
  not,
  operation,
  untyped,
} from '../make.js';
import { after, inOrder } from '../order.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';
import { lowerAssignment } from './assign.js';
import { compareChains } from './compare-chains.js';
import { unify } from './conditional.js';
import { lowerExpr } from './index.js';
import { lowerNullish } from './nullish.js';
import { isUncertain, presenceOf } from './presence.js';

const K = ts.SyntaxKind;

const ARITHMETIC = new Map<ts.SyntaxKind, BinaryOp>([
  [K.PlusToken, '+'],
  [K.MinusToken, '-'],
  [K.AsteriskToken, '*'],
  [K.SlashToken, '/'],
  [K.PercentToken, '%'],
  [K.AmpersandToken, '&'],
  [K.BarToken, '|'],
  [K.CaretToken, '^'],
]);
export const SHIFTS = new Set<ts.SyntaxKind>([
  K.LessThanLessThanToken,
  K.GreaterThanGreaterThanToken,
  K.GreaterThanGreaterThanGreaterThanToken,
]);
const COMPARISONS = new Map<ts.SyntaxKind, BinaryOp>([
  [K.LessThanToken, '<'],
  [K.LessThanEqualsToken, '<='],
  [K.GreaterThanToken, '>'],
  [K.GreaterThanEqualsToken, '>='],
  [K.EqualsEqualsEqualsToken, '=='],
  [K.ExclamationEqualsEqualsToken, '!='],
]);

export function lowerBinary(fx: FunctionScope, node: ts.BinaryExpression, expected?: CType): Expr {
  const op = node.operatorToken.kind;
  const span = spanOf(node);
  if (op >= K.FirstAssignment && op <= K.LastAssignment) return lowerAssignment(fx, node);
  if (op === K.AmpersandAmpersandToken || op === K.BarBarToken)
    return lowerLogical(fx, node, expected);
  if (op === K.QuestionQuestionToken) return lowerNullish(fx, node, expected);
  if (op === K.EqualsEqualsToken || op === K.ExclamationEqualsToken) {
    fx.fe.report(looseEquality(spanOf(node.operatorToken), node.operatorToken.getText()));
    return errorExpr(span);
  }
  const comparison = COMPARISONS.get(op);
  if (comparison) return lowerComparison(fx, node, comparison);
  if (op === K.CommaToken) {
    const first = lowerExpr(fx, node.left);
    const second = lowerExpr(fx, node.right, expected);
    if (first.type.kind === 'error' || second.type.kind === 'error') return errorExpr(span);
    if (isLoopStep(node)) return operation({ kind: 'sequence' }, [first, second], VOID, span);
    return after([exprStmt(first)], second, span);
  }
  if (op === K.InKeyword || op === K.InstanceOfKeyword) {
    const hint =
      op === K.InKeyword ? 'look a key up with m.get(key)' : 'there are no classes in BPF';
    fx.fe.report(notInLanguage(span, `'${node.operatorToken.getText()}'`, hint));
    return errorExpr(span);
  }
  const setup: Stmt[] = [];
  const operands = [lowerExpr(fx, node.left), lowerExpr(fx, node.right)];
  const [left, right] = inOrder(fx, operands, setup) as [Expr, Expr];
  return after(setup, arithmetic(fx, op, left, right, node), span);
}

/** An arithmetic operator on two lowered operands; shared with compound assignment. */
export function arithmetic(
  fx: FunctionScope,
  op: ts.SyntaxKind,
  leftOperand: Expr,
  rightOperand: Expr,
  node: ts.Node,
): Expr {
  const span = spanOf(node);
  const left = integerOperand(fx.fe, leftOperand);
  const right = integerOperand(fx.fe, rightOperand);
  if (left.type.kind === 'error' || right.type.kind === 'error') return errorExpr(span);
  if (left.kind === 'const' && right.kind === 'const') {
    const folded = foldConstants(fx, op, left, right, span);
    if (folded) return folded;
  }
  if (SHIFTS.has(op)) return lowerShift(fx, op, left, right, span);
  const c = ARITHMETIC.get(op);
  if (!c) {
    fx.fe.report(
      notInLanguage(
        span,
        `'${ts.tokenToString(op) ?? 'this operator'}'`,
        'multiply in a loop, or write a constant',
      ),
    );
    return errorExpr(span);
  }
  if ((c === '/' || c === '%') && right.kind === 'const' && right.value === 0n) {
    fx.fe.report(divisionByZero(span));
    return errorExpr(span);
  }
  const both = balance(left, right);
  if (!both) return errorExpr(span);
  if (c === '/' || c === '%') return division(c, both.left, both.right, both.type, span);
  return binary(c, both.left, both.right, both.type, span);
}

/** Arithmetic on constants: exact while both are literals, wrapped once one has a type. */
function foldConstants(
  fx: FunctionScope,
  op: ts.SyntaxKind,
  left: Extract<Expr, { kind: 'const' }>,
  right: Extract<Expr, { kind: 'const' }>,
  span: Expr['span'],
): Expr | undefined {
  const exact = left.type.kind === 'untyped' && right.type.kind === 'untyped';
  if (exact) {
    const value = foldBinary(op, left.value, right.value);
    return value === undefined ? undefined : untyped(value, span);
  }
  if (SHIFTS.has(op)) {
    if (left.type.kind !== 'int') return undefined;
    const logical = op === K.GreaterThanGreaterThanGreaterThanToken;
    const type: IntType = logical ? { ...promote(left.type), signed: false } : promote(left.type);
    if (right.value < 0n || right.value >= BigInt(type.bits)) return undefined;
    const value = foldBinary(op, wrap(left.value, type), right.value);
    return value === undefined ? undefined : constant(wrap(value, type), type, span);
  }
  const both = balance(left, right);
  if (!both || both.left.kind !== 'const' || both.right.kind !== 'const') return undefined;
  const value = foldBinary(op, wrap(both.left.value, both.type), wrap(both.right.value, both.type));
  return value === undefined ? undefined : constant(wrap(value, both.type), both.type, span);
}

function lowerShift(
  fx: FunctionScope,
  op: ts.SyntaxKind,
  left: Expr,
  right: Expr,
  span: Expr['span'],
): Expr {
  let base = settle(left);
  if (left.type.kind === 'untyped' && left.kind === 'const') {
    // `1 << n` is how a 64-bit mask is written; a literal is as wide as it can be.
    base = constant(
      left.value,
      left.value < 0n
        ? { kind: 'int', bits: 64, signed: true }
        : { kind: 'int', bits: 64, signed: false },
      left.span,
    );
  }
  if (base.type.kind !== 'int' && base.type.kind !== 'bool') return errorExpr(span);
  let type: IntType = promote(base.type);
  if (op === K.GreaterThanGreaterThanGreaterThanToken && type.signed) {
    type = { ...type, signed: false };
    base = { kind: 'cast', value: base, type, span: base.span };
  }
  if (right.kind === 'const' && (right.value < 0n || right.value >= BigInt(type.bits))) {
    fx.fe.report(shiftTooWide(span, String(right.value), describeType(type)));
    return errorExpr(span);
  }
  const c = op === K.LessThanLessThanToken ? '<<' : '>>';
  return shift(c, base, settle(right), type, span);
}

function lowerComparison(fx: FunctionScope, node: ts.BinaryExpression, op: BinaryOp): Expr {
  const span = spanOf(node);
  if (op === '==' || op === '!=') {
    const chained = compareChains(fx, node, op);
    if (chained) return chained;
  }
  let left = asReference(lowerExpr(fx, node.left));
  let right = asReference(lowerExpr(fx, node.right));
  if (isInteger(right.type)) left = loaded(left);
  if (isInteger(left.type)) right = loaded(right);
  if (left.type.kind === 'error' || right.type.kind === 'error') return errorExpr(span);
  if (isNullish(left) || isNullish(right)) {
    const tested = isNullish(left) ? right : left;
    // 0 is a number.
    if (isInteger(tested.type)) {
      const there = presenceOf(fx, isNullish(left) ? node.right : node.left, tested);
      return op === '==' ? negated(there) : there;
    }
    if (isObject(tested)) return evaluatedThen(tested, constant(op === '==' ? 0 : 1, BOOL, span));
    return op === '==' ? not(tested, span) : not(not(tested, span), span);
  }
  if (left.type.kind === 'ptr' && right.type.kind === 'ptr') {
    if (op === '==' || op === '!=') return binary(op, left, right, BOOL, span);
    fx.fe.report(booleanArithmetic(left.span, describeType(left.type)));
    return errorExpr(span);
  }
  if (!isInteger(left.type) || !isInteger(right.type)) {
    fx.fe.report(incompatible(right.span, describeType(right.type), describeType(left.type)));
    return errorExpr(span);
  }
  if (left.kind === 'const' && right.kind === 'const') {
    return constant(compareConstants(op, left.value, right.value) ? 1 : 0, BOOL, span);
  }
  const setup: Stmt[] = [];
  const [a, b] = inOrder(fx, [left, right], setup) as [Expr, Expr];
  const compared = after(setup, compareNumbers(fx, op, a, b, span), span);
  const unsure = isUncertain(fx, node.left, left)
    ? presenceOf(fx, node.left, left)
    : isUncertain(fx, node.right, right)
      ? presenceOf(fx, node.right, right)
      : undefined;
  if (!unsure) return compared;
  return conditional(unsure, compared, constant(op === '!=' ? 1 : 0, BOOL, span), BOOL, span);
}

export function compareNumbers(
  fx: FunctionScope,
  op: BinaryOp,
  left: Expr,
  right: Expr,
  span: Expr['span'],
): Expr {
  if (left.type.kind === 'bool' && right.type.kind === 'bool')
    return binary(op, left, right, BOOL, span);
  const both = balanceComparison(asSigned(left, right), asSigned(right, left));
  if (!both) return errorExpr(span);
  checkComparison(fx.fe, both.left, both.right, span);
  return binary(op, both.left, both.right, BOOL, span);
}

export function negated(test: Expr): Expr {
  return test.kind === 'const'
    ? constant(test.value === 0n ? 1 : 0, BOOL, test.span)
    : not(test, test.span);
}

/** A literal in a comparison keeps its own value: -1 beside a u64 is a mistake, not all ones. */
function balanceComparison(left: Expr, right: Expr): { left: Expr; right: Expr } | undefined {
  const keep = (literal: Expr): Expr =>
    literal.kind === 'const' && literal.type.kind === 'untyped' && literal.value < 0n
      ? constant(literal.value, literalType(literal.value), literal.span)
      : literal;
  return balance(keep(left), keep(right));
}

export function isNullish(expr: Expr): boolean {
  return expr.type.kind === 'null';
}

function compareConstants(op: BinaryOp, a: bigint, b: bigint): boolean {
  switch (op) {
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    case '==':
      return a === b;
    default:
      return a !== b;
  }
}

/** Whether the value of an expression is only tested, not kept. */
function isCondition(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isParenthesizedExpression(parent)) return isCondition(parent);
  if (ts.isPrefixUnaryExpression(parent)) return parent.operator === K.ExclamationToken;
  if (ts.isBinaryExpression(parent)) {
    const op = parent.operatorToken.kind;
    return (op === K.AmpersandAmpersandToken || op === K.BarBarToken) && isCondition(parent);
  }
  if (ts.isConditionalExpression(parent)) return parent.condition === node;
  return (
    ((ts.isIfStatement(parent) || ts.isWhileStatement(parent) || ts.isDoStatement(parent)) &&
      parent.expression === node) ||
    (ts.isForStatement(parent) && parent.condition === node)
  );
}

function lowerLogical(fx: FunctionScope, node: ts.BinaryExpression, expected?: CType): Expr {
  const span = spanOf(node);
  const and = node.operatorToken.kind === K.AmpersandAmpersandToken;
  const condition = isCondition(node) || expected?.kind === 'bool';
  const left = lowerExpr(fx, node.left, expected);
  const facts = existsFacts(fx, node.left);
  const right = fx.withKnown(and ? facts.whenTrue : facts.whenFalse, () =>
    lowerExpr(fx, node.right, expected),
  );
  if (left.type.kind === 'error' || right.type.kind === 'error') return errorExpr(span);
  const bothBool = left.type.kind === 'bool' && right.type.kind === 'bool';
  if (condition || bothBool) {
    return {
      kind: 'logical',
      op: and ? '&&' : '||',
      left: truth(left),
      right: truth(right),
      type: BOOL,
      span,
    };
  }
  if (right.type.kind === 'void') {
    // `cond && f()` as a statement.
    return conditional(truth(left), right, constant(0, right.type, span), right.type, span);
  }
  if (and && isObject(left)) return evaluatedThen(left, right);
  if (and) {
    const empty: Expr =
      right.type.kind === 'ptr' ? { kind: 'null', type: right.type, span } : untyped(0, span);
    const both = unify(fx, right, empty);
    return both ? conditional(truth(left), both.a, both.b, both.type, span) : errorExpr(span);
  }
  if (isObject(left)) return left;
  const both = unify(fx, left, right);
  if (!both) return errorExpr(span);
  return { kind: 'elvis', left: both.a, right: both.b, type: both.type, span };
}

/** `for (...; ...; i++, j--)`. */
function isLoopStep(node: ts.Expression): boolean {
  const { parent } = node;
  if (ts.isBinaryExpression(parent) && parent.operatorToken.kind === K.CommaToken)
    return isLoopStep(parent);
  return ts.isForStatement(parent) && parent.incrementor === node;
}
