import type { ts } from 'ts-morph';
import { atomicTarget } from '../../diagnostics/catalogue/state.js';
import type { Expr } from '../../ir/nodes.js';
import type { AtomicAction } from '../../ir/operations.js';
import { describeType, type CType } from '../../ir/types.js';
import { coerce, regionOf } from '../convert.js';
import { lowerExpr } from '../expressions/index.js';
import { lowerTarget } from '../expressions/target.js';
import {
  addressOf,
  conditional,
  constant,
  errorExpr,
  operation,
  useLocal,
  withTemp,
} from '../make.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';

const ACTIONS: Readonly<Record<string, AtomicAction>> = {
  atomicAdd: 'add',
  atomicSub: 'sub',
  atomicAnd: 'and',
  atomicOr: 'or',
  atomicXor: 'xor',
  atomicXchg: 'exchange',
  atomicCas: 'compareExchange',
};

export function lowerAtomic(fx: FunctionScope, node: ts.CallExpression): Expr {
  const span = spanOf(node);
  const [place, ...operands] = node.arguments;
  const target = place && lowerTarget(fx, place);
  if (!target) return errorExpr(span);
  const { type, lvalue } = target;
  if (target.bits !== undefined) {
    fx.fe.report(atomicTarget(spanOf(place), `a bitfield of ${target.bits} bits`));
    return errorExpr(span);
  }
  const isLocal = lvalue?.kind === 'var';
  const pointer = lvalue ? addressOf(lvalue, regionOf(lvalue), span) : target.pointer;
  if (!pointer || isLocal || type.kind !== 'int' || type.bits < 32) {
    fx.fe.report(atomicTarget(spanOf(place), describeType(type)));
    return errorExpr(span);
  }
  const values = operands.map((o) => coerce(fx.fe, lowerExpr(fx, o, type), type));
  if (values.some((v) => v.type.kind === 'error')) return errorExpr(span);
  if (lvalue) return atomic(fx, node, pointer, values, type);
  // An element that may be out of range: nothing happens there, and it gives 0.
  const local = fx.temp('elem', pointer.type, span);
  const found = useLocal(local, span);
  const done = atomic(fx, node, found, values, type);
  const value = conditional(found, done, constant(0, type, span), type, span);
  return withTemp(local, pointer, value, span);
}

function atomic(
  fx: FunctionScope,
  node: ts.CallExpression,
  pointer: Expr,
  values: Expr[],
  type: CType,
): Expr {
  const span = spanOf(node);
  const builtin = fx.fe.builtinName(fx.fe.symbolOf(node.expression)) ?? '';
  const action = ACTIONS[builtin];
  return action
    ? operation({ kind: 'atomic', action }, [pointer, ...values], type, span)
    : errorExpr(span);
}
