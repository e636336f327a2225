import { ts } from 'ts-morph';
import { MAP_KINDS, type MapOperation } from '../../ir/map-kinds.js';
import type { MapIr } from '../../ir/module.js';
import type { Expr, Stmt } from '../../ir/nodes.js';
import { RECORD } from '../../ir/releases.js';
import { BOOL, S32, U32, U64, VOID, describeType, pointerTo, type CType } from '../../ir/types.js';
import { asReference, coerce, integerOperand, settle } from '../convert.js';
import { lowerExpr } from '../expressions/index.js';
import {
  addressOf,
  cast,
  constant,
  errorExpr,
  operation as makeOperation,
  useLocal,
} from '../make.js';
import { after, inOrder } from '../order.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';
import { lowerForEach, lowerDrain } from './callbacks.js';
import { atomicTarget, noSuchMethod } from '../../diagnostics/catalogue/state.js';

const NUMBER_LIKE =
  ts.TypeFlags.NumberLike | ts.TypeFlags.BigIntLike | ts.TypeFlags.Intersection | ts.TypeFlags.Any;

type MapMethod = (fx: FunctionScope, map: MapIr, node: ts.CallExpression) => Expr;

/** Calls a map operation; each is one small inline function in the C, named MAP_OPERATION. */
export function lowerMapMethod(
  fx: FunctionScope,
  map: MapIr,
  method: string,
  node: ts.CallExpression,
  /** Where the map is one found in a map of maps: the pointer to it. */
  found?: Expr,
): Expr {
  const known = MAP_KINDS[map.kind].methods;
  const lower = known.find((name) => name === method) && METHODS[method];
  if (!lower) {
    fx.fe.report(
      noSuchMethod(
        spanOf(node.expression),
        method,
        `${map.kind} '${map.tsName}'`,
        known.join(', '),
      ),
    );
    return errorExpr(spanOf(node));
  }
  const call = lower(fx, map, node);
  if (call.kind === 'op' && call.op.kind === 'map') {
    const setup: Stmt[] = [];
    const args = inOrder(fx, found ? [found, ...call.args] : call.args, setup);
    const op = found ? { ...call.op, found: true } : call.op;
    return after(setup, { ...call, op, args });
  }
  if (!found) return call;
  if (call.kind !== 'error')
    fx.fe.report(noSuchMethod(spanOf(node.expression), method, 'a map found in a map of maps'));
  return errorExpr(spanOf(node));
}

function accessor(
  map: MapIr,
  operation: MapOperation,
  args: Expr[],
  type: CType,
  span: Expr['span'],
): Expr {
  return makeOperation({ kind: 'map', map, operation, found: false }, args, type, span);
}

function argument(
  fx: FunctionScope,
  node: ts.Expression | undefined,
  type: CType,
  at: Expr['span'],
): Expr {
  if (!node) return constant(0, type, at);
  return coerce(fx.fe, lowerExpr(fx, node, type), type);
}

/** Structs go by pointer, a literal as the address of a compound literal; scalars go by value. */
export function valueArgument(
  fx: FunctionScope,
  node: ts.Expression | undefined,
  type: CType,
  at: Expr['span'],
): Expr {
  if (type.kind !== 'struct' && type.kind !== 'array' && type.kind !== 'chars')
    return argument(fx, node, type, at);
  if (!node) return errorExpr(at);
  const lowered = lowerExpr(fx, node, type);
  const pointer = asReference(lowered);
  return coerce(fx.fe, pointer, pointerTo(type, 'any'));
}

function valuePointer(map: MapIr): CType {
  return pointerTo(map.value ?? VOID, map.kind === 'arena' ? 'arena' : 'map', { nullable: true });
}

function keyArgument(fx: FunctionScope, map: MapIr, node: ts.CallExpression): Expr {
  const key = map.key ?? U32;
  const first = node.arguments[0];
  const kind = MAP_KINDS[map.kind].key;
  if (kind === 'task_struct' || kind === 'cgroup') {
    return first ? asReference(lowerExpr(fx, first)) : errorExpr(spanOf(node));
  }
  if (kind === 'index') return indexArgument(fx, first, spanOf(node));
  return valueArgument(fx, first, key, spanOf(node));
}

