import { reachedBy } from '../ir/functions.js';
import type { ModuleIr } from '../ir/module.js';
import type { Expr } from '../ir/nodes.js';
import { walkStmt } from '../ir/walk.js';

/**
 * A timer that its own callback starts again is only armed there: naming the callback from itself is a
 * recursion for check_max_stack_depth() where the verifier never walks the first start, and a loop for
 * is_state_visited() where the callback calls subprograms. Functions that others call too keep the full start.
 */
export function markRestarts({ timers, programs }: ModuleIr): void {
  const callbacks = timers.flatMap((t) => t.fired ?? []);
  for (const timer of timers) {
    const { fired } = timer;
    if (!fired) continue;
    const others = callbacks.filter((fn) => fn !== fired);
    // What others reach without going through this callback.
    const elsewhere = new Set([fired]);
    for (const fn of [...programs.map((p) => p.fn), ...others]) reachedBy(fn, 'ever', elsewhere);
    elsewhere.delete(fired);
    const expr = (e: Expr): void => {
      if (
        e.kind === 'op' &&
        e.op.kind === 'timer' &&
        e.op.timer === timer &&
        e.op.method === 'start'
      )
        e.op.rearm = true;
    };
    for (const fn of reachedBy(fired))
      if (!elsewhere.has(fn)) for (const stmt of fn.body) walkStmt(stmt, { expr });
  }
}
