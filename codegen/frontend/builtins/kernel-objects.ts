import type { ts } from 'ts-morph';
import { notKptrPlace, notOwned } from '../../diagnostics/catalogue/ownership.js';
import type { Expr } from '../../ir/nodes.js';
import { releaseOf } from '../../kernel/releases.js';
import { VOID, describeType, pointerTo, structOf } from '../../ir/types.js';
import { asReference } from '../convert.js';
import { kptrPlace } from '../kptr-places.js';
import { lowerExpr } from '../expressions/index.js';
import { mayBeUndefined } from '../expressions/presence.js';
import {
  addressOf,
  assign,
  declStmt,
  errorExpr,
  exprStmt,
  operation,
  useLocal,
  voidBlock,
} from '../make.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';
import { moveOut, ownerOf } from './moves.js';

/** `kptrXchg(place, object)`: moves an owned object in, gives the old one back, owned. */
export function lowerKptrXchg(fx: FunctionScope, node: ts.CallExpression): Expr {
  const span = spanOf(node);
  const [placeNode, valueNode] = node.arguments;
  if (!placeNode || !valueNode) return errorExpr(span);
  const place = lowerExpr(fx, placeNode);
  const value = asReference(lowerExpr(fx, valueNode));
  if (place.type.kind !== 'ptr' || value.type.kind === 'error') return errorExpr(span);
  const struct = structOf(place.type);
  const found = kptrPlace(place);
  if (!found) {
    fx.fe.report(notKptrPlace(spanOf(placeNode), placeNode.getText()));
    return errorExpr(span);
  }
  const type = { ...pointerTo(place.type.to, 'kernel', { nullable: true, trust: 'trusted' }) };
  // The verifier takes an object or NULL, but nothing that may be either.
  const either = value.type.kind !== 'null' && mayBeUndefined(fx.fe, valueNode);
  return moveOut(fx, value, (object) => ({
    ...operation(
      { kind: 'exchange', either, missing: found.missing },
      [found.address, object],
      type,
      span,
    ),
    ...(struct ? { release: releaseOf(struct) } : {}),
  }));
}

/** `bpf_task_release(task)` and the like, for a name that was not bound with `using`. */
export function lowerRelease(fx: FunctionScope, node: ts.CallExpression): Expr {
  const span = spanOf(node);
  const name = node.expression.getText();
  const value = node.arguments[0] && asReference(lowerExpr(fx, node.arguments[0]));
  if (!value || value.type.kind === 'error') return errorExpr(span);
  const owner = ownerOf(value);
  if (!owner?.owns) {
    fx.fe.report(notOwned(spanOf(node.arguments[0] ?? node), describeType(value.type), name));
    return errorExpr(span);
  }
  const release = owner.owns;
  // Null is let through: the cleanup function tests.
  const object = fx.temp('released', value.type, span);
  const address = addressOf(useLocal(object, span), 'stack', span);
  return {
    ...voidBlock(
      [
        declStmt(object, value, span),
        ...(owner.cleanup
          ? [exprStmt(assign(value, { kind: 'null', type: value.type, span }, span))]
          : []),
        exprStmt(operation({ kind: 'release', release }, [address], VOID, span)),
      ],
      span,
    ),
    moves: owner,
  };
}
