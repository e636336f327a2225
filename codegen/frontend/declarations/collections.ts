import type { ts } from 'ts-morph';
import { lockUnknown, locksDiffer } from '../../diagnostics/catalogue/ownership.js';
import { tooManyCapture, typeArgumentNeeded } from '../../diagnostics/catalogue/state.js';
import type { CollectionIr, GlobalIr } from '../../ir/module.js';
import { BOOL, pointerTo, type Field, type StructDef } from '../../ir/types.js';
import { callbackNode } from '../builtins/callbacks.js';
import type { Span } from '../../ir/span.js';
import type { Frontend } from '../context.js';
import { lowerFunction } from '../functions.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';
import { BUILTIN_STRUCTS, linkField } from '../structs.js';
import { resolveType } from '../types.js';
import { moduleScope } from './globals.js';
import { later } from './later.js';

function hiddenGlobal(
  fe: Frontend,
  name: string,
  struct: StructDef,
  call: ts.CallExpression,
): GlobalIr {
  const global: GlobalIr = {
    name: fe.names.claimState(name),
    tsName: name,
    type: { kind: 'struct', struct },
    storage: 'private',
    span: spanOf(call),
  };
  fe.globals.push(global);
  return global;
}

export function declareSpinLock(
  fe: Frontend,
  symbol: ts.Symbol,
  name: string,
  call: ts.CallExpression,
): void {
  const global = hiddenGlobal(fe, name, BUILTIN_STRUCTS['SpinLock']!, call);
  fe.entities.set(symbol, { kind: 'spinLock', global });
}

/** `rbTree<Node>((a, b) => ..., lock?)` and `list<Node>(lock?)`. */
export function declareCollection(
  fe: Frontend,
  symbol: ts.Symbol,
  name: string,
  call: ts.CallExpression,
): void {
  const span = spanOf(call);
  const shape = fe.calledBuiltin(call) === 'list' ? 'list' : 'rbTree';
  const type = call.typeArguments?.[0] && resolveType(fe, call.typeArguments[0]);
  if (type?.kind !== 'struct' || type.struct.kernel) {
    fe.report(typeArgumentNeeded(span, shape, '<Node>'));
    fe.entities.set(symbol, { kind: 'error' });
    return;
  }
  const node = linkField(type.struct, shape === 'list' ? 'ListNode' : 'RbNode');
  const head = BUILTIN_STRUCTS[shape === 'list' ? 'List' : 'RbTree']!;
  const global = hiddenGlobal(fe, name, head, call);
  global.contains = { struct: type.struct, node };
  const collection: CollectionIr = {
    name: global.name,
    tsName: name,
    shape,
    global,
    of: type.struct,
    node,
    span,
  };
  fe.allocated.add(type.struct);
  fe.collections.push(collection);
  fe.entities.set(symbol, { kind: 'collection', collection });
  const lockNode = call.arguments[shape === 'list' ? 0 : 1];
  const named = lockNode && fe.symbolOf(lockNode);
  const lock = named && fe.entities.get(named);
  if (lock?.kind === 'spinLock') collection.lock = lock.global;
  if (shape === 'rbTree')
    later(fe, () => compileLess(moduleScope(fe, call), collection, call.arguments[0] ?? call));
}

const ofMembers = new WeakMap<Frontend, Map<Field, CollectionIr>>();

/** The list or tree that a member of a struct is. */
export function memberCollection(
  fe: Frontend,
  owner: StructDef,
  field: Field,
  at: Span,
): CollectionIr | undefined {
  const { contains, type } = field;
  if (!contains || type.kind !== 'struct') return undefined;
  const table = ofMembers.get(fe) ?? new Map<Field, CollectionIr>();
  ofMembers.set(fe, table);
  const known = table.get(field);
  if (known) return known;
  const collection: CollectionIr = {
    name: fe.names.claim(`${owner.name}_${field.name}`),
    tsName: field.name,
    shape: type.struct === BUILTIN_STRUCTS['List'] ? 'list' : 'rbTree',
    of: contains.struct,
    node: contains.node,
    span: at,
  };
  table.set(field, collection);
  fe.collections.push(collection);
  return collection;
}

const orders = new WeakMap<Frontend, Map<ts.Node, CollectionIr>>();

/** A tree that is a member, with what its add() is given to order by. */
export function orderedBy(
  fx: FunctionScope,
  tree: CollectionIr,
  less: ts.Expression,
): CollectionIr {
  const table = orders.get(fx.fe) ?? new Map<ts.Node, CollectionIr>();
  orders.set(fx.fe, table);
  const known = table.get(less);
  if (known) return known;
  const ordered: CollectionIr = {
    ...tree,
    name: fx.fe.names.claim(`${tree.name}_order`),
    orders: tree,
  };
  table.set(less, ordered);
  fx.fe.collections.push(ordered);
  compileLess(fx, ordered, less);
  return ordered;
}

function compileLess(scope: FunctionScope, collection: CollectionIr, less: ts.Node): void {
  const { fe } = scope;
  const decl = callbackNode(scope, less as ts.Expression);
  if (!decl) {
    fe.report(tooManyCapture(spanOf(less)));
    return;
  }
  const item = pointerTo({ kind: 'struct', struct: collection.of }, 'any');
  const fn = lowerFunction(fe, decl, {
    name: `${collection.name}_less`,
    paramTypes: [item, item],
    returns: BOOL,
  });
  fn.role = { kind: 'less', collection };
  // Whether something adds to the tree is not known yet: functions may still be compiled.
  fe.functions.push(fn);
}

/** Notes which lock is held where a collection is used. */
export function noteLock(
  fe: Frontend,
  collection: CollectionIr,
  lock: GlobalIr | undefined,
  at: ts.Node,
): void {
  if (!lock) return;
  if (collection.lock && collection.lock !== lock)
    fe.report(locksDiffer(spanOf(at), collection.tsName, collection.lock.tsName, lock.tsName));
  collection.lock ??= lock;
}

/** Puts each collection into the section of its lock: the verifier looks for both in one place. */
export function placeCollections(fe: Frontend): void {
  const locks = fe.globals.filter(
    (g) => g.type.kind === 'struct' && g.type.struct === BUILTIN_STRUCTS['SpinLock'],
  );
  for (const collection of fe.collections) {
    const only = locks.length === 1 ? locks[0] : undefined;
    if (collection.global)
      collection.lock ??= locks.find((l) => l.tsName === `${collection.tsName}_lock`) ?? only;
    if (!collection.global) continue;
    if (collection.lock) collection.global.section = collection.lock.name;
    else fe.report(lockUnknown(collection.span, collection.tsName));
  }
}