/** An index that no array has. */
const NO_INDEX = 0xffff_ffffn;

/** An index may be signed: a negative one is out of range like any other. */
function indexArgument(fx: FunctionScope, node: ts.Expression | undefined, at: Expr['span']): Expr {
  if (!node) return errorExpr(at);
  const lowered = integerOperand(fx.fe, lowerExpr(fx, node));
  if (lowered.type.kind === 'error') return lowered;
  // Beyond what an index can be is out of range as well.
  if (lowered.kind === 'const') return coerce(fx.fe, lowered, U32);
  const value = settle(lowered);
  if (value.type.kind !== 'int' || value.type.bits < 64) return coerce(fx.fe, value, U32);
  const last = constant(NO_INDEX, U64, value.span);
  const wide = value.type.signed ? cast(value, U64) : value;
  return cast(makeOperation({ kind: 'min' }, [wide, last], U64, value.span), U32);
}

function failed(args: Expr[], at: Expr['span']): Expr | undefined {
  return args.some((a) => a.type.kind === 'error') ? errorExpr(at) : undefined;
}

const lookup =
  (operation: 'get' | 'create'): MapMethod =>
  (fx, map, node) => {
    const span = spanOf(node);
    const key = keyArgument(fx, map, node);
    const type: CType = map.inner ? { kind: 'opaque', map: map.inner } : valuePointer(map);
    return failed([key], span) ?? accessor(map, operation, [key], type, span);
  };

const METHODS: Record<string, MapMethod> = {
  get: lookup('get'),
  create: lookup('create'),
  this: (_fx, map, node) => {
    const pointer = accessor(map, 'this', [], pointerTo(map.value ?? VOID, 'map'), spanOf(node));
    return pointer;
  },
  of: (fx, map, node) => {
    const span = spanOf(node);
    if (map.kind === 'perfEvents') return perfCounter(fx, map, node);
    const single = map.kind === 'percpu';
    const key = single ? undefined : keyArgument(fx, map, node);
    const cpu = indexArgument(fx, node.arguments[single ? 0 : 1], span);
    const args = key ? [key, cpu] : [cpu];
    return failed(args, span) ?? accessor(map, 'of', args, valuePointer(map), span);
  },
  set: (fx, map, node) => {
    const span = spanOf(node);
    const key = keyArgument(fx, map, node);
    const value = valueArgument(fx, node.arguments[1], map.value ?? VOID, span);
    const flags = argument(fx, node.arguments[2], U64, span);
    return (
      failed([key, value, flags], span) ?? accessor(map, 'set', [key, value, flags], S32, span)
    );
  },
  delete: (fx, map, node) => {
    const span = spanOf(node);
    const key = keyArgument(fx, map, node);
    return failed([key], span) ?? accessor(map, 'delete', [key], S32, span);
  },
  add: (fx, map, node) => {
    const span = spanOf(node);
    if (map.kind === 'bloomFilter') return addToFilter(fx, map, node);
    const key = keyArgument(fx, map, node);
    const amount = argument(fx, node.arguments[1], map.value ?? U64, span);
    const narrow =
      map.value?.kind !== 'int' || (map.value.bits < 32 && !MAP_KINDS[map.kind].perCpu);
    if (narrow) {
      const what = `a value of ${map.kind} '${map.tsName}', ${describeType(map.value ?? VOID)}`;
      fx.fe.report(atomicTarget(spanOf(node), what));
      return errorExpr(span);
    }
    return (
      failed([key, amount], span) ??
      accessor(map, MAP_KINDS[map.kind].perCpu ? 'bump' : 'add', [key, amount], VOID, span)
    );
  },
  push: (fx, map, node) => {
    if (map.kind === 'bloomFilter') return addToFilter(fx, map, node);
    const span = spanOf(node);
    const value = valueArgument(fx, node.arguments[0], map.value ?? VOID, span);
    const flags = argument(fx, node.arguments[1], U64, span);
    return failed([value, flags], span) ?? accessor(map, 'push', [value, flags], S32, span);
  },
  pop: (fx, map, node) => taken(fx, map, 'pop', node),
  peek: (fx, map, node) => taken(fx, map, 'peek', node),
  has: (fx, map, node) => {
    const span = spanOf(node);
    const value = valueArgument(fx, node.arguments[0], map.value ?? VOID, span);
    return failed([value], span) ?? accessor(map, 'has', [value], BOOL, span);
  },
  output: (fx, map, node) => {
    const span = spanOf(node);
    const value = valueArgument(fx, node.arguments[0], map.value ?? VOID, span);
    const flags = argument(fx, node.arguments[1], U64, span);
    return failed([value, flags], span) ?? accessor(map, 'output', [value, flags], S32, span);
  },
  reserve: (_fx, map, node) => {
    const span = spanOf(node);
    const pointer = accessor(
      map,
      'reserve',
      [],
      pointerTo(map.value ?? VOID, 'map', { nullable: true }),
      span,
    );
    return { ...pointer, release: RECORD };
  },
  populate: (fx, map, node) => {
    fx.noteCall({ kind: 'kernel', name: 'bpf_arena_alloc_pages' }, spanOf(node));
    // All arenas of a program are populated at once.
    return accessor(map.part?.of ?? map, 'populate', [], S32, spanOf(node));
  },
  alloc: (_fx, map, node) => accessor(map, 'alloc', [], S32, spanOf(node)),
  free: (fx, map, node) => {
    const span = spanOf(node);
    const entry = arenaEntry(fx, map, node.arguments[0]);
    if (entry) return failed([entry], span) ?? accessor(map, 'freeEntry', [entry], S32, span);
    const index = indexArgument(fx, node.arguments[0], span);
    return failed([index], span) ?? accessor(map, 'free', [index], S32, span);
  },
  indexOf: (fx, map, node) => {
    const span = spanOf(node);
    const entry = arenaEntry(fx, map, node.arguments[0]) ?? errorExpr(span);
    return failed([entry], span) ?? accessor(map, 'indexOf', [entry], S32, span);
  },
  pending: (_fx, map, node) => accessor(map, 'pending', [], U64, spanOf(node)),
  forEach: lowerForEach,
  drain: lowerDrain,
};

