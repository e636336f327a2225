import { ts } from 'ts-morph';
import { switchFallthrough } from '../../diagnostics/catalogue/syntax.js';
import type { Expr, Stmt } from '../../ir/nodes.js';
import { balance, checkComparison, integerOperand, settle } from '../convert.js';
import { lowerExpr } from '../expressions/index.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';
import { leaves, lowerStatement } from './index.js';
import { inLoop } from './jumps.js';

/** Labels are compared as C does for constants; other values become a chain of comparisons in C. */
export function lowerSwitch(fx: FunctionScope, node: ts.Node): Stmt[] {
  if (!ts.isSwitchStatement(node)) return [];
  const span = spanOf(node.expression);
  const value = settle(integerOperand(fx.fe, lowerExpr(fx, node.expression)));
  return inLoop(fx, node, true, (loop) => {
    const cases: { tests: (Expr | 'default')[]; body: Stmt[] }[] = [];
    let tests: (Expr | 'default')[] = [];
    const { clauses } = node.caseBlock;
    clauses.forEach((clause, i) => {
      tests.push(ts.isDefaultClause(clause) ? 'default' : caseLabel(fx, value, clause.expression));
      if (clause.statements.length === 0 && i < clauses.length - 1) return;
      const last = clause.statements[clause.statements.length - 1];
      if (last && i < clauses.length - 1 && !leaves(last))
        fx.fe.report(switchFallthrough(spanOf(last)));
      const body = fx.withKnown([], () => clause.statements.flatMap((s) => lowerStatement(fx, s)));
      cases.push({ tests, body });
      tests = [];
    });
    return [{ kind: 'switch', value, cases, labels: loop.labels, span }];
  });
}

function caseLabel(fx: FunctionScope, value: Expr, node: ts.Expression): Expr {
  const label = integerOperand(fx.fe, lowerExpr(fx, node));
  const both = balance(value, label);
  if (!both) return label;
  checkComparison(fx.fe, both.left, both.right, label.span);
  return both.right;
}
