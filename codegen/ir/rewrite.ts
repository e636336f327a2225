import type { Expr, Stmt } from './nodes.js';
import { partsOf } from './walk.js';

/** Gives each list of statements in a function its new one, the innermost first. */
export function rewriteLists(body: Stmt[], rewrite: (list: Stmt[]) => Stmt[]): void {
  for (const stmt of body) inStatement(stmt, rewrite);
  replace(body, rewrite(body));
}

function replace(list: Stmt[], by: Stmt[]): void {
  if (by !== list) list.splice(0, list.length, ...by);
}

function inStatement(stmt: Stmt, rewrite: (list: Stmt[]) => Stmt[]): void {
  const expr = (e: Expr | undefined): void => {
    if (e) inExpr(e, rewrite);
  };
  const inner = (s: Stmt | undefined): void => {
    if (s) inStatement(s, rewrite);
  };
  switch (stmt.kind) {
    case 'block':
    case 'seq':
      return rewriteLists(stmt.body, rewrite);
    case 'decl':
      return expr(stmt.init);
    case 'expr':
      return expr(stmt.expr);
    case 'return':
      return expr(stmt.value);
    case 'if':
      expr(stmt.test);
      inner(stmt.then);
      return inner(stmt.else);
    case 'for':
      inner(stmt.init);
      expr(stmt.test);
      expr(stmt.step);
      return inner(stmt.body);
    case 'while':
    case 'do':
      expr(stmt.test);
      return inner(stmt.body);
    case 'iterate':
      stmt.args.forEach(expr);
      return inner(stmt.body);
    case 'switch':
      expr(stmt.value);
      for (const { body } of stmt.cases) rewriteLists(body, rewrite);
      return;
    case 'break':
    case 'continue':
      return;
  }
}

/** Lists in an expression are those of its blocks: nothing else in it has statements. */
function inExpr(root: Expr, rewrite: (list: Stmt[]) => Stmt[]): void {
  const seen: Expr[] = [root];
  for (let e = seen.pop(); e; e = seen.pop()) {
    if (e.kind === 'block') rewriteLists(e.body, rewrite);
    else if (e.kind === 'record') rewriteLists(e.setup, rewrite);
    seen.push(...partsOf(e).exprs);
  }
}
