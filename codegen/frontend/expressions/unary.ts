import { ts } from 'ts-morph';
import { isSized } from '../../ir/integers.js';
import type { Expr, Stmt } from '../../ir/nodes.js';
import { type CType } from '../../ir/types.js';
import { integerOperand, promote, settle, truth, wrap } from '../convert.js';
import { foldUnary } from '../fold.js';
import { conditional, constant, deref, errorExpr, not, untyped } from '../make.js';
import { after } from '../order.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';
import { lowerExpr } from './index.js';
import { lowerTarget } from './target.js';

const K = ts.SyntaxKind;

export function lowerPrefix(
  fx: FunctionScope,
  node: ts.PrefixUnaryExpression,
  expected?: CType,
): Expr {
  const span = spanOf(node);
  if (node.operator === K.PlusPlusToken || node.operator === K.MinusMinusToken) {
    return step(fx, node, node.operand, node.operator, true);
  }
  if (node.operator === K.ExclamationToken) {
    const operand = lowerExpr(fx, node.operand);
    return operand.type.kind === 'error' ? errorExpr(span) : not(truth(operand), span);
  }
  const operand = integerOperand(fx.fe, lowerExpr(fx, node.operand, expected));
  if (operand.type.kind === 'error') return errorExpr(span);
  if (operand.kind === 'const') {
    const value = foldUnary(node.operator, operand.value);
    if (value !== undefined && operand.type.kind === 'untyped') return untyped(value, span);
    if (value !== undefined && (operand.type.kind === 'int' || operand.type.kind === 'bool')) {
      const type = promote(operand.type);
      return constant(wrap(value, type), type, span);
    }
  }
  const settled = settle(operand);
  if (settled.type.kind !== 'int' && settled.type.kind !== 'bool') return errorExpr(span);
  const type = promote(settled.type);
  if (node.operator === K.PlusToken) return { kind: 'cast', value: settled, type, span };
  return {
    kind: 'unary',
    op: node.operator === K.MinusToken ? '-' : '~',
    operand: settled,
    type,
    span,
  };
}

export function lowerPostfix(fx: FunctionScope, node: ts.PostfixUnaryExpression): Expr {
  return step(fx, node, node.operand, node.operator, false);
}

function step(
  fx: FunctionScope,
  node: ts.Expression,
  operand: ts.Expression,
  operator: ts.SyntaxKind,
  prefix: boolean,
): Expr {
  const span = spanOf(node);
  const target = lowerTarget(fx, operand);
  if (!target) return errorExpr(span);
  const up = operator === K.PlusPlusToken;
  const op = up ? '++' : '--';
  const number = integerOperand(fx.fe, target.lvalue ?? target.read(span));
  if (number.type.kind === 'error') return errorExpr(span);
  if (target.lvalue) {
    return { kind: 'step', op, prefix, target: target.lvalue, type: target.type, span };
  }
  // An element that may be out of range: it is 0 there, and what it is stepped to is not kept.
  const setup: Stmt[] = [];
  const { pointer } = target.once(setup);
  if (!pointer) return errorExpr(span);
  const place = deref(pointer, span);
  const stepped: Expr = { kind: 'step', op, prefix, target: place, type: target.type, span };
  const by = up ? 1n : -1n;
  const none = constant(
    prefix && isSized(target.type) ? wrap(by, target.type) : 0n,
    target.type,
    span,
  );
  return after(setup, conditional(pointer, stepped, none, target.type, span), span);
}
