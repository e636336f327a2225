import type { ts } from 'ts-morph';
import { atomicTarget } from '../../diagnostics/catalogue/state.js';
import type { Expr } from '../../ir/nodes.js';
import { describeType } from '../../ir/types.js';
import { coerce, regionOf } from '../convert.js';
import { lowerExpr } from '../expressions/index.js';
import { lowerTarget } from '../expressions/target.js';
import { addressOf, errorExpr, support, template } from '../make.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';

/** BPF's atomic instructions; all but the plain ones give the old value back. */
const FETCH: Record<string, string> = {
  atomicAdd: '__sync_fetch_and_add',
  atomicSub: '__sync_fetch_and_sub',
  atomicAnd: '__sync_fetch_and_and',
  atomicOr: '__sync_fetch_and_or',
  atomicXor: '__sync_fetch_and_xor',
};

export function lowerAtomic(fx: FunctionScope, node: ts.CallExpression): Expr {
  const span = spanOf(node);
  const [place, ...operands] = node.arguments;
  const target = place && lowerTarget(fx, place);
  if (!target) return errorExpr(span);
  const { type, lvalue } = target;
  if (!lvalue || type.kind !== 'int' || type.bits < 32 || (lvalue.kind === 'var' && lvalue.local)) {
    fx.fe.report(atomicTarget(spanOf(place), describeType(type)));
    return errorExpr(span);
  }
  const pointer = addressOf(lvalue, regionOf(lvalue), span);
  const values = operands.map((o) => coerce(fx.fe, lowerExpr(fx, o, type), type));
  if (values.some((v) => v.type.kind === 'error')) return errorExpr(span);
  const name = node.expression.getText();
  const builtin = fx.fe.builtinName(fx.fe.symbolOf(node.expression)) ?? name;
  if (builtin === 'atomicXchg')
    return template('__sync_lock_test_and_set($0, $1)', [pointer, ...values], type, span);
  if (builtin === 'atomicCas')
    return template('__sync_val_compare_and_swap($0, $1, $2)', [pointer, ...values], type, span);
  return support(FETCH[builtin] ?? builtin, [pointer, ...values], type, span);
}
