import type { ts } from 'ts-morph';
import { incompatible } from '../../diagnostics/catalogue/types.js';
import type { Expr } from '../../ir/nodes.js';
import { describeType, isInteger, sameType, type CType, type Trust } from '../../ir/types.js';
import { asReference, balance, coerce, isCpumask, truth } from '../convert.js';
import { isSection, sameRelease } from '../../ir/releases.js';
import { existsFacts } from '../exists.js';
import { conditional, errorExpr } from '../make.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';
import { lowerExpr } from './index.js';

const TRUST: readonly Trust[] = ['trusted', 'rcu', 'untrusted'];

function weaker(a: Trust | undefined, b: Trust | undefined): Trust | undefined {
  return a && b && TRUST.indexOf(a) < TRUST.indexOf(b) ? b : (a ?? b);
}

/** Two alternatives of one value, brought to one type; undefined (reported) where there is none. */
export function unify(
  fx: FunctionScope,
  a: Expr,
  b: Expr,
): { a: Expr; b: Expr; type: CType } | undefined {
  if (a.type.kind === 'error' || b.type.kind === 'error') return undefined;
  const left = asReference(a);
  const right = asReference(b);
  if (isInteger(left.type) && isInteger(right.type)) {
    if (left.type.kind === 'bool' && right.type.kind === 'bool')
      return { a: left, b: right, type: left.type };
    if (left.type.kind === 'untyped' && right.type.kind === 'untyped') {
      // Two literals: what the value meets decides their width.
      return { a: left, b: right, type: left.type };
    }
    const both = balance(left, right);
    return both && { a: both.left, b: both.right, type: both.type };
  }
  if (left.type.kind === 'null' && right.type.kind === 'ptr') {
    return { a: left, b: right, type: { ...right.type, nullable: true } };
  }
  if (left.type.kind === 'ptr' && right.type.kind === 'null')
    return { a: left, b: right, type: { ...left.type, nullable: true } };
  if (left.type.kind === 'ptr' && right.type.kind === 'ptr') {
    // A bpf_cpumask serves as a cpumask.
    const [x, y] = isCpumask(left.type, right.type)
      ? [coerce(fx.fe, left, right.type), right]
      : isCpumask(right.type, left.type)
        ? [left, coerce(fx.fe, right, left.type)]
        : [left, right];
    if (x.type.kind === 'ptr' && y.type.kind === 'ptr' && sameType(x.type, y.type)) {
      const trust = weaker(x.type.trust, y.type.trust);
      const nullable = left.type.nullable || right.type.nullable;
      return { a: x, b: y, type: { ...x.type, nullable, ...(trust ? { trust } : {}) } };
    }
  }
  if (left.type.kind !== 'ptr' && left.type.kind === right.type.kind)
    return { a: left, b: right, type: left.type };
  fx.fe.report(incompatible(b.span, describeType(right.type), describeType(left.type)));
  return undefined;
}

/** What is made of two alternatives: where both are acquired alike, or one is null, the whole is released as they are. */
export function withRelease(a: Expr, b: Expr, make: (a: Expr, b: Expr) => Expr): Expr {
  const release = a.release ?? b.release;
  const alike = [a, b].every((e) => sameRelease(e.release, release) || e.type.kind === 'null');
  // What ends with a block is no object.
  if (release === undefined || !alike || isSection(release)) return make(a, b);
  const bare = ({ release: _, ...rest }: Expr): Expr => rest as Expr;
  return { ...make(bare(a), bare(b)), release };
}

export function lowerConditional(
  fx: FunctionScope,
  node: ts.ConditionalExpression,
  expected?: CType,
): Expr {
  const test = truth(lowerExpr(fx, node.condition));
  const facts = existsFacts(fx, node.condition);
  const then = fx.withKnown(facts.whenTrue, () => lowerExpr(fx, node.whenTrue, expected));
  const otherwise = fx.withKnown(facts.whenFalse, () => lowerExpr(fx, node.whenFalse, expected));
  const both = unify(fx, then, otherwise);
  if (!both) return errorExpr(spanOf(node));
  return withRelease(both.a, both.b, (a, b) => conditional(test, a, b, both.type, spanOf(node)));
}
