import { ts } from 'ts-morph';
import type { Frontend } from './context.js';

const K = ts.SyntaxKind;
const known = new WeakMap<ts.Node, Set<ts.Symbol>>();

/** Whether a variable of a function is assigned as a whole after its declaration, there or in a callback. */
export function isReassigned(fe: Frontend, variable: ts.VariableDeclaration): boolean {
  const symbol = fe.checker.getSymbolAtLocation(variable.name);
  const around = ts.findAncestor(variable, (n) => ts.isFunctionLike(n));
  if (!symbol || !around) return false;
  const assigned = known.get(around) ?? assignedIn(fe, around);
  known.set(around, assigned);
  return assigned.has(symbol);
}

function assignedIn(fe: Frontend, node: ts.Node): Set<ts.Symbol> {
  const found = new Set<ts.Symbol>();
  const visit = (n: ts.Node): void => {
    if (ts.isBinaryExpression(n)) {
      const op = n.operatorToken.kind;
      let target: ts.Node = n.left;
      while (ts.isParenthesizedExpression(target)) target = target.expression;
      const assigns = op >= K.FirstAssignment && op <= K.LastAssignment;
      const symbol = assigns && ts.isIdentifier(target) ? fe.symbolOf(target) : undefined;
      if (symbol) found.add(symbol);
    }
    ts.forEachChild(n, visit);
  };
  visit(node);
  return found;
}
