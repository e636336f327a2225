import { ts } from 'ts-morph';
import { dynamicAccess, closures, notInLanguage } from '../../diagnostics/catalogue/syntax.js';
import { noSuchMethod } from '../../diagnostics/catalogue/state.js';
import type { Expr } from '../../ir/nodes.js';
import { U32, describeType, isAggregate, type CType, type PtrType } from '../../ir/types.js';
import { lowerValueMethod } from '../builtins/value-methods.js';
import { asReference, isObject, regionOf } from '../convert.js';
import {
  addressOf,
  conditional,
  constant,
  declStmt,
  errorExpr,
  isPure,
  useLocal,
} from '../make.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';
import { memberOf } from './access.js';
import { element, readElement } from './elements.js';
import { lowerExpr } from './index.js';

/** What a chain gives where it reaches its end, and where a link is null. */
type Finish = (value: Expr) => { value: Expr; otherwise: Expr; type: CType } | undefined;

/** `.b`, `[i]`, or `.b(...)`, which is two nodes of the syntax and one link. */
type Link =
  | { kind: 'member'; node: ts.PropertyAccessExpression }
  | { kind: 'element'; node: ts.ElementAccessExpression }
  | { kind: 'method'; node: ts.CallExpression; name: ts.MemberName };

/** Whether a test of `a` in `a?.b` guards this expression. */
export function isOptional(node: ts.Expression): boolean {
  return (node.flags & ts.NodeFlags.OptionalChain) !== 0;
}

/** `a?.b.c`, `a?.b[i]`, `a?.f(x)`: one test of `a`, then the rest. Undefined if no link is optional. */
export function lowerChain(
  fx: FunctionScope,
  node: ts.Expression,
  finish: Finish = zeroOtherwise,
): Expr | undefined {
  if (ts.isParenthesizedExpression(node)) return lowerChain(fx, node.expression, finish);
  if (!isOptional(node)) return undefined;
  const span = spanOf(node);
  const parts = linksOf(fx, node);
  if (!parts) return errorExpr(span);
  const base = asReference(lowerExpr(fx, parts.head));
  if (base.type.kind === 'error') return errorExpr(span);
  const needsPlace = base.type.kind === 'ptr' || base.type.kind === 'opaque';
  const setup = isPure(base) || !needsPlace ? undefined : fx.temp('link', base.type, span);
  const tested = setup ? useLocal(setup, span) : base;
  const nonNull: Expr =
    tested.type.kind === 'ptr'
      ? { ...tested, type: { ...(tested.type satisfies PtrType), nullable: false } }
      : tested;
  const value = parts.links.reduce<Expr>((on, link) => follow(fx, on, link), nonNull);
  if (value.type.kind === 'error') return errorExpr(span);
  if (value.release) {
    // What is acquired on one of two ways only cannot be followed.
    fx.fe.report(notInLanguage(span, "acquiring behind '?.'", 'test first: if (x) { ... }'));
    return errorExpr(span);
  }
  const ends = finish(value);
  if (!ends) return errorExpr(span);
  if (isObject(base)) return ends.value;
  const result = conditional(tested, ends.value, ends.otherwise, ends.type, span);
  return setup
    ? { kind: 'block', body: [declStmt(setup, base, span)], result, type: ends.type, span }
    : result;
}

export function zeroOtherwise(value: Expr): ReturnType<Finish> {
  const reference = isAggregate(value.type) ? addressOf(value, regionOf(value), value.span) : value;
  const otherwise: Expr =
    reference.type.kind === 'ptr'
      ? { kind: 'null', type: { ...reference.type, nullable: true }, span: value.span }
      : constant(0, reference.type, value.span);
  return { value: reference, otherwise, type: otherwise.type };
}

/** The links from the last optional one to the end, and what they start from. */
function linksOf(
  fx: FunctionScope,
  node: ts.Expression,
): { head: ts.Expression; links: Link[] } | undefined {
  const links: Link[] = [];
  let head: ts.Expression = node;
  for (;;) {
    let optional: boolean;
    if (ts.isPropertyAccessExpression(head)) {
      links.unshift({ kind: 'member', node: head });
      optional = head.questionDotToken !== undefined;
      head = head.expression;
    } else if (ts.isElementAccessExpression(head)) {
      links.unshift({ kind: 'element', node: head });
      optional = head.questionDotToken !== undefined;
      head = head.expression;
    } else if (ts.isCallExpression(head) && ts.isPropertyAccessExpression(head.expression)) {
      const callee = head.expression;
      links.unshift({ kind: 'method', node: head, name: callee.name });
      optional = callee.questionDotToken !== undefined;
      head = callee.expression;
    } else {
      fx.fe.report(closures(spanOf(head), 'this expression'));
      return undefined;
    }
    if (optional) return { head, links };
  }
}

function follow(fx: FunctionScope, on: Expr, link: Link): Expr {
  const span = spanOf(link.node);
  if (on.type.kind === 'error') return errorExpr(span);
  switch (link.kind) {
    case 'member':
      return memberOf(fx, on, link.node);
    case 'element': {
      const index = lowerExpr(fx, link.node.argumentExpression, U32);
      if (index.type.kind === 'error') return errorExpr(span);
      const found = element(fx, on, index, span);
      if (found) return readElement(fx, found, span);
      fx.fe.report(dynamicAccess(span));
      return errorExpr(span);
    }
    case 'method': {
      const result = lowerValueMethod(fx, on, link.name.text, link.node);
      if (result) return result;
      fx.fe.report(noSuchMethod(spanOf(link.name), link.name.text, describeType(on.type)));
      return errorExpr(span);
    }
  }
}
