import { ts } from 'ts-morph';
import { structLiteralNeedsType } from '../../diagnostics/catalogue/types.js';
import type { Expr } from '../../ir/nodes.js';
import type { CType } from '../../ir/types.js';
import { kernelFunction } from '../../kernel/index.js';
import { errorExpr } from '../make.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';
import { resolveType } from '../types.js';
import { lowerKernelCall } from './kernel-call.js';

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

/** The newest of the kernel's two gives no number; who wants one calls the older, in cpu_release() only. */
export function lowerReenqueueLocal(fx: FunctionScope, node: ts.CallExpression): Expr {
  const isCounted = !ts.isExpressionStatement(node.parent);
  const fn = kernelFunction(`scx_bpf_reenqueue_local${isCounted ? '___v1' : ''}`);
  return fn ? lowerKernelCall(fx, fn, node) : errorExpr(spanOf(node));
}
