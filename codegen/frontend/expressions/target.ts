import { ts } from 'ts-morph';
import { dynamicAccess, notInLanguage, unusedValue } from '../../diagnostics/catalogue/syntax.js';
import { incompatible, readonlyField } from '../../diagnostics/catalogue/types.js';
import type { Expr } from '../../ir/nodes.js';
import { U32, describeType, structOf, type CType } from '../../ir/types.js';
import { asReference, regionOf } from '../convert.js';
import { assign, useLocal } from '../make.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';
import { memberOf } from './access.js';
import { element, readElement, storeElement } from './elements.js';
import { lowerExpr } from './index.js';
import { findBinding, globalRef } from './names.js';

/** A place that can be assigned. */
export interface Target {
  type: CType;
  /** The C lvalue, where there is a plain one. */
  lvalue?: Expr;
  /** Otherwise the pointer to it, null where there is none. */
  pointer?: Expr;
  read(span: Expr['span']): Expr;
  store(value: Expr, span: Expr['span']): Expr;
}

function plainTarget(lvalue: Expr): Target {
  return {
    type: lvalue.type,
    lvalue,
    read: () => lvalue,
    store: (value, span) => assign(lvalue, value, span),
  };
}

/** The place that the left side of an assignment denotes; undefined (reported) if it is none. */
export function lowerTarget(fx: FunctionScope, node: ts.Expression): Target | undefined {
  if (ts.isParenthesizedExpression(node)) return lowerTarget(fx, node.expression);
  if (ts.isIdentifier(node)) return identifierTarget(fx, node);
  if (ts.isPropertyAccessExpression(node)) return propertyTarget(fx, node);
  if (ts.isElementAccessExpression(node)) return elementTarget(fx, node);
  if (ts.isObjectLiteralExpression(node) || ts.isArrayLiteralExpression(node)) {
    fx.fe.report(
      notInLanguage(spanOf(node), 'destructuring into existing variables', 'assign each variable'),
    );
    return undefined;
  }
  fx.fe.report(notInLanguage(spanOf(node), 'assigning to this expression'));
  return undefined;
}

function identifierTarget(fx: FunctionScope, node: ts.Identifier): Target | undefined {
  const span = spanOf(node);
  const symbol = fx.fe.symbolOf(node);
  const binding = symbol && findBinding(fx, symbol);
  if (binding?.kind === 'local') {
    binding.local.assigned = true;
    return plainTarget(useLocal(binding.local, span));
  }
  if (binding?.kind === 'captured') {
    binding.local.assigned = true;
    return plainTarget({ ...binding.place, span });
  }
  const entity = symbol && fx.fe.entities.get(symbol);
  if (entity?.kind === 'global') return plainTarget(globalRef(entity.global, span));
  if (entity && entity.kind !== 'error') fx.fe.report(unusedValue(span, node.text, entity.kind));
  return undefined;
}

function propertyTarget(fx: FunctionScope, node: ts.PropertyAccessExpression): Target | undefined {
  const base = lowerExpr(fx, node.expression);
  const lvalue = memberOf(fx, base, node);
  if (lvalue.type.kind === 'error') return undefined;
  if (lvalue.kind === 'block') {
    fx.fe.report(notInLanguage(spanOf(node), 'assigning to a result'));
    return undefined;
  }
  const field = structOf(base.type)?.field(node.name.text);
  if (field?.readonly || regionOf(lvalue) === 'rodata') {
    // TypeScript reports this too (TS2540), but only scxts knows why.
    fx.fe.report(readonlyField(spanOf(node.name), node.getText()));
    return undefined;
  }
  if (field?.kptr) {
    fx.fe.report(
      incompatible(
        spanOf(node),
        'a kernel object',
        `${describeType(lvalue.type)} (move it with kptrXchg)`,
      ),
    );
    return undefined;
  }
  return plainTarget(lvalue);
}

function elementTarget(fx: FunctionScope, node: ts.ElementAccessExpression): Target | undefined {
  const span = spanOf(node);
  const base = asReference(lowerExpr(fx, node.expression));
  const index = lowerExpr(fx, node.argumentExpression, U32);
  if (base.type.kind === 'error' || index.type.kind === 'error') return undefined;
  const found = element(fx, base, index, span);
  if (!found) {
    fx.fe.report(dynamicAccess(span));
    return undefined;
  }
  const rodata =
    base.type.kind === 'ptr' ? base.type.region === 'rodata' : regionOf(base) === 'rodata';
  if (rodata || isReadonlyArray(fx, node.expression) || found.kind === 'probe') {
    fx.fe.report(readonlyField(span, node.expression.getText()));
    return undefined;
  }
  if (found.kind === 'direct') return plainTarget(found.lvalue);
  return {
    type: found.type,
    ...(found.kind === 'checked' ? { pointer: found.pointer } : {}),
    read: (at) => readElement(fx, found, at),
    store: (value, at) => storeElement(fx, found, value, at),
  };
}

function isReadonlyArray(fx: FunctionScope, node: ts.Expression): boolean {
  if (!ts.isIdentifier(node)) return false;
  const symbol = fx.fe.symbolOf(node);
  const entity = symbol && fx.fe.entities.get(symbol);
  return (
    entity?.kind === 'global' &&
    entity.global.storage !== 'data' &&
    entity.global.storage !== 'private'
  );
}
