import type { ts } from 'ts-morph';
import type { Expr } from '../../ir/nodes.js';
import { ARENA_LOCK, LOCK } from '../../ir/releases.js';
import { S32, U64, VOID, structOf } from '../../ir/types.js';
import { asReference, coerce } from '../convert.js';
import { lowerExpr } from '../expressions/index.js';
import { constant, operation } from '../make.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';
import { memberCollection } from '../declarations/collections.js';
import { lowerCollectionMethod } from './collections.js';
import { lowerMapMethod } from './maps.js';
import { moveOut } from './moves.js';
import { fieldTimerCancel, fieldTimerInit, timerOptions } from './timers.js';

/** A method of a value: a lock or timer in a map value, a ring buffer record. Undefined if it has none. */
export function lowerValueMethod(
  fx: FunctionScope,
  base: Expr,
  method: string,
  node: ts.CallExpression,
): Expr | undefined {
  const span = spanOf(node);
  if (base.type.kind === 'opaque' && base.type.map)
    return lowerMapMethod(fx, base.type.map, method, node, base);
  const struct = structOf(base.type)?.name;
  if (struct === 'bpf_spin_lock' && method === 'hold') {
    const pointer = asReference(base);
    return {
      ...operation({ kind: 'lock', lock: undefined }, [pointer], pointer.type, span),
      release: LOCK,
    };
  }
  if (base.kind === 'member' && (struct === 'bpf_list_head' || struct === 'bpf_rb_root')) {
    const owner = structOf(base.base.type);
    const field = owner?.field(base.field);
    const collection = owner && field && memberCollection(fx.fe, owner, field, span);
    if (collection) return lowerCollectionMethod(fx, collection, method, node, asReference(base));
  }
  if (struct === 'scxts_arena_lock' && method === 'hold') {
    const pointer = asReference(base);
    return {
      ...operation({ kind: 'arenaLock' }, [pointer], pointer.type, span),
      release: ARENA_LOCK,
    };
  }
  if (struct === 'bpf_timer') {
    const pointer = asReference(base);
    if (method === 'init') return fieldTimerInit(fx, base, node);
    if (method === 'cancel') return fieldTimerCancel(fx, base, span);
    if (method === 'start') {
      const ns = node.arguments[0]
        ? coerce(fx.fe, lowerExpr(fx, node.arguments[0], U64), U64)
        : constant(0, U64, span);
      const args = [pointer, ns, timerOptions(fx, node.arguments[1])];
      return operation({ kind: 'startTimer' }, args, S32, span);
    }
  }
  const reserved = base.kind === 'var' && base.local.owns?.kind === 'record';
  if (reserved && (method === 'submit' || method === 'discard')) {
    const flags = node.arguments[0]
      ? coerce(fx.fe, lowerExpr(fx, node.arguments[0], U64), U64)
      : constant(0, U64, span);
    return moveOut(fx, base, (record) => operation({ kind: method }, [record, flags], VOID, span));
  }
  return undefined;
}
