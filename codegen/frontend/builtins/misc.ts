import { ts } from 'ts-morph';
import { notCopied } from '../../diagnostics/catalogue/meaning.js';
import { structLiteralNeedsType } from '../../diagnostics/catalogue/types.js';
import type { Expr, Stmt } from '../../ir/nodes.js';
import { S32, describeType, structOf, type CType } from '../../ir/types.js';
import { kernelFunction } from '../../kernel/index.js';
import { asReference } from '../convert.js';
import { lowerExpr } from '../expressions/index.js';
import { assign, declStmt, deref, errorExpr, exprStmt, operation, useLocal } from '../make.js';
import { after, evaluated, inOrder } from '../order.js';
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

/** `copy(object)`: a new object of the same struct or array. */
export function lowerCopy(fx: FunctionScope, node: ts.CallExpression): Expr {
  const span = spanOf(node);
  const argument = node.arguments[0];
  const value = argument ? asReference(lowerExpr(fx, argument)) : errorExpr(span);
  if (value.type.kind === 'error') return value;
  const type = value.type.kind === 'ptr' ? value.type.to : value.type;
  const struct = type.kind === 'struct' ? type.struct : undefined;
  if ((!struct && type.kind !== 'array') || struct?.kernel || struct?.builtin) {
    fx.fe.report(notCopied(spanOf(argument ?? node), describeType(value.type)));
    return errorExpr(span);
  }
  const local = fx.temp('copy', type, span);
  const source = value.type.kind === 'ptr' ? deref(value, span) : value;
  const fill = exprStmt(assign(useLocal(local, span), source, span));
  const body = struct ? [declStmt(local, source, span)] : [declStmt(local, undefined, span), fill];
  return { kind: 'block', body, result: useLocal(local, span), type, span };
}

/** `bpf_seq_write(meta.seq, record)`: the bytes of a struct of the program. */
export function lowerSeqWrite(fx: FunctionScope, node: ts.CallExpression): Expr {
  const span = spanOf(node);
  const [to, what] = node.arguments;
  const seq = to ? lowerExpr(fx, to) : errorExpr(span);
  const record = what ? asReference(lowerExpr(fx, what)) : errorExpr(span);
  if (seq.type.kind === 'error' || record.type.kind === 'error') return errorExpr(span);
  const struct = structOf(record.type);
  if (record.type.kind !== 'ptr' || !struct || struct.kernel || struct.builtin) {
    fx.fe.report(notCopied(spanOf(what ?? node), describeType(record.type)));
    return errorExpr(span);
  }
  const setup: Stmt[] = [];
  const args = inOrder(fx, [seq, record], setup).map((e) => evaluated(fx, e, setup));
  return after(setup, operation({ kind: 'seqWrite' }, args, S32, span));
}

/** The newest of the kernel's two gives no number; who wants one calls the older, in cpu_release() only. */
export function lowerReenqueueLocal(fx: FunctionScope, node: ts.CallExpression): Expr {
  const isCounted = !ts.isExpressionStatement(node.parent);
  const fn = kernelFunction(`scx_bpf_reenqueue_local${isCounted ? '___v1' : ''}`);
  return fn ? lowerKernelCall(fx, fn, node) : errorExpr(spanOf(node));
}
