import { ts } from 'ts-morph';
import { tooManyCapture } from '../../diagnostics/catalogue/state.js';
import type { FunctionIr, MapIr } from '../../ir/module.js';
import type { Expr, Local } from '../../ir/nodes.js';
import { S32, pointerTo, type CType, type Field, type StructDef } from '../../ir/types.js';
import { functionDeclaration, lowerFunction, type FunctionNode } from '../functions.js';
import { addressOf, declStmt, deref, errorExpr, member, operation, useLocal } from '../make.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';

export interface Callback {
  fn: FunctionIr;
  /** The struct with the addresses of captured locals; undefined if there are none. */
  context?: { struct: StructDef; values: { name: string; value: Expr }[] };
}

/** The function that an argument denotes: an arrow function in place, or one of the program by name. */
export function callbackNode(
  fx: FunctionScope,
  node: ts.Expression | undefined,
): FunctionNode | undefined {
  if (node && (ts.isArrowFunction(node) || ts.isFunctionExpression(node))) return node;
  const symbol = node && ts.isIdentifier(node) ? fx.fe.symbolOf(node) : undefined;
  return symbol && functionDeclaration(fx.fe, symbol);
}

/**
 * Compiles a callback that runs within the current call. Locals of the enclosing function are reached
 * through pointers to them: the verifier lets a callback use its caller's stack.
 */
export function lowerCallback(
  fx: FunctionScope,
  node: FunctionNode,
  wanted: string,
  paramTypes: CType[],
  returns: CType,
): Callback {
  const span = spanOf(node);
  const fields: Field[] = [];
  const struct: StructDef = {
    name: fx.fe.names.claim(`${wanted}_context`),
    keyword: 'struct',
    kernel: false,
    captures: true,
    field: (n) => fields.find((f) => f.name === n),
    fields: () => fields,
  };
  let inner: FunctionScope | undefined;
  let context: Local | undefined;
  const fn = lowerFunction(fx.fe, node, {
    name: wanted,
    paramTypes,
    returns,
    parent: fx,
    configure: (scope) => {
      inner = scope;
      context = scope.declare('context', pointerTo({ kind: 'struct', struct }, 'stack'), span);
      const pointer = context;
      scope.capturePlace = (local, at) => {
        const type = pointerTo(local.type, 'stack');
        fields.push({ name: local.name, type, readonly: true });
        return deref(member(useLocal(pointer, at), local.name, type, at), at);
      };
    },
  });
  const captures = inner ? [...inner.captures.values()] : [];
  if (context && captures.length > 0) {
    fn.params.push(context);
  }
  fx.noteCall({ kind: 'callback', fn }, span);
  fx.fe.functions.push(fn);
  if (captures.length === 0) return { fn };
  const values = captures.map(({ local, outer }) => ({
    name: local.name,
    value: { kind: 'addr' as const, of: outer, type: pointerTo(local.type, 'stack'), span },
  }));
  for (const { local } of captures) {
    const field = fields.find((f) => f.name === local.name);
    if (field) field.readonly = !local.assigned;
  }
  return { fn, context: { struct, values } };
}

/** Makes the operation that takes the callback, and the struct with the addresses of what it captures. */
function withContext(
  fx: FunctionScope,
  { context, fn }: Callback,
  kind: 'forEach' | 'drain',
  map: MapIr,
  span: Expr['span'],
): Expr {
  const entry = fx.fe.names.claim(`${fn.name}_cb`);
  fn.role = { kind, map, entry, ...(context ? { captures: context.struct } : {}) };
  const call = (args: Expr[]): Expr => operation({ kind, map, callback: fn }, args, S32, span);
  if (!context) return call([]);
  const { struct, values } = context;
  const local = fx.temp('context', { kind: 'struct', struct }, span);
  const init: Expr = { kind: 'init', fields: values, type: local.type, span };
  return {
    kind: 'block',
    body: [declStmt(local, init, span)],
    result: call([addressOf(useLocal(local, span), 'stack', span)]),
    type: S32,
    span,
  };
}

function scalar(type: CType | undefined): boolean {
  return type?.kind === 'int' || type?.kind === 'bool';
}

/** `m.forEach((key, value) => ...)`: bpf_for_each_map_elem(). */
export function lowerForEach(fx: FunctionScope, map: MapIr, node: ts.CallExpression): Expr {
  const span = spanOf(node);
  const decl = callbackNode(fx, node.arguments[0]);
  if (!decl || !map.key || !map.value) {
    fx.fe.report(tooManyCapture(span));
    return errorExpr(span);
  }
  const keyType: CType = scalar(map.key) ? map.key : pointerTo(map.key, 'map');
  const callback = lowerCallback(
    fx,
    decl,
    `${map.name}_each`,
    [keyType, pointerTo(map.value, 'map')],
    { kind: 'bool' },
  );
  return withContext(fx, callback, 'forEach', map, span);
}

/** `ring.drain((record) => ...)`: bpf_user_ringbuf_drain(). */
export function lowerDrain(fx: FunctionScope, map: MapIr, node: ts.CallExpression): Expr {
  const span = spanOf(node);
  const decl = callbackNode(fx, node.arguments[0]);
  if (!decl || !map.value) {
    fx.fe.report(tooManyCapture(span));
    return errorExpr(span);
  }
  const record = pointerTo(map.value, 'stack');
  const callback = lowerCallback(fx, decl, `${map.name}_drain`, [record], { kind: 'bool' });
  return withContext(fx, callback, 'drain', map, span);
}
