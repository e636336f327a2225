import { ts } from 'ts-morph';
import type { Stmt } from '../../ir/nodes.js';
import { moveOut, ownerOf } from '../builtins/moves.js';
import { constant } from '../make.js';
import { lowerExpr } from '../expressions/index.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';
import { effectsOnly } from './effects.js';

/** The value is converted once the function's return type is known: see functions.ts. */
export function lowerReturn(fx: FunctionScope, node: ts.Node): Stmt[] {
  if (!ts.isReturnStatement(node)) return [];
  const span = spanOf(node);
  if (!node.expression) {
    // Of a callback that may give a number: none is 0, "go on".
    const { type } = fx.returns;
    const value =
      type?.kind === 'bool' || type?.kind === 'int' ? constant(0, type, span) : undefined;
    return [{ kind: 'return', ...(value ? { value } : {}), span }];
  }
  return returnValue(fx, node.expression, span);
}

export function returnValue(fx: FunctionScope, node: ts.Expression, span: Stmt['span']): Stmt[] {
  let expr = lowerExpr(fx, node, fx.returns.type);
  if (expr.type.kind === 'error') return [{ kind: 'return', span }];
  // `enqueue: (p) => scx_bpf_dsq_insert(...)`: what the call gives is not wanted, the call is.
  if (expr.type.kind === 'void' || fx.returns.type?.kind === 'void')
    return [...effectsOnly(expr, span), { kind: 'return', span }];
  const owner = ownerOf(expr);
  if (owner?.owns) expr = moveOut(fx, expr, (o) => ({ ...o, release: owner.owns! }));
  const stmt: Extract<Stmt, { kind: 'return' }> = { kind: 'return', value: expr, span };
  fx.returns.seen.push({ type: expr.type, expr, stmt });
  return [stmt];
}
