import { ts } from 'ts-morph';
import type { Expr } from '../../ir/nodes.js';
import type { CType, PtrType } from '../../ir/types.js';
import { conditional, declStmt, errorExpr, isPure, useLocal } from '../make.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';
import { memberOf } from './access.js';
import { lowerExpr } from './index.js';

/** What a chain gives where it reaches its end, and where a link is null. */
type Finish = (value: Expr) => { value: Expr; otherwise: Expr; type: CType } | undefined;

/** `a?.b.c`: one test of `a`, then the rest. Undefined if the expression has no optional link. */
export function lowerChain(
  fx: FunctionScope,
  node: ts.Expression,
  finish: Finish,
): Expr | undefined {
  if (ts.isParenthesizedExpression(node)) return lowerChain(fx, node.expression, finish);
  if (!ts.isPropertyAccessExpression(node) || (node.flags & ts.NodeFlags.OptionalChain) === 0)
    return undefined;
  const links: ts.PropertyAccessExpression[] = [];
  let head: ts.Expression = node;
  while (ts.isPropertyAccessExpression(head)) {
    links.unshift(head);
    const optional = head.questionDotToken !== undefined;
    head = head.expression;
    if (optional) break;
  }
  const span = spanOf(node);
  const base = lowerExpr(fx, head);
  if (base.type.kind === 'error') return errorExpr(span);
  const setup =
    isPure(base) || base.type.kind !== 'ptr' ? undefined : fx.temp('link', base.type, span);
  const tested = setup ? useLocal(setup, span) : base;
  const nonNull: Expr =
    tested.type.kind === 'ptr'
      ? { ...tested, type: { ...(tested.type satisfies PtrType), nullable: false } }
      : tested;
  const value = links.reduce<Expr>((on, link) => memberOf(fx, on, link), nonNull);
  if (value.type.kind === 'error') return errorExpr(span);
  const ends = finish(value);
  if (!ends) return errorExpr(span);
  const result = conditional(tested, ends.value, ends.otherwise, ends.type, span);
  return setup
    ? { kind: 'block', body: [declStmt(setup, base, span)], result, type: ends.type, span }
    : result;
}
