import { ts } from 'ts-morph';
import type { Expr } from '../../ir/nodes.js';
import { type CType } from '../../ir/types.js';
import { integerOperand, promote, settle, truth, wrap } from '../convert.js';
import { foldUnary } from '../fold.js';
import {
  conditional,
  constant,
  declStmt,
  deref,
  errorExpr,
  not,
  untyped,
  useLocal,
} from '../make.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';
import { compound } from './assign.js';
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
  if (target.lvalue) {
    integerOperand(fx.fe, target.lvalue);
    return {
      kind: 'step',
      op: up ? '++' : '--',
      prefix,
      target: target.lvalue,
      type: target.type,
      span,
    };
  }
  const op = up ? '++' : '--';
  if (target.pointer) {
    // An element that may be out of range: stepping it gives 0 there.
    const local = fx.temp('elem', target.pointer.type, span);
    const place = deref(useLocal(local, span), span);
    const stepped: Expr = { kind: 'step', op, prefix, target: place, type: target.type, span };
    return {
      kind: 'block',
      body: [declStmt(local, target.pointer, span)],
      result: conditional(
        useLocal(local, span),
        stepped,
        constant(0, target.type, span),
        target.type,
        span,
      ),
      type: target.type,
      span,
    };
  }
  return compound(fx, target, up ? K.PlusToken : K.MinusToken, untyped(1, span), node);
}
