import type { Expr, Stmt } from './nodes.js';

export interface Visitor {
  expr?: (expr: Expr) => void;
  stmt?: (stmt: Stmt) => void;
}

/** Calls the visitor for every expression and statement inside, parents first. */
export function walkExpr(expr: Expr, visit: Visitor): void {
  visit.expr?.(expr);
  const go = (e: Expr): void => walkExpr(e, visit);
  switch (expr.kind) {
    case 'unary':
      return go(expr.operand);
    case 'binary':
    case 'logical':
    case 'elvis':
      go(expr.left);
      return go(expr.right);
    case 'cond':
      go(expr.test);
      go(expr.then);
      return go(expr.else);
    case 'assign':
      go(expr.target);
      return go(expr.value);
    case 'step':
      return go(expr.target);
    case 'call':
    case 'template':
      return expr.args.forEach(go);
    case 'member':
      return go(expr.base);
    case 'index':
      go(expr.base);
      return go(expr.index);
    case 'deref':
      return go(expr.pointer);
    case 'addr':
      return go(expr.of);
    case 'cast':
      return go(expr.value);
    case 'init':
      return expr.fields.forEach((f) => go(f.value));
    case 'block':
      expr.body.forEach((s) => walkStmt(s, visit));
      return go(expr.result);
    case 'exists':
      if (expr.what.kind === 'field') go(expr.what.access);
      return;
    case 'record':
      expr.setup.forEach((s) => walkStmt(s, visit));
      expr.values.forEach(go);
      return;
    default:
      return;
  }
}

export function walkStmt(stmt: Stmt, visit: Visitor): void {
  visit.stmt?.(stmt);
  const expr = (e: Expr | undefined): void => {
    if (e) walkExpr(e, visit);
  };
  const go = (s: Stmt | undefined): void => {
    if (s) walkStmt(s, visit);
  };
  switch (stmt.kind) {
    case 'decl':
      return expr(stmt.init);
    case 'expr':
      return expr(stmt.expr);
    case 'if':
      expr(stmt.test);
      go(stmt.then);
      return go(stmt.else);
    case 'for':
      go(stmt.init);
      expr(stmt.test);
      expr(stmt.step);
      return go(stmt.body);
    case 'while':
    case 'do':
      expr(stmt.test);
      return go(stmt.body);
    case 'iterate':
      stmt.args.forEach(expr);
      return go(stmt.body);
    case 'switch':
      expr(stmt.value);
      for (const c of stmt.cases) {
        for (const test of c.tests) if (test !== 'default') expr(test);
        c.body.forEach(go);
      }
      return;
    case 'return':
      return expr(stmt.value);
    case 'block':
      return stmt.body.forEach(go);
    default:
      return;
  }
}

/** Whether an expression mentions a local. */
export function mentions(expr: Expr, name: string): boolean {
  let found = false;
  walkExpr(expr, {
    expr: (e) => {
      if (e.kind === 'var' && e.name === name) found = true;
    },
  });
  return found;
}
