import type { Expr, Stmt } from './nodes.js';

export interface Visitor {
  expr?: (expr: Expr) => void;
  stmt?: (stmt: Stmt) => void;
}

export interface Parts {
  exprs: Expr[];
  stmts: Stmt[];
}

/** What an expression or statement is directly made of, in the order of evaluation. */
export function partsOf(node: Expr | Stmt): Parts {
  switch (node.kind) {
    case 'unary':
      return { exprs: [node.operand], stmts: [] };
    case 'binary':
    case 'logical':
    case 'elvis':
      return { exprs: [node.left, node.right], stmts: [] };
    case 'cond':
      return { exprs: [node.test, node.then, node.else], stmts: [] };
    case 'assign':
      return { exprs: [node.target, node.value], stmts: [] };
    case 'step':
      return { exprs: [node.target], stmts: [] };
    case 'call':
    case 'op':
      return { exprs: node.args, stmts: [] };
    case 'member':
      return { exprs: [node.base], stmts: [] };
    case 'index':
      return { exprs: [node.base, node.index], stmts: [] };
    case 'deref':
      return { exprs: [node.pointer], stmts: [] };
    case 'addr':
      return { exprs: [node.of], stmts: [] };
    case 'cast':
    case 'convert':
    case 'object':
      return { exprs: [node.value], stmts: [] };
    case 'init':
      return { exprs: node.fields.map((f) => f.value), stmts: [] };
    case 'exists':
      return { exprs: node.what.kind === 'field' ? [node.what.access] : [], stmts: [] };
    case 'record':
      return { exprs: [...node.values.values()], stmts: node.setup };
    case 'block':
      return { exprs: 'result' in node ? [node.result] : [], stmts: node.body };
    case 'seq':
      return { exprs: [], stmts: node.body };
    case 'decl':
      return { exprs: given(node.init), stmts: [] };
    case 'expr':
      return { exprs: [node.expr], stmts: [] };
    case 'if':
      return { exprs: [node.test], stmts: [node.then, ...given(node.else)] };
    case 'for':
      return {
        exprs: [...given(node.test), ...given(node.step)],
        stmts: [...given(node.init), node.body],
      };
    case 'while':
    case 'do':
      return { exprs: [node.test], stmts: [node.body] };
    case 'iterate':
      return { exprs: node.args, stmts: [node.body] };
    case 'switch':
      return {
        exprs: [
          node.value,
          ...node.cases.flatMap((c) => c.tests.filter((t): t is Expr => t !== 'default')),
        ],
        stmts: node.cases.flatMap((c) => c.body),
      };
    case 'return':
      return { exprs: given(node.value), stmts: [] };
    case 'const':
    case 'string':
    case 'null':
    case 'error':
    case 'var':
    case 'global':
    case 'constant':
    case 'enum':
    case 'break':
    case 'continue':
      return { exprs: [], stmts: [] };
  }
}

function given<T>(value: T | undefined): T[] {
  return value === undefined ? [] : [value];
}

/** Calls the visitor for every expression and statement inside, parents first. */
export function walkExpr(expr: Expr, visit: Visitor): void {
  visit.expr?.(expr);
  const { exprs, stmts } = partsOf(expr);
  for (const s of stmts) walkStmt(s, visit);
  for (const e of exprs) walkExpr(e, visit);
}

export function walkStmt(stmt: Stmt, visit: Visitor): void {
  visit.stmt?.(stmt);
  const { exprs, stmts } = partsOf(stmt);
  for (const e of exprs) walkExpr(e, visit);
  for (const s of stmts) walkStmt(s, visit);
}
