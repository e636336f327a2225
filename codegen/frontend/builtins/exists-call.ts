import { ts } from 'ts-morph';
import { unknownKernelName } from '../../diagnostics/catalogue/kernel.js';
import type { Expr } from '../../ir/nodes.js';
import { BOOL } from '../../ir/types.js';
import { enumByName, kernelFunction } from '../../kernel/index.js';
import { existsKey } from '../exists.js';
import { entityOf } from '../expressions/names.js';
import { lowerExpr } from '../expressions/index.js';
import { constant, errorExpr } from '../make.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';

/** `exists(x)`: whether the running kernel has a function, a field or an enum value. */
export function lowerExists(fx: FunctionScope, node: ts.CallExpression): Expr {
  const span = spanOf(node);
  const target = node.arguments[0];
  const key = target && existsKey(fx, target);
  if (!target || !key) {
    fx.fe.report(unknownKernelName(span, target?.getText() ?? 'nothing'));
    return errorExpr(span);
  }
  const entity = entityOf(fx, target);
  if (entity?.kind === 'kernelVariable') {
    const what = { kind: 'variable' as const, variable: entity.variable };
    return { kind: 'exists', what, type: BOOL, span };
  }
  if (ts.isPropertyAccessExpression(target)) {
    const access = fx.withKnown([key], () => lowerExpr(fx, target));
    return { kind: 'exists', what: { kind: 'field', access }, type: BOOL, span };
  }
  const member = enumByName(key);
  if (member)
    return {
      kind: 'exists',
      what: { kind: 'enum', enumName: member.enumName, name: key },
      type: BOOL,
      span,
    };
  const fn = kernelFunction(key);
  // Helpers, and what the kernel's headers define: all supported kernels have them.
  if (fn && fn.kind !== 'kfunc') return constant(1, BOOL, span);
  if (fn) return { kind: 'exists', what: { kind: 'ksym', name: fn.name }, type: BOOL, span };
  fx.fe.report(unknownKernelName(span, key));
  return errorExpr(span);
}
