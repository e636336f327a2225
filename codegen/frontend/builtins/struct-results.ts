import type { Expr, Local, Stmt } from '../../ir/nodes.js';
import type { Span } from '../../ir/span.js';
import { U64, pointerTo, structOf, type CType } from '../../ir/types.js';
import { declStmt, errorExpr, operation, useLocal } from '../make.js';
import type { FunctionScope } from '../scope.js';

/** Words of the room for a struct that the kernel fills: what the newest kernel has, and half as much again. */
const WORDS: Readonly<Record<string, number>> = { scx_event_stats: 26, scx_cid_topo: 6 };

export interface StructResult {
  /** Room on the stack, and a pointer to it by which fields are found as the running kernel has them. */
  setup: Stmt[];
  pointer: Expr;
  room: Local;
}

/** A parameter that is a struct of the kernel's own size and layout: `struct scx_event_stats *events`. */
export function structResult(
  fx: FunctionScope,
  name: string,
  type: Extract<CType, { kind: 'ptr' }>,
  span: Span,
): StructResult | undefined {
  if (type.to.kind !== 'struct') return undefined;
  const words = WORDS[type.to.struct.name];
  if (words === undefined) return undefined;
  const room = fx.declare(`${name}_room`, { kind: 'array', of: U64, length: words }, span);
  const own = pointerTo(type.to, 'stack');
  const pointer = fx.declare(name, own, span);
  const address = operation({ kind: 'roomView' }, [useLocal(room, span)], own, span);
  return {
    setup: [declStmt(room, undefined, span), declStmt(pointer, address, span)],
    pointer: useLocal(pointer, span),
    room,
  };
}

/** How much of the room the kernel may fill: as much as its own struct takes. */
export function roomFor({ pointer, room }: StructResult, span: Span): Expr {
  const struct = structOf(pointer.type);
  return struct
    ? operation({ kind: 'roomSize', struct }, [useLocal(room, span)], U64, span)
    : errorExpr(span);
}
