import { ts } from 'ts-morph';
import { tooManyCapture } from '../../diagnostics/catalogue/state.js';
import type { FunctionIr, MapIr } from '../../ir/module.js';
import type { Expr, Local, Stmt } from '../../ir/nodes.js';
import { S32, pointerTo, type CType, type Field, type StructDef } from '../../ir/types.js';
import { functionDeclaration, lowerFunction, type FunctionNode } from '../functions.js';
import {
  assign,
  declStmt,
  deref,
  errorExpr,
  exprStmt,
  member,
  name,
  template,
  useLocal,
} from '../make.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';

export interface Callback {
  fn: FunctionIr;
  /** The struct with the addresses of captured locals; undefined if there are none. */
  context?: { struct: StructDef; values: { name: string; value: Expr }[]; forget: Stmt[] };
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
  for (const call of fn.calls) fx.calls.push(call);
  const captures = inner ? [...inner.captures.values()] : [];
  if (context && captures.length > 0) {
    fn.params.push(context);
    fn.before = struct;
  }
  fx.fe.functions.push(fn);
  if (captures.length === 0) return { fn };
  const values = captures.map(({ local, outer }) => ({
    name: local.name,
    value: { kind: 'addr' as const, of: outer, type: pointerTo(local.type, 'stack'), span },
  }));
  // The callback counts as a loop: what it changes must look the same to the verifier each time.
  const forget = captures.flatMap(({ local, outer }) =>
    local.assigned && local.type.kind === 'int'
      ? [exprStmt(assign(outer, name('scxts_zero', S32, span), span, '+='))]
      : [],
  );
  return { fn, context: { struct, values, forget } };
}

/** The trampoline's call of the callback: missing parameters are left out, as in JavaScript. */
function invoke(callback: Callback, args: string[]): string {
  const own = callback.fn.params.length - (callback.context ? 1 : 0);
  const passed = args.slice(0, own);
  if (callback.context) passed.push('context');
  const call = `${callback.fn.name}(${passed.join(', ')})`;
  if (callback.fn.returns.kind === 'void') return `${call};\n\treturn 0;`;
  // A bool out of memory is 0 or 1 for clang, 0 to 255 for the verifier, which wants 0 or 1 here.
  return `u64 stop = ${call};\n\n\tasm volatile("%0 &= 1" : "+r"(stop));\n\treturn stop;`;
}

/** Makes the call that takes the callback and its context. `$0` is the context. */
function withContext(fx: FunctionScope, callback: Callback, c: string, span: Expr['span']): Expr {
  if (!callback.context) return template(c.replace('$0', 'NULL'), [], S32, span);
  const { struct, values, forget } = callback.context;
  const local = fx.temp('context', { kind: 'struct', struct }, span);
  const init: Expr = { kind: 'init', fields: values, type: local.type, span };
  return {
    kind: 'block',
    body: [...forget, declStmt(local, init, span)],
    result: template(c.replace('$0', '&$0'), [useLocal(local, span)], S32, span),
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
  const trampoline = fx.fe.names.claim(`${callback.fn.name}_cb`);
  const context = callback.context ? `struct ${callback.context.struct.name} *` : 'void *';
  callback.fn.after = `static long ${trampoline}(void *map, ${'$key'} *key, ${'$value'} *value, ${context}context)\n{\n\t${invoke(callback, [scalar(map.key) ? '*key' : 'key', 'value'])}\n}`;
  callback.fn.afterTypes = { key: map.key, value: map.value };
  return withContext(
    fx,
    callback,
    `bpf_for_each_map_elem(&${map.name}, ${trampoline}, $0, 0)`,
    span,
  );
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
  const trampoline = fx.fe.names.claim(`${callback.fn.name}_cb`);
  const context = callback.context ? `struct ${callback.context.struct.name} *` : 'void *';
  callback.fn.after = `static long ${trampoline}(struct bpf_dynptr *dynptr, ${context}context)\n{\n\t$value record = {};\n\n\tif (bpf_dynptr_read(&record, sizeof(record), dynptr, 0, 0))\n\t\treturn 1;\n\t${invoke(callback, [scalar(map.value) ? 'record' : '&record'])}\n}`;
  callback.fn.afterTypes = { value: map.value };
  return withContext(
    fx,
    callback,
    `bpf_user_ringbuf_drain(&${map.name}, ${trampoline}, $0, 0)`,
    span,
  );
}
