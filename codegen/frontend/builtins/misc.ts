import type { ts } from 'ts-morph';
import { structLiteralNeedsType } from '../../diagnostics/catalogue/types.js';
import type { Expr } from '../../ir/nodes.js';
import type { CType } from '../../ir/types.js';
import { errorExpr } from '../make.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';
import { resolveType } from '../types.js';

/** `zeroed()`: all bytes zero, of the type that the context asks for. */
export function lowerZeroed(fx: FunctionScope, node: ts.CallExpression, expected?: CType): Expr {
  const span = spanOf(node);
  const argument = node.typeArguments?.[0];
  const stated = argument ? resolveType(fx.fe, argument, fx.env) : expected;
  const type = stated?.kind === 'ptr' ? stated.to : stated;
  if (!type) {
    fx.fe.report(structLiteralNeedsType(span));
    return errorExpr(span);
  }
  if (type.kind === 'int' || type.kind === 'bool') return { kind: 'const', value: 0n, type, span };
  return { kind: 'init', fields: [], type, span };
}
