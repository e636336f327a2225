import { nestedRcu } from '../diagnostics/catalogue/kernel.js';
import { DiagnosticBag, type Diagnostic } from '../diagnostics/diagnostic.js';
import { allFunctions } from '../ir/functions.js';
import type { FunctionIr, ModuleIr } from '../ir/module.js';
import type { Expr, Stmt } from '../ir/nodes.js';
import { PROTECTED_WALKS } from './rcu-needs.js';
import { RCU_SECTION } from '../ir/sections.js';
import { partsOf, walkStmt } from '../ir/walk.js';

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
      const starts = stmt.kind === 'decl' && stmt.local.cleanup === RCU_SECTION;
      if (starts && held) bag.add(nestedRcu(stmt.span, undefined));
      const { exprs, stmts } = partsOf(stmt);
      if (!starts) for (const e of exprs) expr(e, held);
      const inside = held || (stmt.kind === 'iterate' && PROTECTED_WALKS[stmt.head] !== undefined);
      if (stmt.kind === 'block') block(stmt.body, held);
      else for (const s of stmts) block(s.kind === 'block' ? s.body : [s], inside);
      held ||= starts;
    }
  };
  const expr = (e: Expr, held: boolean): void => {
    if (held && e.kind === 'call' && e.callee.kind === 'function' && opens.has(e.callee.fn))
      bag.add(nestedRcu(e.span, e.callee.fn.name));
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
          if (s.kind === 'decl' && s.local.cleanup === RCU_SECTION) found.add(fn);
        },
      });
    }
  }
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const fn of all)
      if (fn.calls.some(({ target }) => target.kind === 'function' && found.has(target.fn)))
        found.add(fn);
  }
  return found;
}
