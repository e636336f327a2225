import { mapWhereSleeping } from '../diagnostics/catalogue/kernel.js';
import { DiagnosticBag, type Diagnostic } from '../diagnostics/diagnostic.js';
import { effectsOfNode } from '../ir/effects.js';
import { programLabel, reachedBy } from '../ir/functions.js';
import { MAP_KINDS } from '../ir/map-kinds.js';
import type { ModuleIr } from '../ir/module.js';
import type { Expr } from '../ir/nodes.js';
import { walkStmt } from '../ir/walk.js';

/** Programs that may sleep can only use maps whose entries outlive a sleep. */
export function checkSleepableMaps(module: ModuleIr): Diagnostic[] {
  const bag = new DiagnosticBag();
  if (!module.maps.some((m) => MAP_KINDS[m.kind].notWhereSleeping)) return [];
  for (const program of module.programs.filter((p) => p.sleepable)) {
    const expr = (e: Expr): void => {
      const { state } = effectsOfNode(e);
      if (!state || !('map' in state) || !MAP_KINDS[state.map.kind].notWhereSleeping) return;
      const { kind, tsName } = state.map;
      bag.add(mapWhereSleeping(e.span, `${kind} '${tsName}'`, programLabel(program)));
    };
    for (const fn of reachedBy(program.fn)) for (const stmt of fn.body) walkStmt(stmt, { expr });
  }
  return bag.all;
}
