import type { ts } from 'ts-morph';
import { needsNewerKernel, unknownKernelName } from '../../diagnostics/catalogue/kernel.js';
import { goneLater } from '../../diagnostics/catalogue/places.js';
import { closures } from '../../diagnostics/catalogue/syntax.js';
import type { Expr } from '../../ir/nodes.js';
import { INT_TYPES, U64 } from '../../ir/types.js';
import { constantByName, enumByName, kernelFunction } from '../../kernel/index.js';
import { NEWEST_KERNEL, isNewer } from '../../kernel/versions.js';
import { constant, errorExpr, untyped } from '../make.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';

/** A constant that the language exports: the kernel's enum values by CO-RE, others by value. */
export function lowerBuiltinConstant(fx: FunctionScope, name: string, node: ts.Node): Expr {
  const span = spanOf(node);
  const value = constantByName(name);
  if (value) {
    const type = value.type ? INT_TYPES[value.type] : undefined;
    return type ? constant(value.value, type, span) : untyped(value.value, span);
  }
  const member = enumByName(name);
  if (member) {
    if (isNewer(member.since, fx.floorHere) && !fx.knows(name))
      fx.fe.report(needsNewerKernel(span, name, member.since, fx.floorHere));
    else if (isNewer(NEWEST_KERNEL, member.until) && !fx.knows(name))
      fx.fe.report(goneLater(span, name, member.until));
    return { kind: 'enum', enumName: member.enumName, name, type: U64, span };
  }
  if (kernelFunction(name)) fx.fe.report(closures(span, `the function '${name}'`));
  else fx.fe.report(unknownKernelName(span, name));
  return errorExpr(span);
}