/** An entry of an arena, where that is what is given and no index. */
function arenaEntry(
  fx: FunctionScope,
  map: MapIr,
  node: ts.Expression | undefined,
): Expr | undefined {
  if (!node || fx.fe.checker.getTypeAtLocation(node).flags & NUMBER_LIKE) return undefined;
  const to = pointerTo(map.value ?? VOID, 'arena', { nullable: true });
  return coerce(fx.fe, asReference(lowerExpr(fx, node)), to);
}

function addToFilter(fx: FunctionScope, map: MapIr, node: ts.CallExpression): Expr {
  const span = spanOf(node);
  const value = valueArgument(fx, node.arguments[0], map.value ?? VOID, span);
  return failed([value], span) ?? accessor(map, 'add', [value], S32, span);
}

/** pop() and peek() copy the value to the stack; the result points to it, or is null. */
/** `cycles.of(cpu)`: null where user space has opened none, and for other CPUs than the one that asks. */
function perfCounter(fx: FunctionScope, map: MapIr, node: ts.CallExpression): Expr {
  const span = spanOf(node);
  fx.noteCall({ kind: 'kernel', name: 'bpf_perf_event_read_value' }, spanOf(node.expression));
  const cpu = indexArgument(fx, node.arguments[0], span);
  const type = map.value ?? VOID;
  const storage = fx.hoist(`${map.name}_value`, type, span);
  const room = addressOf(useLocal(storage, span), 'stack', span);
  return (
    failed([cpu], span) ??
    accessor(map, 'of', [cpu, room], pointerTo(type, 'stack', { nullable: true }), span)
  );
}

function taken(
  fx: FunctionScope,
  map: MapIr,
  operation: 'pop' | 'peek',
  node: ts.CallExpression,
): Expr {
  const span = spanOf(node);
  const type = map.value ?? VOID;
  const storage = fx.hoist(`${map.name}_item`, type, span);
  const pointer: Expr = {
    kind: 'addr',
    of: useLocal(storage, span),
    type: pointerTo(type, 'stack'),
    span,
  };
  return accessor(map, operation, [pointer], pointerTo(type, 'stack', { nullable: true }), span);
}
