import { nestedRcu } from '../diagnostics/catalogue/kernel.js';
import { DiagnosticBag, type Diagnostic } from '../diagnostics/diagnostic.js';
import { runs } from '../ir/effects.js';
import { allFunctions, calledFunction } from '../ir/functions.js';
import type { FunctionIr, ModuleIr } from '../ir/module.js';
import type { Expr, Stmt } from '../ir/nodes.js';
import { isSection } from '../ir/releases.js';
import { partsOf, walkStmt } from '../ir/walk.js';
import { isKernelWalk } from '../kernel/iterators.js';

/** Verifiers up to 6.18 take no RCU read section inside of another (check_kfunc_call() in verifier.c). */
export function checkRcu(module: ModuleIr): Diagnostic[] {
  const bag = new DiagnosticBag();
  const opens = opensSection(module);
  const block = (body: Stmt[], outer: boolean): void => {
    let held = outer;
    for (const stmt of body) {
      if (stmt.kind === 'seq') {
        block(stmt.body, held);
        continue;
      }
      const starts = stmt.kind === 'decl' && isSection(stmt.local.cleanup, 'rcu');
      if (starts && held) bag.add(nestedRcu(stmt.span, undefined));
      const { exprs, stmts } = partsOf(stmt);
      if (!starts) for (const e of exprs) expr(e, held);
      const inside = held || (stmt.kind === 'iterate' && isKernelWalk(stmt.iterator));
      if (stmt.kind === 'block') block(stmt.body, held);
      else for (const s of stmts) block(s.kind === 'block' ? s.body : [s], inside);
      held ||= starts;
    }
  };
  const expr = (e: Expr, held: boolean): void => {
    const fn = held ? runs(e) : undefined;
    if (fn && opens.has(fn)) bag.add(nestedRcu(e.span, fn.name));
    const { exprs, stmts } = partsOf(e);
    if (stmts.length > 0) block(stmts, held);
    for (const part of exprs) expr(part, held);
  };
  for (const fn of allFunctions(module)) block(fn.body, false);
  return bag.all;
}

/** Functions that open a section, themselves or through what they call. */
export function opensSection(module: ModuleIr): Set<FunctionIr> {
  const found = new Set<FunctionIr>();
  const all = allFunctions(module);
  for (const fn of all) {
    for (const stmt of fn.body) {
      walkStmt(stmt, {
        stmt: (s) => {
          if (s.kind === 'decl' && isSection(s.local.cleanup, 'rcu')) found.add(fn);
        },
      });
    }
  }
  const opened = (fn: FunctionIr | undefined): boolean => fn !== undefined && found.has(fn);
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const fn of all)
      if (fn.calls.some(({ target }) => opened(calledFunction(target, 'now')))) found.add(fn);
  }
  return found;
}
