import { ts } from 'ts-morph';
import { maybeUndefined } from '../../diagnostics/catalogue/types.js';
import type { Expr } from '../../ir/nodes.js';
import { BOOL, isInteger } from '../../ir/types.js';
import type { Frontend } from '../context.js';
import { constant, useLocal } from '../make.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';

/** Whether TypeScript lets a value be undefined or null at this place. */
export function mayBeUndefined(fe: Frontend, node: ts.Expression): boolean {
  const type = fe.checker.getTypeAtLocation(node);
  const parts = type.isUnion() ? type.types : [type];
  return parts.some((t) => (t.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Null)) !== 0);
}

/**
 * Whether an integer is there: C has 0 where TypeScript has undefined. A constant where that is known; reported where
 * nothing says it.
 */
export function presenceOf(fx: FunctionScope, node: ts.Expression, value: Expr): Expr {
  const { span } = value;
  const presence = value.kind === 'var' ? value.local.presence : undefined;
  if (value.kind === 'var' && presence) {
    if (typeof presence === 'object') return useLocal(presence, span);
    const given = presence === 'given' || value.local.assigned === true;
    return constant(given ? 1 : 0, BOOL, span);
  }
  if (isInteger(value.type) && mayBeUndefined(fx.fe, node))
    fx.fe.report(maybeUndefined(spanOf(node), node.getText()));
  return constant(1, BOOL, span);
}

/** Whether an integer's presence has to be looked at: it is tracked, or TypeScript lets it be undefined. */
export function isUncertain(fx: FunctionScope, node: ts.Expression, value: Expr): boolean {
  if (!isInteger(value.type)) return false;
  const presence = value.kind === 'var' ? value.local.presence : undefined;
  return presence !== undefined ? presence !== 'given' : mayBeUndefined(fx.fe, node);
}

const K = ts.SyntaxKind;
const ASKING = new Set<ts.SyntaxKind>([
  K.QuestionQuestionToken,
  K.QuestionQuestionEqualsToken,
  K.EqualsEqualsEqualsToken,
  K.ExclamationEqualsEqualsToken,
]);

/** Whether the block of `const n = a?.n` asks anywhere whether n is undefined, or what it equals. */
export function asksForPresence(
  fe: Frontend,
  declaration: ts.VariableDeclaration,
  symbol: ts.Symbol,
): boolean {
  const list = declaration.parent;
  const isConst = (list.flags & ts.NodeFlags.BlockScoped) === ts.NodeFlags.Const;
  const { initializer } = declaration;
  if (!isConst || !initializer || !mayBeUndefined(fe, initializer)) return false;
  if (!isNumeric(fe.checker.getNonNullableType(fe.checker.getTypeAtLocation(initializer))))
    return false;
  const asks = (node: ts.Node): boolean => {
    if (ts.isIdentifier(node) && fe.symbolOf(node) === symbol) {
      const { parent } = node;
      if (ts.isBinaryExpression(parent) && ASKING.has(parent.operatorToken.kind)) return true;
      if (ts.isSwitchStatement(parent)) return true;
    }
    return ts.forEachChild(node, (child) => asks(child) || undefined) ?? false;
  };
  return asks(list.parent.parent);
}

/** What pop() gives is a Ref too: a pointer, which is null itself. */
function isNumeric(type: ts.Type): boolean {
  if (type.getProperty('value')) return false;
  const parts = type.isUnion() ? type.types : [type];
  return parts.every(
    (t) =>
      (t.flags & (ts.TypeFlags.NumberLike | ts.TypeFlags.BooleanLike)) !== 0 ||
      (t.isIntersection() && t.types.some((p) => (p.flags & ts.TypeFlags.NumberLike) !== 0)),
  );
}
