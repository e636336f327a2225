import { ts } from 'ts-morph';
import { textEnds } from '../../diagnostics/catalogue/meaning.js';
import { floatLiteral } from '../../diagnostics/catalogue/types.js';
import type { Expr } from '../../ir/nodes.js';
import { BOOL, STRING } from '../../ir/types.js';
import { literalValue } from '../fold.js';
import { constant, errorExpr, nullExpr, untyped } from '../make.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';

export function lowerLiteral(fx: FunctionScope, node: ts.Node): Expr {
  const span = spanOf(node);
  if (ts.isNumericLiteral(node) || ts.isBigIntLiteral(node)) {
    const value = literalValue(node);
    if (value !== undefined) return untyped(value, span);
    fx.fe.report(floatLiteral(span, node.getText()));
    return errorExpr(span);
  }
  if (ts.isStringLiteralLike(node)) {
    if (node.text.includes('\0')) {
      fx.fe.report(textEnds(span));
      return errorExpr(span);
    }
    return { kind: 'string', value: node.text, type: STRING, span };
  }
  if (node.kind === ts.SyntaxKind.NullKeyword) return nullExpr(span);
  return constant(node.kind === ts.SyntaxKind.TrueKeyword ? 1 : 0, BOOL, span);
}
