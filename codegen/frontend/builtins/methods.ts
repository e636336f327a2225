import type { ts } from 'ts-morph';
import { componentNotUsed } from '../../diagnostics/catalogue/components.js';
import { noSuchMethod } from '../../diagnostics/catalogue/state.js';
import type { Expr } from '../../ir/nodes.js';
import { LOCK } from '../../ir/releases.js';
import { S32, U64, VOID, type CType } from '../../ir/types.js';
import type { Entity } from '../context.js';
import { componentApi } from '../declarations/components.js';
import { callUser } from '../functions.js';
import { coerce } from '../convert.js';
import { lowerExpr } from '../expressions/index.js';
import { addressOf, errorExpr, operation, untyped, useGlobal } from '../make.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';
import { lowerCollectionMethod } from './collections.js';
import { lowerKernelVariable } from './kernel-variables.js';
import { lowerMapMethod } from './maps.js';
import { timerStart } from './timers.js';

/** A method of a map, counter, timer... */
export function lowerEntityMethod(
  fx: FunctionScope,
  entity: Entity,
  method: string,
  node: ts.CallExpression,
  callee: ts.PropertyAccessExpression,
  _expected?: CType,
): Expr {
  const span = spanOf(node);
  switch (entity.kind) {
    case 'map':
      return lowerMapMethod(fx, entity.map, method, node);
    case 'counter': {
      if (method === 'inc' || method === 'add') {
        const amount =
          method === 'inc'
            ? untyped(1, span)
            : node.arguments[0]
              ? lowerExpr(fx, node.arguments[0], U64)
              : errorExpr(span);
        if (amount.type.kind === 'error') return errorExpr(span);
        const op = { kind: 'count' as const, counter: entity.counter };
        return operation(op, [coerce(fx.fe, amount, U64)], VOID, span);
      }
      break;
    }
    case 'timer':
      if (method === 'start') return timerStart(fx, entity, node);
      if (method === 'cancel')
        return operation({ kind: 'timer', timer: entity.timer, method }, [], S32, span);
      break;
    case 'spinLock':
      if (method === 'hold') {
        const lock = addressOf(useGlobal(entity.global, span), 'global', span);
        const op = { kind: 'lock' as const, lock: entity.global };
        return { ...operation(op, [lock], lock.type, span), release: LOCK };
      }
      break;
    case 'collection':
      return lowerCollectionMethod(fx, entity.collection, method, node);
    case 'kernelVariable':
      if (method === 'of' || method === 'this')
        return lowerKernelVariable(fx, entity.variable, method, node);
      break;
    case 'component': {
      const { component } = entity;
      const decl = componentApi(component, method);
      if (decl && fx.fe.scheduler && !fx.fe.components.includes(component)) {
        const by = fx.fe.scheduler.name;
        fx.fe.report(componentNotUsed(span, component.symbol.name, method, by));
        return errorExpr(span);
      }
      if (decl) return callUser(fx, decl, node);
      break;
    }
    case 'error':
      return errorExpr(span);
    default:
      break;
  }
  fx.fe.report(
    noSuchMethod(spanOf(callee.name), method, `${entity.kind} '${callee.expression.getText()}'`),
  );
  return errorExpr(span);
}
