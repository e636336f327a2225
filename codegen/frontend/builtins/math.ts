import type { ts } from 'ts-morph';
import { standardLibrary } from '../../diagnostics/catalogue/syntax.js';
import { emptyRange } from '../../diagnostics/catalogue/types.js';
import type { Expr } from '../../ir/nodes.js';
import { INT_TYPES, type CType, type IntType } from '../../ir/types.js';
import { balance, checkComparison, integerOperand, promote, settle } from '../convert.js';
import { lowerExpr } from '../expressions/index.js';
import { errorExpr, operation, untyped } from '../make.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';
import type { BuiltinCall } from './index.js';

/** `Math.min(a, b, ...)` and `Math.max`: each argument is evaluated once. */
function extreme(which: 'min' | 'max'): BuiltinCall {
  return (fx, node, expected) => {
    const span = spanOf(node);
    const args = node.arguments.map((a) => integerOperand(fx.fe, lowerExpr(fx, a, expected)));
    const first = args[0];
    if (!first) fx.fe.report(standardLibrary(span, `Math.${which}() of nothing`));
    if (!first || args.some((a) => a.type.kind === 'error')) return errorExpr(span);
    return args.slice(1).reduce((a, b) => pairwise(fx, which, a, b, span), first);
  };
}

function pairwise(
  fx: FunctionScope,
  which: 'min' | 'max',
  a: Expr,
  b: Expr,
  span: Expr['span'],
): Expr {
  if (a.kind === 'const' && b.kind === 'const') {
    const aIsLess = a.value < b.value;
    return aIsLess === (which === 'min') ? a : b;
  }
  const both = balance(a, b);
  if (!both) return errorExpr(span);
  checkComparison(fx.fe, both.left, both.right, span);
  return operation({ kind: which }, [both.left, both.right], both.type, span);
}

function abs(fx: FunctionScope, node: ts.CallExpression, expected?: CType): Expr {
  const span = spanOf(node);
  const argument = node.arguments[0];
  const value = argument
    ? integerOperand(fx.fe, lowerExpr(fx, argument, expected))
    : errorExpr(span);
  if (value.type.kind === 'error') return value;
  if (value.kind === 'const' && value.type.kind === 'untyped') {
    return untyped(value.value < 0n ? -value.value : value.value, span);
  }
  const settled = settle(value);
  const type: IntType =
    settled.type.kind === 'int' || settled.type.kind === 'bool'
      ? promote(settled.type)
      : INT_TYPES['s64']!;
  return type.signed ? operation({ kind: 'abs' }, [settled], type, span) : settled;
}

/** `clamp(x, low, high)` of the kernel's headers: low is not above high. */
export function lowerClamp(fx: FunctionScope, node: ts.CallExpression, expected?: CType): Expr {
  const span = spanOf(node);
  const [value, low, high] = node.arguments.map((a) =>
    integerOperand(fx.fe, lowerExpr(fx, a, expected)),
  );
  if (!value || !low || !high) return errorExpr(span);
  if ([value, low, high].some((a) => a.type.kind === 'error')) return errorExpr(span);
  if (low.kind === 'const' && high.kind === 'const' && low.value > high.value) {
    fx.fe.report(emptyRange(low.span, String(low.value), String(high.value)));
    return errorExpr(span);
  }
  return pairwise(fx, 'min', pairwise(fx, 'max', value, low, span), high, span);
}

/** What the language has of JavaScript's Math, on integers. */
export const MATH: ReadonlyMap<string, BuiltinCall> = new Map<string, BuiltinCall>([
  ['min', extreme('min')],
  ['max', extreme('max')],
  ['abs', abs],
]);
