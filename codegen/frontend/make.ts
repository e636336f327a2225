import type { BinaryOp, Expr, Local, Stmt } from '../ir/nodes.js';
import type { Span } from '../ir/span.js';
import {
  BOOL,
  ERROR,
  NULL,
  UNTYPED,
  VOID,
  pointerTo,
  type CType,
  type PtrType,
} from '../ir/types.js';

/** Shorthands for IR nodes, so that lowering reads like what it makes. */
export function constant(value: bigint | number, type: CType, span: Span): Expr {
  return { kind: 'const', value: BigInt(value), type, span };
}
export function untyped(value: bigint | number, span: Span): Expr {
  return constant(value, UNTYPED, span);
}
/** Places that could not be compiled since the last look: each has its diagnostic, or scxts has a fault. */
let failed: Span[] = [];

export function takeFailures(): Span[] {
  const taken = failed;
  failed = [];
  return taken;
}

export function errorExpr(span: Span): Expr {
  failed.push(span);
  return { kind: 'error', type: ERROR, span };
}
export function nullExpr(span: Span): Expr {
  return { kind: 'null', type: NULL, span };
}
export function name(text: string, type: CType, span: Span): Extract<Expr, { kind: 'var' }> {
  return { kind: 'var', name: text, type, span };
}
export function useLocal(local: Local, span: Span): Expr {
  return { kind: 'var', name: local.name, type: local.type, span, local };
}
export function member(base: Expr, field: string, type: CType, span: Span): Expr {
  return { kind: 'member', base, field, type, span };
}
export function deref(pointer: Expr, span: Span): Expr {
  const type = pointer.type.kind === 'ptr' ? pointer.type.to : ERROR;
  return { kind: 'deref', pointer, type, span };
}
export function addressOf(of: Expr, region: PtrType['region'], span: Span): Expr {
  if (of.kind === 'deref') return of.pointer;
  const type = pointerTo(of.type, region);
  const address: Expr = { kind: 'addr', of, type, span };
  return region === 'rodata' ? cast(address, type, span) : address;
}
export function support(c: string, args: Expr[], type: CType, span: Span): Expr {
  return { kind: 'call', callee: { kind: 'support', c }, args, type, span };
}
export function template(c: string, args: Expr[], type: CType, span: Span): Expr {
  return { kind: 'template', c, args, type, span };
}
export function binary(op: BinaryOp, left: Expr, right: Expr, type: CType, span: Span): Expr {
  return { kind: 'binary', op, left, right, type, span };
}
export function cast(value: Expr, type: CType, span: Span = value.span): Expr {
  return { kind: 'cast', value, type, span };
}
export function not(operand: Expr, span: Span): Expr {
  return { kind: 'unary', op: '!', operand, type: BOOL, span };
}
export function conditional(
  test: Expr,
  then: Expr,
  otherwise: Expr,
  type: CType,
  span: Span,
): Expr {
  return { kind: 'cond', test, then, else: otherwise, type, span };
}
export function assign(target: Expr, value: Expr, span: Span, op = '='): Expr {
  if (target.type.kind === 'array' || target.type.kind === 'chars')
    return copyArray(target, value, span);
  return { kind: 'assign', op, target, value, type: target.type, span };
}
/** Arrays are no values in C. Text out of the kernel is copied up to its end. */
function copyArray(target: Expr, value: Expr, span: Span): Expr {
  const text =
    value.type.kind === 'chars'
      ? 'bpf_probe_read_kernel_str($0, sizeof($0), $1)'
      : '__builtin_memcpy($0, $1, sizeof($0))';
  return template(text, [target, value], { kind: 'void' }, span);
}
export function exprStmt(expr: Expr, span: Span = expr.span): Stmt {
  return { kind: 'expr', expr, span };
}
export function declStmt(local: Local, init: Expr | undefined, span: Span): Stmt {
  return { kind: 'decl', local, ...(init ? { init } : {}), span };
}
/** `({ decl = init; result })`, for an operand that is used more than once. */
export function withTemp(local: Local, init: Expr, result: Expr, span: Span): Expr {
  return { kind: 'block', body: [declStmt(local, init, span)], result, type: result.type, span };
}
export function voidBlock(body: Stmt[], span: Span): Expr {
  return {
    kind: 'block',
    body,
    result: { kind: 'const', value: 0n, type: VOID, span },
    type: VOID,
    span,
  };
}

/** Whether evaluating it twice is the same as once. */
export function isPure(expr: Expr): boolean {
  switch (expr.kind) {
    case 'const':
    case 'string':
    case 'null':
    case 'var':
    case 'enum':
    case 'error':
    case 'exists':
      return true;
    case 'member':
      return isPure(expr.base);
    case 'deref':
      return isPure(expr.pointer);
    case 'addr':
      return isPure(expr.of);
    case 'cast':
      return isPure(expr.value);
    case 'unary':
      return isPure(expr.operand);
    case 'binary':
      return isPure(expr.left) && isPure(expr.right);
    case 'index':
      return isPure(expr.base) && isPure(expr.index);
    default:
      return false;
  }
}
