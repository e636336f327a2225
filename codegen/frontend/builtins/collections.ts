import type { ts } from 'ts-morph';
import { notOwned, orderNeeded } from '../../diagnostics/catalogue/ownership.js';
import { noSuchMethod, typeArgumentNeeded } from '../../diagnostics/catalogue/state.js';
import type { CollectionIr } from '../../ir/module.js';
import type { Expr } from '../../ir/nodes.js';
import type { CollectionMethod } from '../../ir/operations.js';
import type { Release } from '../../ir/releases.js';
import { VOID, describeType, pointerTo, structOf, type CType } from '../../ir/types.js';
import { asReference } from '../convert.js';
import { noteLock, orderedBy } from '../declarations/collections.js';
import { lowerExpr } from '../expressions/index.js';
import { errorExpr, operation } from '../make.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';
import { resolveType } from '../types.js';
import { moveOut } from './moves.js';

const METHODS: Record<CollectionIr['shape'], readonly string[]> = {
  list: ['pushFront', 'pushBack', 'popFront', 'popBack'],
  rbTree: ['add', 'first', 'remove'],
};

/** An operation of a list or tree; each is one small inline function in the C, named NAME_OPERATION. */
export function lowerCollectionMethod(
  fx: FunctionScope,
  collection: CollectionIr,
  method: string,
  node: ts.CallExpression,
  /** Where it is, of a member. */
  head?: Expr,
): Expr {
  const span = spanOf(node);
  const known = METHODS[collection.shape];
  if (!known.includes(method)) {
    const what = `${collection.shape} '${collection.tsName}'`;
    fx.fe.report(noSuchMethod(spanOf(node.expression), method, what, known.join(', ')));
    return errorExpr(span);
  }
  if (!head) noteLock(fx.fe, collection, fx.locks.at(-1)?.lock, node);
  const snake = method.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`) as CollectionMethod;
  const less = head && method === 'add' ? node.arguments[1] : undefined;
  if (head && method === 'add' && !less) {
    fx.fe.report(orderNeeded(span, collection.tsName));
    return errorExpr(span);
  }
  const used = less ? orderedBy(fx, collection, less) : collection;
  const call = (args: Expr[], type: CType): Expr => {
    const all = head ? [head, ...args] : args;
    return operation({ kind: 'collection', collection: used, method: snake }, all, type, span);
  };
  const item = pointerTo({ kind: 'struct', struct: collection.of }, 'any', { nullable: true });
  const release: Release = { kind: 'object', struct: collection.of };
  switch (method) {
    case 'first':
      return call([], item);
    case 'popFront':
    case 'popBack':
      return { ...call([], item), release };
    default:
      break;
  }
  const argument = node.arguments[0] && asReference(lowerExpr(fx, node.arguments[0], item));
  if (!argument || argument.type.kind === 'error') return errorExpr(span);
  if (structOf(argument.type) !== collection.of) {
    fx.fe.report(notOwned(spanOf(node), describeType(argument.type), collection.tsName));
    return errorExpr(span);
  }
  if (method === 'remove') return { ...call([argument], item), release };
  if (argument.kind !== 'var' || !argument.local.owns) {
    fx.fe.report(
      notOwned(spanOf(node.arguments[0] ?? node), describeType(argument.type), collection.tsName),
    );
    return errorExpr(span);
  }
  return moveOut(fx, argument, (object) => call([object], VOID));
}

/** `alloc<Node>()`: bpf_obj_new(). */
export function lowerAlloc(fx: FunctionScope, node: ts.CallExpression): Expr {
  const span = spanOf(node);
  const type = node.typeArguments?.[0] && resolveType(fx.fe, node.typeArguments[0], fx.env);
  if (type?.kind === 'error') return errorExpr(span);
  if (type?.kind !== 'struct' || type.struct.kernel || type.struct.builtin) {
    fx.fe.report(typeArgumentNeeded(span, 'alloc', '<Node>'));
    return errorExpr(span);
  }
  fx.fe.allocated.add(type.struct);
  const object = pointerTo(type, 'any', { nullable: true });
  return {
    ...operation({ kind: 'alloc', struct: type.struct }, [], object, span),
    release: { kind: 'object', struct: type.struct },
  };
}
