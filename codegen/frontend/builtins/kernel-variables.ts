import type { ts } from 'ts-morph';
import type { KernelVariableIr } from '../../ir/module.js';
import type { Expr } from '../../ir/nodes.js';
import type { Span } from '../../ir/span.js';
import { U32, pointerTo, type CType } from '../../ir/types.js';
import { coerce, integerOperand } from '../convert.js';
import { lowerExpr } from '../expressions/index.js';
import { cast, errorExpr, operation } from '../make.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';

/** A struct of the kernel is followed with loads that may fail; other things are memory that can only be read. */
function reference(type: CType, nullable: boolean): CType {
  return type.kind === 'struct'
    ? pointerTo(type, 'kernel', { trust: 'untrusted', nullable })
    : pointerTo(type, 'rodata', { nullable });
}

/** `rqs.of(cpu)`, `rqs.this()`: null where there is no such CPU, or no such variable. */
export function lowerKernelVariable(
  fx: FunctionScope,
  variable: KernelVariableIr,
  which: 'of' | 'this',
  node: ts.CallExpression,
): Expr {
  const span = spanOf(node);
  const type = reference(variable.type, true);
  const op = { kind: 'kernelVariable' as const, variable, which };
  if (which === 'this') return operation(op, [], type, span);
  const [argument] = node.arguments;
  const given = argument ? integerOperand(fx.fe, lowerExpr(fx, argument, U32)) : errorExpr(span);
  if (given.type.kind === 'error') return errorExpr(span);
  // A negative one is out of range like any other.
  const signed = given.type.kind === 'int' && given.type.signed;
  const cpu = signed ? cast(given, U32) : coerce(fx.fe, given, U32);
  return operation(op, [cpu], type, span);
}

/** `jiffies.value`: 0 where there is none. */
export function kernelValue(variable: KernelVariableIr, span: Span): Expr {
  const { type } = variable;
  const op = { kind: 'kernelVariable' as const, variable, which: 'value' as const };
  const isObject = type.kind === 'struct';
  return operation(op, [], isObject ? reference(type, false) : type, span);
}
