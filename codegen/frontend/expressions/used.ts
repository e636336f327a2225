import { ts } from 'ts-morph';

/** Whether what an expression gives is looked at, or it is evaluated for its effects alone. */
export function isUsed(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isParenthesizedExpression(parent)) return isUsed(parent);
  if (ts.isExpressionStatement(parent)) return false;
  if (ts.isForStatement(parent)) return parent.condition === node;
  if (ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.CommaToken)
    return parent.right === node && isUsed(parent);
  return true;
}

export function unwrapped(node: ts.Expression): ts.Expression {
  return ts.isParenthesizedExpression(node) ? unwrapped(node.expression) : node;
}
