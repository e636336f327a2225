import type { ts } from 'ts-morph';
import { incompatible } from '../../diagnostics/catalogue/types.js';
import type { Expr, Stmt } from '../../ir/nodes.js';
import { BOOL, describeType, isInteger, type CType } from '../../ir/types.js';
import { asReference, loaded } from '../convert.js';
import { hasEffects } from '../effects.js';
import {
  assign,
  binary,
  conditional,
  constant,
  declStmt,
  exprStmt,
  not,
  useLocal,
  either,
} from '../make.js';
import { after, pinned } from '../order.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';
import { compareNumbers, isNullish, negated } from './binary.js';
import { isOptional, lowerChain, zeroOtherwise } from './chain.js';
import { lowerExpr } from './index.js';
import { isUncertain, presenceOf } from './presence.js';
import { unwrapped } from './used.js';

/** `a?.n === 0` is false, and `a?.n === undefined` true, where there is no `a`. */
export function compareChains(
  fx: FunctionScope,
  node: ts.BinaryExpression,
  op: '==' | '!=',
): Expr | undefined {
  const [left, right] = [unwrapped(node.left), unwrapped(node.right)];
  if (!isOptional(left) && !isOptional(right)) return undefined;
  if (isOptional(left) && isOptional(right)) return compareSides(fx, node, op);
  const [chain, other] = isOptional(left) ? [left, right] : [right, left];
  const against = lowerExpr(fx, other);
  if (against.type.kind === 'error') return against;
  // What is compared with is evaluated in any case, and in its turn.
  if (hasEffects(against) || isUncertain(fx, other, against))
    return compareSides(
      fx,
      node,
      op,
      isOptional(left) ? [undefined, against] : [against, undefined],
    );
  return compareChain(fx, node, op, chain, against);
}

/** A chain beside a plain value: one test, then the comparison. */
function compareChain(
  fx: FunctionScope,
  node: ts.BinaryExpression,
  op: '==' | '!=',
  chain: ts.Expression,
  against: Expr,
): Expr | undefined {
  const span = spanOf(node);
  return lowerChain(fx, chain, (value) => {
    const nothing = isNullish(against);
    const otherwise = constant(nothing === (op === '==') ? 1 : 0, BOOL, span);
    if (value.type.kind === 'ptr' && !isInteger(against.type)) {
      const reference = asReference(against);
      if (nothing)
        return {
          value: op === '==' ? not(value, span) : not(not(value, span), span),
          otherwise,
          type: BOOL,
        };
      return { value: binary(op, value, reference, BOOL, span), otherwise, type: BOOL };
    }
    const number = loaded(value);
    if (nothing) return { value: negated(otherwise), otherwise, type: BOOL };
    const right = loaded(against);
    if (!isInteger(number.type) || !isInteger(right.type)) {
      fx.fe.report(incompatible(right.span, describeType(right.type), describeType(number.type)));
      return undefined;
    }
    return { value: compareNumbers(fx, op, number, right, span), otherwise, type: BOOL };
  });
}

/** A side of a comparison, and whether it is there: always where nothing says so. */
interface Side {
  value: Expr;
  there?: Expr;
}

/** Both sides with what says whether they are there. */
function compareSides(
  fx: FunctionScope,
  node: ts.BinaryExpression,
  op: '==' | '!=',
  [first, second]: [Expr?, Expr?] = [],
): Expr {
  const span = spanOf(node);
  const setup: Stmt[] = [];
  const left = side(fx, node.left, setup, first);
  const right = side(fx, node.right, setup, second);
  const [a, b] = [left.value, right.value];
  if (a.type.kind === 'error' || b.type.kind === 'error') return a.type.kind === 'error' ? a : b;
  if (isInteger(a.type) !== isInteger(b.type) && !isNullish(a) && !isNullish(b)) {
    fx.fe.report(incompatible(b.span, describeType(b.type), describeType(a.type)));
    return a;
  }
  const equal = equality(fx, left, right, span);
  return after(setup, op === '==' ? equal : negated(equal), span);
}

function side(
  fx: FunctionScope,
  node: ts.Expression,
  setup: Stmt[],
  lowered: Expr | undefined,
): Side {
  const at = unwrapped(node);
  const span = spanOf(node);
  if (!isOptional(at)) {
    const given = lowered ?? lowerExpr(fx, at);
    const there = isUncertain(fx, at, given) ? presenceOf(fx, at, given) : undefined;
    const value = pinned(fx, isInteger(given.type) ? given : asReference(given), setup);
    return { value, ...(there ? { there } : {}) };
  }
  const there = fx.temp('there', BOOL, span);
  let counts = false;
  const value = lowerChain(fx, at, (end) => {
    const number = loaded(end);
    if (!isInteger(number.type)) return zeroOtherwise(end);
    counts = true;
    const type: CType = number.type;
    const note = exprStmt(assign(useLocal(there, span), constant(1, BOOL, span), span));
    const noted: Expr = { kind: 'block', body: [note], result: number, type, span };
    return { value: noted, otherwise: constant(0, type, span), type };
  });
  if (!value) return { value: lowerExpr(fx, at) };
  if (counts) setup.push(declStmt(there, constant(0, BOOL, span), span));
  return { value: pinned(fx, value, setup), ...(counts ? { there: useLocal(there, span) } : {}) };
}

function equality(fx: FunctionScope, left: Side, right: Side, span: Expr['span']): Expr {
  const [a, b] = [left.value, right.value];
  const yes = constant(1, BOOL, span);
  if (isNullish(a) || isNullish(b)) {
    const other = isNullish(a) ? right : left;
    if (isNullish(other.value)) return yes;
    return other.there ? not(other.there, span) : not(other.value, span);
  }
  if (!isInteger(a.type)) return binary('==', a, b, BOOL, span);
  const same = compareNumbers(fx, '==', a, b, span);
  const { there: one } = left;
  const { there: two } = right;
  if (one && two) {
    const alike = binary('==', one, two, BOOL, span);
    const equal = either([not(one, span), same], span);
    return { kind: 'logical', op: '&&', left: alike, right: equal, type: BOOL, span };
  }
  const there = one ?? two;
  return there ? conditional(there, same, constant(0, BOOL, span), BOOL, span) : same;
}
