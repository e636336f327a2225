import { sleepsUnderGuard } from '../diagnostics/catalogue/places.js';
import { DiagnosticBag, type Diagnostic } from '../diagnostics/diagnostic.js';
import { allFunctions } from '../ir/functions.js';
import type { ModuleIr } from '../ir/module.js';
import type { Expr, Stmt } from '../ir/nodes.js';
import { guardOf } from '../ir/releases.js';
import { partsOf } from '../ir/walk.js';
import { Sleepers } from './sleeping.js';

/**
 * With preemption or interrupts off the verifier (check_kfunc_call() in kernel/bpf/verifier.c) takes no call that
 * may sleep. `using` sees to it that they are on again on every path.
 */
export function checkGuards(module: ModuleIr): Diagnostic[] {
  const bag = new DiagnosticBag();
  const sleepers = new Sleepers();
  const block = (body: Stmt[], outer: string | undefined): void => {
    let guard = outer;
    for (const stmt of body) {
      if (stmt.kind === 'seq' || stmt.kind === 'block') {
        block(stmt.body, guard);
        continue;
      }
      const { exprs, stmts } = partsOf(stmt);
      for (const e of exprs) expr(e, guard);
      block(stmts, guard);
      if (stmt.kind === 'decl') guard = guardOf(stmt.local.cleanup) ?? guard;
    }
  };
  const expr = (e: Expr, guard: string | undefined): void => {
    const name = guard && sleepers.named(e);
    if (guard && name) bag.add(sleepsUnderGuard(e.span, name, guard));
    const { exprs, stmts } = partsOf(e);
    block(stmts, guard);
    for (const part of exprs) expr(part, guard);
  };
  for (const fn of allFunctions(module)) block(fn.body, undefined);
  return bag.all;
}
