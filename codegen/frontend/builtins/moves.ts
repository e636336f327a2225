import type { Expr, Local } from '../../ir/nodes.js';
import { assign, declStmt, exprStmt, useLocal } from '../make.js';
import type { FunctionScope } from '../scope.js';

/** The local whose object an expression names, if it owns one. */
export function ownerOf(value: Expr): Local | undefined {
  return value.kind === 'var' && value.local.owns ? value.local : undefined;
}

/**
 * Hands the object of an owning local to `use`. The name of a `using` variable is cleared first, so that
 * leaving the block does not release what is no longer its own.
 */
export function moveOut(fx: FunctionScope, value: Expr, use: (object: Expr) => Expr): Expr {
  const local = ownerOf(value);
  if (!local) return use(value);
  if (!local.cleanup) return { ...use(value), moves: local };
  const { span } = value;
  const object = fx.temp('moved', value.type, span);
  const result = { ...use(useLocal(object, span)), moves: local };
  return {
    kind: 'block',
    body: [
      declStmt(object, value, span),
      exprStmt(assign(value, { kind: 'null', type: value.type, span }, span)),
    ],
    result,
    type: result.type,
    span,
    ...(result.release ? { release: result.release } : {}),
  };
}
