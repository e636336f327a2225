import { ts } from 'ts-morph';
import type { Stmt } from '../../ir/nodes.js';
import { runs } from '../../ir/effects.js';
import { walkStmt } from '../../ir/walk.js';
import { truth } from '../convert.js';
import { lowerExpr } from '../expressions/index.js';
import { foldNode } from '../fold.js';
import { exprStmt } from '../make.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';
import { lowerBody } from './index.js';
import { inLoop } from './jumps.js';
import { lowerVariableList } from './variables.js';

/** Loops that run at most this often (nesting multiplied) are left to the verifier to walk. */
const WALKABLE = 16;
/** Statements of such a loop's body. */
const SMALL = 12;

export function lowerWhile(fx: FunctionScope, node: ts.Node): Stmt[] {
  if (!ts.isWhileStatement(node)) return [];
  const test = truth(lowerExpr(fx, node.expression));
  return inLoop(fx, node, false, (loop) => {
    const body = lowerBody(fx, node.statement);
    const stmt: Stmt = {
      kind: 'while',
      test,
      body,
      guard: 'can_loop',
      labels: loop.labels,
      span: spanOf(node.expression),
    };
    return [stmt];
  });
}

export function lowerDo(fx: FunctionScope, node: ts.Node): Stmt[] {
  if (!ts.isDoStatement(node)) return [];
  return inLoop(fx, node, false, (loop) => {
    const body = lowerBody(fx, node.statement);
    const test = truth(lowerExpr(fx, node.expression));
    const stmt: Stmt = {
      kind: 'do',
      test,
      body,
      guard: 'can_loop',
      labels: loop.labels,
      span: spanOf(node),
    };
    return [stmt];
  });
}

export function lowerFor(fx: FunctionScope, node: ts.Node): Stmt[] {
  if (!ts.isForStatement(node)) return [];
  const span = spanOf(node);
  const trips = tripCount(fx, node);
  const nested = fx.loopBounds.reduce((a, b) => a * b, 1);
  const walkable = trips !== undefined && trips * nested <= WALKABLE;
  const init = node.initializer ? lowerInit(fx, node.initializer) : [];
  const test = node.condition && truth(lowerExpr(fx, node.condition));
  fx.loopBounds.push(walkable ? Math.max(1, trips) : 1);
  const stmt = inLoop<Extract<Stmt, { kind: 'for' }>>(fx, node, false, (loop) => {
    const body = lowerBody(fx, node.statement);
    const step = node.incrementor && lowerExpr(fx, node.incrementor);
    return {
      kind: 'for',
      ...(test ? { test } : {}),
      ...(step ? { step } : {}),
      body,
      guard: walkable && isSmall(body) ? 'none' : 'can_loop',
      labels: loop.labels,
      span,
    };
  });
  fx.loopBounds.pop();
  const [only] = init;
  if (stmt.guard === 'none' && only?.kind === 'decl' && init.length === 1)
    return [{ ...stmt, init: only }];
  return [{ kind: 'block', body: [...init, stmt], span }];
}

/**
 * Whether the counter stays in a register: clang may keep that of a larger loop on the stack, where what else is
 * in its slot makes the verifier forget it; so does a callback that is handed its address.
 */
function isSmall(body: Stmt): boolean {
  let statements = 0;
  let loops = false;
  walkStmt(body, {
    stmt: (s) => {
      statements++;
      loops ||= s.kind === 'iterate' || ('guard' in s && s.guard !== 'none');
    },
    expr: (e) => {
      loops ||= e.kind === 'op' && runs(e) !== undefined;
    },
  });
  return !loops && statements <= SMALL;
}

function lowerInit(fx: FunctionScope, node: ts.ForInitializer): Stmt[] {
  if (ts.isVariableDeclarationList(node)) return lowerVariableList(fx, node);
  return [exprStmt(lowerExpr(fx, node))];
}

/** How often `for (let i = A; i < B; i += C)` with constant A, B, C runs; undefined if not that shape. */
function tripCount(fx: FunctionScope, node: ts.ForStatement): number | undefined {
  const { initializer, condition, incrementor } = node;
  if (!initializer || !condition || !incrementor || !ts.isVariableDeclarationList(initializer))
    return undefined;
  const variable = initializer.declarations[0];
  if (
    !variable?.initializer ||
    initializer.declarations.length !== 1 ||
    !ts.isBinaryExpression(condition)
  )
    return undefined;
  if (!ts.isIdentifier(condition.left) || condition.left.text !== variable.name.getText())
    return undefined;
  const from = foldNode(fx.fe, variable.initializer);
  const to = foldNode(fx.fe, condition.right);
  const step = stepOf(fx, incrementor, condition.left.text);
  if (
    from === undefined ||
    to === undefined ||
    !step ||
    assignedIn(node.statement, condition.left.text)
  )
    return undefined;
  const inclusive = /=$/.test(condition.operatorToken.getText());
  const up = condition.operatorToken.getText().startsWith('<');
  const down = condition.operatorToken.getText().startsWith('>');
  if ((up && step < 0n) || (down && step > 0n) || (!up && !down)) return undefined;
  const distance = (up ? to - from : from - to) + (inclusive ? 1n : 0n);
  const size = step < 0n ? -step : step;
  return distance <= 0n ? 0 : Number((distance + size - 1n) / size);
}

function stepOf(fx: FunctionScope, node: ts.Expression, variable: string): bigint | undefined {
  if (ts.isPostfixUnaryExpression(node) || ts.isPrefixUnaryExpression(node)) {
    if (node.operand.getText() !== variable) return undefined;
    if (node.operator === ts.SyntaxKind.PlusPlusToken) return 1n;
    return node.operator === ts.SyntaxKind.MinusMinusToken ? -1n : undefined;
  }
  if (!ts.isBinaryExpression(node) || node.left.getText() !== variable) return undefined;
  const by = foldNode(fx.fe, node.right);
  if (node.operatorToken.kind === ts.SyntaxKind.PlusEqualsToken) return by;
  return node.operatorToken.kind === ts.SyntaxKind.MinusEqualsToken && by !== undefined
    ? -by
    : undefined;
}

function assignedIn(node: ts.Node, variable: string): boolean {
  let found = false;
  const visit = (n: ts.Node): void => {
    if (
      ts.isBinaryExpression(n) &&
      n.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
      n.operatorToken.kind <= ts.SyntaxKind.LastAssignment
    ) {
      if (n.left.getText() === variable) found = true;
    }
    if (
      (ts.isPostfixUnaryExpression(n) || ts.isPrefixUnaryExpression(n)) &&
      n.operand.getText() === variable
    ) {
      if (
        n.operator === ts.SyntaxKind.PlusPlusToken ||
        n.operator === ts.SyntaxKind.MinusMinusToken
      )
        found = true;
    }
    ts.forEachChild(n, visit);
  };
  visit(node);
  return found;
}
