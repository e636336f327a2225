import { ts } from 'ts-morph';
import { tooManyCapture } from '../../diagnostics/catalogue/state.js';
import type { Expr } from '../../ir/nodes.js';
import type { TimerFieldIr } from '../../ir/module.js';
import type { Span } from '../../ir/span.js';
import { S32, U64, pointerTo, structOf, type CType } from '../../ir/types.js';
import type { Entity } from '../context.js';
import { asReference, coerce, truth } from '../convert.js';
import { lowerExpr } from '../expressions/index.js';
import { entityOf } from '../expressions/names.js';
import { lowerFunction } from '../functions.js';
import { binary, conditional, constant, errorExpr, operation } from '../make.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';
import { callbackNode } from './callbacks.js';

const FLAGS: Record<string, bigint> = { abs: 1n, pin_cpu: 2n };

/** `{ pin_cpu: true, abs: true }` as the flags of bpf_timer_start(). */
export function timerOptions(fx: FunctionScope, node: ts.Expression | undefined): Expr {
  const span = node ? spanOf(node) : spanOf(fx.node);
  let flags: Expr = constant(0, U64, span);
  if (!node || !ts.isObjectLiteralExpression(node)) return flags;
  for (const property of node.properties) {
    if (!ts.isPropertyAssignment(property) || !ts.isIdentifier(property.name)) continue;
    const bit = FLAGS[property.name.text];
    if (bit === undefined) continue;
    const value = lowerExpr(fx, property.initializer);
    const term =
      value.kind === 'const'
        ? constant(value.value ? bit : 0n, U64, span)
        : conditional(truth(value), constant(bit, U64, span), constant(0, U64, span), U64, span);
    flags =
      flags.kind === 'const' && term.kind === 'const'
        ? constant(flags.value | term.value, U64, span)
        : binary('|', flags, term, U64, span);
  }
  return flags;
}

/** `rebalance.start(ns, { cpu })`: arms the timer; the kernel runs it on the CPU that armed it. */
export function timerStart(
  fx: FunctionScope,
  entity: Extract<Entity, { kind: 'timer' }>,
  node: ts.CallExpression,
): Expr {
  const span = spanOf(node);
  const ns = node.arguments[0]
    ? coerce(fx.fe, lowerExpr(fx, node.arguments[0], U64), U64)
    : errorExpr(span);
  if (ns.type.kind === 'error') return ns;
  const options = node.arguments[1];
  const pinned =
    options &&
    ts.isObjectLiteralExpression(options) &&
    options.properties.some((p) => p.name?.getText() === 'cpu');
  const { timer } = entity;
  fx.noteCall({ kind: 'timer', timer }, span);
  const flags = pinned ? constant(2, U64, span) : timerOptions(fx, options);
  return operation({ kind: 'timer', timer, method: 'start' }, [ns, flags], S32, span);
}

/** What is known of a timer field, by the struct that it is in. */
function timerField(fx: FunctionScope, timer: Expr): TimerFieldIr | undefined {
  const owner = timer.kind === 'member' ? structOf(timer.base.type)?.name : undefined;
  if (timer.kind !== 'member' || !owner) return undefined;
  const name = `${owner}.${timer.field}`;
  let known = fx.fe.timerFields.get(name);
  if (!known) {
    const cancel = fx.fe.names.claim(`${owner}_${timer.field}_cancel`);
    known = { cancel, cancelled: false, callbacks: [] };
    fx.fe.timerFields.set(name, known);
  }
  return known;
}

/** `value.timer.cancel()`: the timer can be started again afterwards. */
export function fieldTimerCancel(fx: FunctionScope, timer: Expr, span: Span): Expr {
  const field = timerField(fx, timer);
  if (field) field.cancelled = true;
  return operation({ kind: 'cancelTimer', field }, [asReference(timer)], S32, span);
}

/** `value.timer.init(map, (key, value) => ...)`: the callback gets what the timer is in. */
export function fieldTimerInit(fx: FunctionScope, timer: Expr, node: ts.CallExpression): Expr {
  const span = spanOf(node);
  const entity = node.arguments[0] && entityOf(fx, node.arguments[0]);
  const decl = callbackNode(fx, node.arguments[1]);
  if (entity?.kind !== 'map' || !decl || !entity.map.value) {
    fx.fe.report(tooManyCapture(span));
    return errorExpr(span);
  }
  const { map } = entity;
  const keyType = map.key ?? S32;
  const value = entity.map.value;
  const byValue = keyType.kind === 'int';
  const params: CType[] = [byValue ? keyType : pointerTo(keyType, 'map'), pointerTo(value, 'map')];
  const fn = lowerFunction(fx.fe, decl, {
    name: `${map.name}_timer`,
    paramTypes: params,
    returns: { kind: 'void' },
  });
  fn.role = { kind: 'valueTimer', map, entry: fx.fe.names.claim(`${fn.name}_cb`) };
  fx.fe.functions.push(fn);
  timerField(fx, timer)?.callbacks.push(fn);
  fx.noteCall({ kind: 'timer', timer: { fired: fn } }, span);
  const clock = node.arguments[2]
    ? coerce(fx.fe, lowerExpr(fx, node.arguments[2], U64), U64)
    : constant(1, U64, span);
  const op = { kind: 'initTimer' as const, map, callback: fn };
  return operation(op, [asReference(timer), clock], S32, span);
}
