import { ts } from 'ts-morph';
import { structLiteralNeedsType } from '../../diagnostics/catalogue/types.js';
import type { Expr } from '../../ir/nodes.js';
import { S64, U64, isInteger, type CType } from '../../ir/types.js';
import { balance, coerce } from '../convert.js';
import { isConstAssertion } from '../fold.js';
import { errorExpr } from '../make.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';
import { lowerExpr } from './index.js';
import { lowerArrayLiteral } from './objects.js';

/** `[a, b]`, also in parentheses, `as const` or `satisfies T`. */
export function arrayLiteral(
  node: ts.Expression | undefined,
): ts.ArrayLiteralExpression | undefined {
  while (
    node &&
    (ts.isParenthesizedExpression(node) || ts.isSatisfiesExpression(node) || isConstAssertion(node))
  )
    node = node.expression;
  return node && ts.isArrayLiteralExpression(node) ? node : undefined;
}

/** What `T[]`, `readonly T[]`, `Array<T>` and `ReadonlyArray<T>` are arrays of: their length is the literal's. */
export function openArrayOf(node: ts.TypeNode | undefined): ts.TypeNode | undefined {
  while (node && (ts.isTypeOperatorNode(node) || ts.isParenthesizedTypeNode(node)))
    node = node.type;
  if (!node) return undefined;
  if (ts.isArrayTypeNode(node)) return node.elementType;
  if (!ts.isTypeReferenceNode(node) || !/^(Readonly)?Array$/.test(node.typeName.getText()))
    return undefined;
  return node.typeArguments?.[0];
}

/** A list of numbers: of a type that is given, or of one that holds each of them. */
export function lowerList(
  fx: FunctionScope,
  node: ts.ArrayLiteralExpression,
  of: CType | undefined,
): Expr {
  const span = spanOf(node);
  const length = node.elements.length;
  if (of) return lowerArrayLiteral(fx, node, { kind: 'array', of, length });
  const values = node.elements.map((e) => lowerExpr(fx, e));
  if (values.some((v) => v.type.kind === 'error')) return errorExpr(span);
  const type = commonElement(values);
  if (!type) {
    fx.fe.report(structLiteralNeedsType(span));
    return errorExpr(span);
  }
  const fields = values.map((value) => ({ name: undefined, value: coerce(fx.fe, value, type) }));
  return { kind: 'init', fields, type: { kind: 'array', of: type, length }, span };
}

function commonElement(values: Expr[]): CType | undefined {
  const [first] = values;
  if (!first || !values.every((v) => isInteger(v.type))) return undefined;
  if (values.every((v) => v.type.kind === 'bool')) return first.type;
  if (values.every((v) => v.type.kind === 'untyped'))
    return values.every((v) => v.kind === 'const' && v.value >= 0n) ? U64 : S64;
  const widest = values.reduce<Expr | undefined>((a, b) => {
    const both = a && balance(a, b);
    return both && { ...both.left, type: both.type };
  }, first);
  return widest?.type;
}
