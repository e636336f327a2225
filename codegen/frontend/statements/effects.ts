import { ts } from 'ts-morph';
import type { Expr, Stmt } from '../../ir/nodes.js';
import type { Span } from '../../ir/span.js';
import { truth } from '../convert.js';
import { existsFacts } from '../exists.js';
import { lowerExpr } from '../expressions/index.js';
import { exprStmt, not } from '../make.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';

const K = ts.SyntaxKind;

/** An expression whose value no one looks at: `f();`, `a && f();`, `c ? f() : g();`. */
export function lowerForEffects(fx: FunctionScope, node: ts.Expression): Stmt[] {
  if (ts.isParenthesizedExpression(node)) return lowerForEffects(fx, node.expression);
  if (ts.isConditionalExpression(node)) {
    const test = truth(lowerExpr(fx, node.condition));
    if (test.type.kind === 'error') return [];
    const facts = existsFacts(fx, node.condition);
    const then = fx.withKnown(facts.whenTrue, () => lowerForEffects(fx, node.whenTrue));
    const other = fx.withKnown(facts.whenFalse, () => lowerForEffects(fx, node.whenFalse));
    return [branch(test, then, other, spanOf(node))];
  }
  const op = ts.isBinaryExpression(node) ? node.operatorToken.kind : undefined;
  if (ts.isBinaryExpression(node) && (op === K.AmpersandAmpersandToken || op === K.BarBarToken)) {
    const test = truth(lowerExpr(fx, node.left));
    if (test.type.kind === 'error') return [];
    const facts = existsFacts(fx, node.left);
    const and = op === K.AmpersandAmpersandToken;
    const then = fx.withKnown(and ? facts.whenTrue : facts.whenFalse, () =>
      lowerForEffects(fx, node.right),
    );
    return [branch(and ? test : not(test, test.span), then, [], spanOf(node))];
  }
  if (ts.isBinaryExpression(node) && op === K.CommaToken)
    return [...lowerForEffects(fx, node.left), ...lowerForEffects(fx, node.right)];
  return effectsOnly(lowerExpr(fx, node), spanOf(node));
}

function branch(test: Expr, then: Stmt[], other: Stmt[], span: Span): Stmt {
  return {
    kind: 'if',
    test,
    then: { kind: 'block', body: then, span },
    ...(other.length > 0 ? { else: { kind: 'block', body: other, span } as Stmt } : {}),
    span,
  };
}

/** A lowered expression as a statement: a call with several results is its call. */
export function effectsOnly(expr: Expr, span: Span): Stmt[] {
  if (expr.kind === 'error') return [];
  if (expr.kind === 'record') return [{ kind: 'block', body: expr.setup, span }];
  return [exprStmt(expr, span)];
}
