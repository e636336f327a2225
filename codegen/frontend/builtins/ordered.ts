import type { ts } from 'ts-morph';
import { notAPlace } from '../../diagnostics/catalogue/places.js';
import type { Expr, Stmt } from '../../ir/nodes.js';
import type { BarrierKind, OrderedAccess } from '../../ir/operations.js';
import { VOID, describeType, structOf, type CType } from '../../ir/types.js';
import { coerce, regionOf } from '../convert.js';
import { lowerExpr } from '../expressions/index.js';
import { lowerTarget } from '../expressions/target.js';
import {
  addressOf,
  assign,
  conditional,
  constant,
  errorExpr,
  exprStmt,
  operation,
  useLocal,
  voidBlock,
  withTemp,
} from '../make.js';
import { hasEffects } from '../effects.js';
import { evaluated, inOrder } from '../order.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';
import type { BuiltinCall } from './index.js';

const isScalar = ({ kind }: CType): boolean =>
  kind === 'int' || kind === 'bool' || kind === 'ptr' || kind === 'opaque';

/** Fields of the kernel are volatile in the generated C: each is read and written as it is written down. */
const isOfKernel = (e: Expr): boolean =>
  e.kind === 'member' && structOf(e.base.type)?.kernel === true;

/** `READ_ONCE(x)`, `smp_load_acquire(x)`: one load, after which come what follows it. */
function read(access: OrderedAccess): BuiltinCall {
  return (fx, node) => {
    const span = spanOf(node);
    const [place] = node.arguments;
    const value = place ? lowerExpr(fx, place) : errorExpr(span);
    const { type } = value;
    if (type.kind === 'error') return value;
    const load = (address: Expr): Expr =>
      operation({ kind: 'ordered', access }, [address], type, span);
    if (place && isScalar(type)) {
      if (isOfKernel(value)) return access === 'read' ? value : fenced(fx, value, span);
      if (value.kind === 'op' && value.op.kind === 'elementValue') {
        const { allocated } = value.op;
        const op = { kind: 'elementAddress' as const, ...(allocated ? { allocated } : {}) };
        const [array] = value.args;
        const address = operation(op, value.args, elementPointer(array, type), span);
        const local = fx.temp('elem', address.type, span);
        const found = useLocal(local, span);
        const either = conditional(found, load(found), constant(0, type, span), type, span);
        return withTemp(local, address, either, span);
      }
      if (isPlace(value)) return load(addressOf(value, regionOf(value), span));
    }
    fx.fe.report(notAPlace(spanOf(place ?? node), nameOf(fx, node), describeType(type)));
    return errorExpr(span);
  };
}

function elementPointer(array: Expr | undefined, to: CType): CType {
  return {
    kind: 'ptr',
    to,
    nullable: true,
    region: array ? regionOf(array) : 'any',
  };
}

function isPlace(e: Expr): boolean {
  if (e.kind === 'member') {
    const field = structOf(e.base.type)?.field(e.field);
    return field?.bits === undefined;
  }
  // A variable that holds an object is another name for it.
  if (e.kind === 'var' && e.type.kind === 'ptr') return false;
  return e.kind === 'var' || e.kind === 'global' || e.kind === 'deref' || e.kind === 'index';
}

/** A load that is made as it is written, and what comes after it. */
function fenced(fx: FunctionScope, value: Expr, span: Expr['span']): Expr {
  const local = fx.temp('loaded', value.type, span);
  const fence = operation({ kind: 'barrier', barrier: 'acquire' }, [], VOID, span);
  const result = useLocal(local, span);
  const after: Expr = {
    kind: 'block',
    body: [exprStmt(fence, span)],
    result,
    type: value.type,
    span,
  };
  return withTemp(local, value, after, span);
}

/** `WRITE_ONCE(x, v)`, `smp_store_release(x, v)`: one store, before which comes what precedes it. */
function write(access: OrderedAccess): BuiltinCall {
  return (fx, node) => {
    const span = spanOf(node);
    const [place, given] = node.arguments;
    const target = place && lowerTarget(fx, place);
    if (!target || !given) return errorExpr(span);
    const { type, lvalue } = target;
    if (target.bits !== undefined || !isScalar(type)) {
      const what = target.bits === undefined ? describeType(type) : `Bits<_, ${target.bits}>`;
      fx.fe.report(notAPlace(spanOf(place), nameOf(fx, node), what));
      return errorExpr(span);
    }
    const value = coerce(fx.fe, lowerExpr(fx, given, type), type);
    if (value.type.kind === 'error') return value;
    const store = (address: Expr, v: Expr): Expr =>
      operation({ kind: 'ordered', access }, [address, v], VOID, span);
    if (lvalue && isOfKernel(lvalue)) {
      const fence = operation({ kind: 'barrier', barrier: 'release' }, [], VOID, span);
      const before = access === 'release' ? [exprStmt(fence, span)] : [];
      return voidBlock([...before, exprStmt(assign(lvalue, value, span), span)], span);
    }
    const address = lvalue ? addressOf(lvalue, regionOf(lvalue), span) : target.pointer;
    if (!address) return errorExpr(span);
    const first: Stmt[] = [];
    const [to, what] = inOrder(fx, [address, value], first) as [Expr, Expr];
    if (lvalue) return voidBlock([...first, exprStmt(store(to, what), span)], span);
    // An element that may be out of range: the write is dropped there.
    const local = fx.temp('elem', to.type, span);
    const found = useLocal(local, span);
    const declared = { kind: 'decl' as const, local, init: to, span };
    const setup: Stmt[] = [...first, declared];
    const stored = hasEffects(what) ? evaluated(fx, what, setup) : what;
    const then = exprStmt(store(found, stored), span);
    return voidBlock([...setup, { kind: 'if', test: found, then, span }], span);
  };
}

function nameOf(fx: FunctionScope, node: ts.CallExpression): string {
  return fx.fe.builtinName(fx.fe.symbolOf(node.expression)) ?? '';
}

function fence(barrier: BarrierKind): BuiltinCall {
  return (_fx, node) => operation({ kind: 'barrier', barrier }, [], VOID, spanOf(node));
}

/** What the kernel's memory model calls its accesses and barriers (Documentation/memory-barriers.txt). */
export const ORDERED: readonly [string, BuiltinCall][] = [
  ['READ_ONCE', read('read')],
  ['WRITE_ONCE', write('write')],
  ['smp_load_acquire', read('acquire')],
  ['smp_store_release', write('release')],
  ['smp_mb', fence('full')],
  ['smp_rmb', fence('read')],
  ['smp_wmb', fence('write')],
  ['barrier', fence('compiler')],
];
