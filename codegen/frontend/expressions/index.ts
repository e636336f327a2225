import { ts } from 'ts-morph';
import * as syntax from '../../diagnostics/catalogue/syntax.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Expr } from '../../ir/nodes.js';
import type { CType } from '../../ir/types.js';
import { isConstAssertion } from '../fold.js';
import { errorExpr } from '../make.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';
import { lowerElementAccess, lowerPropertyAccess } from './access.js';
import { lowerBinary } from './binary.js';
import { lowerCall } from './calls.js';
import { lowerConditional } from './conditional.js';
import { lowerLiteral } from './literals.js';
import { lowerIdentifier } from './names.js';
import { lowerArrayLiteral, lowerObjectLiteral } from './objects.js';
import { lowerPostfix, lowerPrefix } from './unary.js';

/** Lowers one syntax kind. `expected` is the type of the place the value goes to, where known. */
export type ExprVisitor<N extends ts.Node = ts.Node> = (
  fx: FunctionScope,
  node: N,
  expected?: CType,
) => Expr;

const visitors = new Map<ts.SyntaxKind, ExprVisitor>();
function on<N extends ts.Node>(kind: ts.SyntaxKind, visitor: ExprVisitor<N>): void {
  visitors.set(kind, visitor as ExprVisitor);
}

on<ts.ParenthesizedExpression>(ts.SyntaxKind.ParenthesizedExpression, (fx, node, expected) =>
  lowerExpr(fx, node.expression, expected),
);
on(ts.SyntaxKind.NumericLiteral, lowerLiteral);
on(ts.SyntaxKind.BigIntLiteral, lowerLiteral);
on(ts.SyntaxKind.TrueKeyword, lowerLiteral);
on(ts.SyntaxKind.FalseKeyword, lowerLiteral);
on(ts.SyntaxKind.NullKeyword, lowerLiteral);
on(ts.SyntaxKind.StringLiteral, lowerLiteral);
on(ts.SyntaxKind.NoSubstitutionTemplateLiteral, lowerLiteral);
on(ts.SyntaxKind.Identifier, lowerIdentifier);
on(ts.SyntaxKind.PropertyAccessExpression, lowerPropertyAccess);
on(ts.SyntaxKind.ElementAccessExpression, lowerElementAccess);
on(ts.SyntaxKind.BinaryExpression, lowerBinary);
on(ts.SyntaxKind.PrefixUnaryExpression, lowerPrefix);
on(ts.SyntaxKind.PostfixUnaryExpression, lowerPostfix);
on(ts.SyntaxKind.ConditionalExpression, lowerConditional);
on(ts.SyntaxKind.CallExpression, lowerCall);
on(ts.SyntaxKind.ObjectLiteralExpression, lowerObjectLiteral);
on(ts.SyntaxKind.ArrayLiteralExpression, lowerArrayLiteral);
// `x satisfies T` changes nothing at run time and hides nothing from the verifier.
on<ts.SatisfiesExpression>(ts.SyntaxKind.SatisfiesExpression, (fx, node, expected) =>
  lowerExpr(fx, node.expression, expected),
);

function reject(kind: ts.SyntaxKind, make: (node: ts.Node) => Diagnostic): void {
  on(kind, (fx, node) => {
    fx.fe.report(make(node));
    return errorExpr(spanOf(node));
  });
}

reject(ts.SyntaxKind.AwaitExpression, (n) => syntax.asyncCode(spanOf(n), 'await'));
reject(ts.SyntaxKind.YieldExpression, (n) => syntax.generator(spanOf(n)));
reject(ts.SyntaxKind.ClassExpression, (n) => syntax.classes(spanOf(n), 'class'));
reject(ts.SyntaxKind.NewExpression, (n) => syntax.classes(spanOf(n), 'new'));
reject(ts.SyntaxKind.ThisKeyword, (n) => syntax.classes(spanOf(n), 'this'));
reject(ts.SyntaxKind.SuperKeyword, (n) => syntax.classes(spanOf(n), 'super'));
reject(ts.SyntaxKind.ArrowFunction, functionValue);
reject(ts.SyntaxKind.FunctionExpression, functionValue);
reject(ts.SyntaxKind.RegularExpressionLiteral, (n) => syntax.regularExpression(spanOf(n)));
reject(ts.SyntaxKind.TemplateExpression, (n) => syntax.stringBuilding(spanOf(n)));
reject(ts.SyntaxKind.TaggedTemplateExpression, (n) => syntax.stringBuilding(spanOf(n)));
reject(ts.SyntaxKind.SpreadElement, (n) => syntax.spread(spanOf(n)));
on(ts.SyntaxKind.AsExpression, (fx, node, expected) => {
  if (isConstAssertion(node)) return lowerExpr(fx, node.expression, expected);
  fx.fe.report(syntax.typeAssertion(spanOf(node), "'as'"));
  return errorExpr(spanOf(node));
});
reject(ts.SyntaxKind.TypeAssertionExpression, (n) =>
  syntax.typeAssertion(spanOf(n), 'a type assertion'),
);
reject(ts.SyntaxKind.NonNullExpression, (n) => syntax.typeAssertion(spanOf(n), "'!'"));
reject(ts.SyntaxKind.TypeOfExpression, (n) =>
  syntax.notInLanguage(spanOf(n), 'typeof', 'every value has a fixed type; compare values instead'),
);
reject(ts.SyntaxKind.DeleteExpression, (n) =>
  syntax.notInLanguage(spanOf(n), 'delete', 'delete a map entry with m.delete(key)'),
);
reject(ts.SyntaxKind.VoidExpression, (n) =>
  syntax.notInLanguage(spanOf(n), 'void', 'write the call as a statement'),
);

/** Lowers any expression. Never throws: what it does not know becomes a diagnostic. */
export function lowerExpr(fx: FunctionScope, node: ts.Expression, expected?: CType): Expr {
  const visitor = visitors.get(node.kind);
  if (visitor) return visitor(fx, node, expected);
  fx.fe.report(syntax.internalNode(spanOf(node), ts.SyntaxKind[node.kind]));
  return errorExpr(spanOf(node));
}

function functionValue(node: ts.Node): Diagnostic {
  const fn = node as ts.ArrowFunction | ts.FunctionExpression;
  const asynchronous = fn.modifiers?.find((m) => m.kind === ts.SyntaxKind.AsyncKeyword);
  if (asynchronous) return syntax.asyncCode(spanOf(asynchronous), 'async');
  if (fn.asteriskToken) return syntax.generator(spanOf(fn.asteriskToken));
  return syntax.closures(spanOf(fn), 'a function');
}
