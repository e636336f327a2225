import { isSized, promote } from './integers.js';
import type { GlobalIr } from './module.js';
import type { BinaryOp, Expr, Local, Stmt } from './nodes.js';
import type { Op } from './operations.js';
import type { Span } from './span.js';
import {
  BOOL,
  ERROR,
  NULL,
  S32,
  UNTYPED,
  VOID,
  pointerTo,
  type CType,
  type PtrType,
} from './types.js';

/** Shorthands for IR nodes, so that lowering reads like what it makes. */
export function constant(value: bigint | number, type: CType, span: Span): Expr {
  return { kind: 'const', value: BigInt(value), type, span };
}
export function untyped(value: bigint | number, span: Span): Expr {
  return constant(value, UNTYPED, span);
}
export function nullExpr(span: Span): Expr {
  return { kind: 'null', type: NULL, span };
}
export function useLocal(local: Local, span: Span): Extract<Expr, { kind: 'var' }> {
  return { kind: 'var', local, type: local.type, span };
}
export function useGlobal(global: GlobalIr, span: Span): Extract<Expr, { kind: 'global' }> {
  return { kind: 'global', global, type: global.type, span };
}
export function member(base: Expr, field: string, type: CType, span: Span): Expr {
  return { kind: 'member', base, field, type, span };
}
export function deref(pointer: Expr, span: Span): Expr {
  if (pointer.kind === 'object') return pointer.value;
  if (pointer.kind === 'addr') return pointer.of;
  const type = pointer.type.kind === 'ptr' ? pointer.type.to : ERROR;
  return { kind: 'deref', pointer, type, span };
}
export function addressOf(of: Expr, region: PtrType['region'], span: Span): Expr {
  if (of.kind === 'deref') return of.pointer;
  if (isFresh(of)) return { kind: 'object', value: of, type: pointerTo(of.type, 'stack'), span };
  const type = pointerTo(of.type, region);
  const address: Expr = { kind: 'addr', of, type, span };
  return region === 'rodata' ? cast(address, type, span) : address;
}
export function operation(op: Op, args: Expr[], type: CType, span: Span): Expr {
  return { kind: 'op', op, args, type, span };
}
export function binary(op: BinaryOp, left: Expr, right: Expr, type: CType, span: Span): Expr {
  return { kind: 'binary', op, left, right, type, span };
}
export function cast(value: Expr, type: CType, span: Span = value.span): Expr {
  return { kind: 'cast', value, type, span };
}
export function convert(value: Expr, type: CType): Expr {
  return { kind: 'convert', value, type, span: value.span };
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
/** Whether any of the tests holds, asked in this order; there is at least one. */
export function either(tests: readonly Expr[], span: Span): Expr {
  return tests.reduce((left, right) => ({
    kind: 'logical',
    op: '||',
    left,
    right,
    type: BOOL,
    span,
  }));
}
/** Arrays are copied; that is no value. */
export function assign(target: Expr, value: Expr, span: Span, op = '='): Expr {
  const isArray = target.type.kind === 'array' || target.type.kind === 'chars';
  // The elements of a literal that has to be prepared.
  if (isArray && value.kind === 'block')
    return voidBlock([...value.body, exprStmt(assign(target, value.result, span, op))], span);
  return { kind: 'assign', op, target, value, type: isArray ? VOID : target.type, span };
}
/** Adds a zero that a verifier does not know to be one: it then knows nothing of what is there. */
export function forget(place: Expr): Stmt {
  const op = place.type.kind === 'bool' ? '|=' : '+=';
  const type = isSized(place.type) ? promote(place.type) : S32;
  const zero = operation({ kind: 'unknownZero' }, [], type, place.span);
  return exprStmt(assign(place, zero, place.span, op));
}
/** The results of a call are no value: as a statement it is the call that is wanted. */
export function exprStmt(expr: Expr, span: Span = expr.span): Stmt {
  if (expr.kind === 'record') return { kind: 'seq', body: expr.setup, span };
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
    case 'global':
    case 'constant':
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
    case 'convert':
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

/** An object that no one refers to yet. */
export function isFresh(expr: Expr): boolean {
  switch (expr.kind) {
    case 'init':
      return true;
    case 'call':
      return expr.type.kind === 'struct';
    case 'block': {
      const { result, body } = expr;
      const isWhole = result.type.kind === 'struct' || result.type.kind === 'array';
      if (result.kind !== 'var' || !isWhole) return isFresh(result);
      return body.some((s) => s.kind === 'decl' && s.local === result.local);
    }
    default:
      return false;
  }
}
