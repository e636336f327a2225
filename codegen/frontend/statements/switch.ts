import { ts } from 'ts-morph';
import { caseNeverMatches } from '../../diagnostics/catalogue/meaning.js';
import { switchFallthrough } from '../../diagnostics/catalogue/syntax.js';
import type { Expr, Local, LoopLabels, Stmt } from '../../ir/nodes.js';
import { BOOL, S32, describeType, isInteger } from '../../ir/types.js';
import { walkStmt } from '../../ir/walk.js';
import { balance, checkComparison, fits, integerOperand, settle } from '../convert.js';
import { lowerExpr } from '../expressions/index.js';
import { isUncertain, presenceOf } from '../expressions/presence.js';
import {
  assign,
  binary,
  cast,
  constant,
  declStmt,
  errorExpr,
  exprStmt,
  useLocal,
  either,
} from '../make.js';
import { pinned } from '../order.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';
import { leaves, lowerStatement } from './index.js';
import { inLoop } from './jumps.js';

type Test = Expr | 'default';
interface Case {
  tests: Test[];
  body: Stmt[];
  /** Its last statement, where control may go on from there to the next case. */
  falls: ts.Statement | undefined;
}

/** Labels are compared as C does for constants; other values become a chain of comparisons in C. */
export function lowerSwitch(fx: FunctionScope, node: ts.Node): Stmt[] {
  if (!ts.isSwitchStatement(node)) return [];
  const span = spanOf(node.expression);
  const before: Stmt[] = [];
  let value = settle(integerOperand(fx.fe, lowerExpr(fx, node.expression)));
  if (value.type.kind === 'error') return [];
  if (isUncertain(fx, node.expression, value)) presenceOf(fx, node.expression, value);
  const { clauses } = node.caseBlock;
  const labels = possible(fx, node, value);
  // Values that CO-RE fills in are no constants to C: such a switch becomes a chain of comparisons.
  const isChain = labels.some((t) => t !== 'never' && t !== 'default' && t.kind !== 'const');
  // C looks for the case itself where it knows the value, and complains of the others.
  if (value.type.kind === 'bool' && !isChain) value = cast(value, S32);
  if (value.kind === 'const' && !isChain) value = variable(fx, value, before);
  return inLoop(fx, node, true, (loop) => {
    if (isChain) loop.asChain = true;
    const cases: Case[] = [];
    let tests: Test[] = [];
    clauses.forEach((clause, i) => {
      const label = labels[i]!;
      if (label !== 'never') tests.push(label);
      if (clause.statements.length === 0 && i < clauses.length - 1) return;
      const last = clause.statements[clause.statements.length - 1];
      const falls = last && i < clauses.length - 1 && !leaves(last) ? last : undefined;
      const body = fx.withKnown([], () => clause.statements.flatMap((s) => lowerStatement(fx, s)));
      addCase(cases, { tests, body, falls });
      tests = [];
    });
    const shared = sharedVariables(cases);
    const rest = isChain
      ? chain(fx, value, cases, loop.labels, span)
      : [{ kind: 'switch' as const, value, cases, labels: loop.labels, span }];
    const all = [...before, ...shared, ...rest];
    return all.length === 1 ? all : [{ kind: 'block', body: all, span }];
  });
}

function variable(fx: FunctionScope, value: Expr, before: Stmt[]): Expr {
  const local = fx.temp('switch', value.type, value.span);
  before.push(declStmt(local, value, value.span));
  return useLocal(local, value.span);
}

/** A case without a label is what the one before it goes on with, or never runs. */
function addCase(cases: Case[], one: Case): void {
  const previous = cases[cases.length - 1];
  if (one.tests.length > 0) cases.push(one);
  else if (previous?.falls) {
    previous.body.push({
      kind: 'block',
      body: one.body,
      span: one.body[0]?.span ?? spanOf(previous.falls),
    });
    previous.falls = one.falls;
  }
}

/** The labels; reported are those that no value has, and those that an earlier case has. */
function possible(fx: FunctionScope, node: ts.SwitchStatement, value: Expr): (Test | 'never')[] {
  const taken = new Set<bigint>();
  return node.caseBlock.clauses.map((clause) => {
    if (ts.isDefaultClause(clause)) return 'default';
    const label = integerOperand(fx.fe, lowerExpr(fx, clause.expression));
    const at = spanOf(clause.expression);
    const text = clause.expression.getText();
    if (label.kind === 'const') {
      const { type } = value;
      const fitting = (type.kind === 'int' || type.kind === 'bool') && !fits(label.value, type);
      if (fitting) {
        fx.fe.report(caseNeverMatches(at, text, `${describeType(type)} has no such value`));
        return 'never';
      }
      if (taken.has(label.value)) {
        fx.fe.report(caseNeverMatches(at, text, 'an earlier case has this value'));
        return 'never';
      }
      taken.add(label.value);
    }
    if (!isInteger(label.type)) return errorExpr(at);
    const both = balance(value, label);
    if (!both) return label;
    checkComparison(fx.fe, both.left, both.right, label.span);
    return both.right;
  });
}

/** The cases are one scope: a variable of one that others use is declared in front of them all. */
function sharedVariables(cases: Case[]): Stmt[] {
  const shared: Stmt[] = [];
  for (const one of cases) {
    one.body = one.body.flatMap((stmt) => {
      if (stmt.kind !== 'decl') return [stmt];
      const { local, init, span } = stmt;
      if (!cases.some((other) => other !== one && uses(other.body, local))) return [stmt];
      shared.push(declStmt(local, zero(local), span));
      return init ? [exprStmt(assign(useLocal(local, span), init, span), span)] : [];
    });
  }
  return shared;
}

function zero(local: Local): Expr | undefined {
  const { type, span } = local;
  if (type.kind === 'ptr') return { kind: 'null', type, span };
  return type.kind === 'int' || type.kind === 'bool' ? constant(0, type, span) : undefined;
}

function uses(body: Stmt[], local: Local): boolean {
  let found = false;
  for (const stmt of body)
    walkStmt(stmt, { expr: (e) => (found ||= e.kind === 'var' && e.local === local) });
  return found;
}

function chain(
  fx: FunctionScope,
  value: Expr,
  cases: Case[],
  labels: LoopLabels,
  span: Stmt['span'],
): Stmt[] {
  for (const { falls } of cases.slice(0, -1))
    if (falls) fx.fe.report(switchFallthrough(spanOf(falls)));
  const before: Stmt[] = [];
  const tested = value.kind === 'var' ? pinned(fx, value, before) : variable(fx, value, before);
  const compare = (test: Expr): Expr => binary('==', tested, test, BOOL, test.span);
  const otherwise = cases.find((c) => c.tests.includes('default'));
  let rest: Stmt | undefined = otherwise && { kind: 'block', body: otherwise.body, span };
  for (const one of [...cases].reverse()) {
    if (one === otherwise) continue;
    const tests = one.tests.flatMap((t) => (t === 'default' ? [] : [compare(t)]));
    const test = either(tests, span);
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
        ...before,
        { kind: 'do', test: constant(0, BOOL, span), body, guard: 'none', labels, span },
      ],
      span,
    },
  ];
}
