import type { ts } from 'ts-morph';
import { unsupportedState } from '../../diagnostics/catalogue/state.js';
import type { Expr } from '../../ir/nodes.js';
import { pointerTo, structOf } from '../../ir/types.js';
import { asReference, regionOf } from '../convert.js';
import { lowerExpr } from '../expressions/index.js';
import { addressOf, assign, declStmt, errorExpr, exprStmt, template, useLocal } from '../make.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';
import { resolveType } from '../types.js';

/** Release functions of what can be kept in a kptr. */
const RELEASE: Record<string, string> = {
  task_struct: 'bpf_task_release',
  cgroup: 'bpf_cgroup_release',
  bpf_cpumask: 'bpf_cpumask_release',
};

/** `kptrXchg(place, object)`: moves an owned object in, gives the old one back, owned. */
export function lowerKptrXchg(fx: FunctionScope, node: ts.CallExpression): Expr {
  const span = spanOf(node);
  const [placeNode, valueNode] = node.arguments;
  if (!placeNode || !valueNode) return errorExpr(span);
  const place = lowerExpr(fx, placeNode);
  const value = asReference(lowerExpr(fx, valueNode));
  if (place.type.kind !== 'ptr' || value.type.kind === 'error') return errorExpr(span);
  const struct = structOf(place.type);
  const release = struct ? (RELEASE[struct.name] ?? `drop_${struct.name}`) : '';
  const pointer = addressOf(place, regionOf(place), span);
  const moved = value.kind === 'var' && value.local?.cleanup !== undefined;
  const type = { ...pointerTo(place.type.to, 'kernel', { nullable: true, trust: 'trusted' }) };
  if (!moved)
    return {
      ...template('bpf_kptr_xchg($0, $1)', [pointer, value], type, span),
      release: `scxts_cleanup_${release}`,
    };
  // The object has moved: its name is cleared, so that leaving the block does not release it.
  const object = fx.temp('moved', value.type, span);
  return {
    kind: 'block',
    body: [
      declStmt(object, value, span),
      exprStmt(assign(value, { kind: 'null', type: value.type, span }, span)),
    ],
    result: template('bpf_kptr_xchg($0, $1)', [pointer, useLocal(object, span)], type, span),
    type,
    span,
    release: `scxts_cleanup_${release}`,
  };
}

export function lowerAlloc(fx: FunctionScope, node: ts.CallExpression): Expr {
  const span = spanOf(node);
  const type = node.typeArguments?.[0] && resolveType(fx.fe, node.typeArguments[0], fx.env);
  if (!type || type.kind !== 'struct') return errorExpr(span);
  fx.fe.report(unsupportedState(span, 'alloc()', 'this version of scxts has no code for it yet'));
  return errorExpr(span);
}
