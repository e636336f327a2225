import { ts } from 'ts-morph';
import { stringBuilding } from '../../diagnostics/catalogue/syntax.js';
import type { Expr } from '../../ir/nodes.js';
import { BOOL, charsIn } from '../../ir/types.js';
import { asReference } from '../convert.js';
import { lowerExpr } from '../expressions/index.js';
import { errorExpr, operation } from '../make.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';

function compare(fx: FunctionScope, node: ts.CallExpression, whole: boolean): Expr {
  const span = spanOf(node);
  const [subject, literal] = node.arguments;
  if (!subject || !literal || !ts.isStringLiteralLike(literal)) {
    fx.fe.report(stringBuilding(literal ? spanOf(literal) : span));
    return errorExpr(span);
  }
  const value = lowerExpr(fx, subject);
  if (value.type.kind === 'error') return value;
  const length = charsIn(value.type);
  if (length === undefined) {
    fx.fe.report(stringBuilding(spanOf(subject)));
    return errorExpr(span);
  }
  const bytes = Buffer.byteLength(literal.text);
  const fits = whole ? bytes < length : bytes <= length;
  if (!fits) return { kind: 'const', value: 0n, type: BOOL, span };
  const count = whole ? bytes + 1 : bytes;
  if (count === 0) return { kind: 'const', value: 1n, type: BOOL, span };
  const text: Expr = {
    kind: 'string',
    value: literal.text,
    type: { kind: 'string' },
    span: spanOf(literal),
  };
  const address = value.type.kind === 'ptr' ? value : asReference(value);
  return operation({ kind: 'textEqual', bytes: count }, [address, text], BOOL, span);
}

/** `streq(p.comm, 'bash')`: the whole string, the terminator included. */
export function lowerStreq(fx: FunctionScope, node: ts.CallExpression): Expr {
  return compare(fx, node, true);
}

/** `startsWith(p.comm, 'kworker')`. */
export function lowerStartsWith(fx: FunctionScope, node: ts.CallExpression): Expr {
  return compare(fx, node, false);
}
