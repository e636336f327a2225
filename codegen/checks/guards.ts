import { sleepsUnderGuard } from '../diagnostics/catalogue/places.js';
import { DiagnosticBag, type Diagnostic } from '../diagnostics/diagnostic.js';
import { allFunctions, reachedBy } from '../ir/functions.js';
import type { FunctionIr, ModuleIr } from '../ir/module.js';
import type { Expr, Stmt } from '../ir/nodes.js';
import { GUARDS } from '../ir/sections.js';
import { partsOf } from '../ir/walk.js';
import { kernelFunction } from '../kernel/index.js';

/**
 * With preemption or interrupts off the verifier (check_kfunc_call() in kernel/bpf/verifier.c) takes no call that
 * may sleep. `using` sees to it that they are on again on every path.
 */
export function checkGuards(module: ModuleIr): Diagnostic[] {
  const bag = new DiagnosticBag();
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
      if (stmt.kind === 'decl' && stmt.local.cleanup)
        guard = GUARDS.get(stmt.local.cleanup) ?? guard;
    }
  };
  const expr = (e: Expr, guard: string | undefined): void => {
    const name = guard && sleeper(e);
    if (guard && name) bag.add(sleepsUnderGuard(e.span, name, guard));
    const { exprs, stmts } = partsOf(e);
    block(stmts, guard);
    for (const part of exprs) expr(part, guard);
  };
  for (const fn of allFunctions(module)) block(fn.body, undefined);
  return bag.all;
}

/** What an expression calls that may sleep, as messages name it. */
function sleeper(e: Expr): string | undefined {
  if (e.kind !== 'call') return undefined;
  const { callee } = e;
  switch (callee.kind) {
    case 'kernel':
      return kernelFunction(callee.name)?.sleepable ? `${callee.name}()` : undefined;
    case 'function':
      return [...reachedBy(callee.fn)].some(callsSleeping) ? `${callee.fn.name}()` : undefined;
    case 'support':
      return /_populate$/.test(callee.c)
        ? `${callee.c.replace(/_populate$/, '.populate')}()`
        : undefined;
  }
}

function callsSleeping(fn: FunctionIr): boolean {
  return fn.calls.some(
    ({ target }) => target.kind === 'kernel' && kernelFunction(target.name)?.sleepable,
  );
}
