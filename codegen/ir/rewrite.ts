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

/** Gives each expression that a node is directly made of its new one, in the order of partsOf(). */
export function replaceOperands(
  node: Expr | Stmt,
  by: (operand: Expr, position: number) => Expr,
): void {
  let position = 0;
  const next = (operand: Expr): Expr => by(operand, position++);
  switch (node.kind) {
    case 'unary':
      node.operand = next(node.operand);
      return;
    case 'binary':
    case 'logical':
    case 'elvis':
      node.left = next(node.left);
      node.right = next(node.right);
      return;
    case 'cond':
      node.test = next(node.test);
      node.then = next(node.then);
      node.else = next(node.else);
      return;
    case 'assign':
      node.target = next(node.target);
      node.value = next(node.value);
      return;
    case 'step':
      node.target = next(node.target);
      return;
    case 'call':
    case 'op':
    case 'iterate':
      node.args = node.args.map(next);
      return;
    case 'member':
      node.base = next(node.base);
      return;
    case 'index':
      node.base = next(node.base);
      node.index = next(node.index);
      return;
    case 'deref':
      node.pointer = next(node.pointer);
      return;
    case 'addr':
      node.of = next(node.of);
      return;
    case 'cast':
    case 'convert':
    case 'object':
      node.value = next(node.value);
      return;
    case 'init':
      node.fields = node.fields.map((f) => ({ ...f, value: next(f.value) }));
      return;
    case 'exists':
      if (node.what.kind === 'field') node.what.access = next(node.what.access);
      return;
    case 'record':
      node.values = new Map([...node.values].map(([name, value]) => [name, next(value)]));
      return;
    case 'block':
      if ('result' in node) node.result = next(node.result);
      return;
    case 'decl':
      if (node.init) node.init = next(node.init);
      return;
    case 'expr':
      node.expr = next(node.expr);
      return;
    case 'if':
    case 'while':
    case 'do':
      node.test = next(node.test);
      return;
    case 'for':
      if (node.test) node.test = next(node.test);
      if (node.step) node.step = next(node.step);
      return;
    case 'switch':
      node.value = next(node.value);
      for (const one of node.cases)
        one.tests = one.tests.map((t) => (t === 'default' ? t : next(t)));
      return;
    case 'return':
      if (node.value) node.value = next(node.value);
      return;
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
    case 'seq':
      return;
  }
}
