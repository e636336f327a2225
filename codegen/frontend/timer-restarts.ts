import { reachedBy } from '../ir/functions.js';
import type { FunctionIr, MapIr, ProgramIr } from '../ir/module.js';
import { walkStmt } from '../ir/walk.js';

/** A timer at module level and the function that runs when it fires. */
export interface TimerIr {
  map: MapIr;
  fired: FunctionIr;
}

/**
 * A timer that its own callback starts again is only armed there: naming the callback from itself is a
 * recursion for check_max_stack_depth() where the verifier never walks the first start, and a loop for
 * is_state_visited() where the callback calls subprograms. Functions that others call too keep the full start.
 */
export function markRestarts(timers: TimerIr[], programs: ProgramIr[]): void {
  for (const { map, fired } of timers) {
    const others = timers.filter((t) => t.fired !== fired).map((t) => t.fired);
    // What others reach without going through this callback.
    const elsewhere = new Set([fired]);
    for (const fn of [...programs.map((p) => p.fn), ...others]) reachedBy(fn, elsewhere);
    elsewhere.delete(fired);
    for (const fn of reachedBy(fired)) {
      if (elsewhere.has(fn)) continue;
      for (const stmt of fn.body) {
        walkStmt(stmt, {
          expr: (e) => {
            if (e.kind !== 'call' || e.callee.kind !== 'support') return;
            if (e.callee.c === `${map.name}_start`)
              e.callee = { kind: 'support', c: `${map.name}_restart` };
          },
        });
      }
    }
  }
}
