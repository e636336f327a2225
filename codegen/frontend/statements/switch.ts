import { ts } from 'ts-morph';
import { switchFallthrough } from '../../diagnostics/catalogue/syntax.js';
import type { Expr, LoopLabels, Stmt } from '../../ir/nodes.js';
import { BOOL } from '../../ir/types.js';
import { balance, checkComparison, integerOperand, settle } from '../convert.js';
import { lowerExpr } from '../expressions/index.js';
import { isUncertain, presenceOf } from '../expressions/presence.js';
import { binary, constant, declStmt, useLocal } from '../make.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';
import { leaves, lowerStatement } from './index.js';
import { inLoop } from './jumps.js';

/** Labels are compared as C does for constants; other values become a chain of comparisons in C. */
export function lowerSwitch(fx: FunctionScope, node: ts.Node): Stmt[] {
  if (!ts.isSwitchStatement(node)) return [];
  const span = spanOf(node.expression);
  const value = settle(integerOperand(fx.fe, lowerExpr(fx, node.expression)));
  if (isUncertain(fx, node.expression, value)) presenceOf(fx, node.expression, value);
  // Values that CO-RE fills in are no constants to C: such a switch becomes a chain of comparisons.
  const isChain = node.caseBlock.clauses.some(
    (c) => ts.isCaseClause(c) && lowerExpr(fx, c.expression).kind !== 'const',
  );
  return inLoop(fx, node, true, (loop) => {
    if (isChain) loop.asChain = true;
    const cases: { tests: (Expr | 'default')[]; body: Stmt[] }[] = [];
    let tests: (Expr | 'default')[] = [];
    const { clauses } = node.caseBlock;
    clauses.forEach((clause, i) => {
      tests.push(ts.isDefaultClause(clause) ? 'default' : caseLabel(fx, value, clause.expression));
      if (clause.statements.length === 0 && i < clauses.length - 1) return;
      const last = clause.statements[clause.statements.length - 1];
      if (isChain && last && i < clauses.length - 1 && !leaves(last))
        fx.fe.report(switchFallthrough(spanOf(last)));
      const body = fx.withKnown([], () => clause.statements.flatMap((s) => lowerStatement(fx, s)));
      cases.push({ tests, body });
      tests = [];
    });
    if (!isChain) return [{ kind: 'switch', value, cases, labels: loop.labels, span }];
    return chain(fx, value, cases, loop.labels, span);
  });
}

type Case = { tests: (Expr | 'default')[]; body: Stmt[] };

function chain(
  fx: FunctionScope,
  value: Expr,
  cases: Case[],
  labels: LoopLabels,
  span: Stmt['span'],
): Stmt[] {
  const local = fx.temp('switch', value.type, span);
  const compare = (test: Expr): Expr => binary('==', useLocal(local, span), test, BOOL, test.span);
  const otherwise = cases.find((c) => c.tests.includes('default'));
  let rest: Stmt | undefined = otherwise && { kind: 'block', body: otherwise.body, span };
  for (const one of [...cases].reverse()) {
    if (one === otherwise) continue;
    const tests = one.tests.flatMap((t) => (t === 'default' ? [] : [compare(t)]));
    const test = tests.reduce((left, right) => ({
      kind: 'logical',
      op: '||',
      left,
      right,
      type: BOOL,
      span,
    }));
    rest = {
      kind: 'if',
      test,
      then: { kind: 'block', body: one.body, span },
      ...(rest ? { else: rest } : {}),
      span,
    };
  }
  const body: Stmt = { kind: 'block', body: rest ? [rest] : [], span };
  return [
    {
      kind: 'block',
      body: [
        declStmt(local, value, span),
        { kind: 'do', test: constant(0, BOOL, span), body, guard: 'none', labels, span },
      ],
      span,
    },
  ];
}

function caseLabel(fx: FunctionScope, value: Expr, node: ts.Expression): Expr {
  const label = integerOperand(fx.fe, lowerExpr(fx, node));
  const both = balance(value, label);
  if (!both) return label;
  checkComparison(fx.fe, both.left, both.right, label.span);
  return both.right;
}
