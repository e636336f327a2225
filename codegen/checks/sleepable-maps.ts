import { mapWhereSleeping } from '../diagnostics/catalogue/kernel.js';
import { DiagnosticBag, type Diagnostic } from '../diagnostics/diagnostic.js';
import { programLabel, reachedBy } from '../ir/functions.js';
import type { FunctionIr, MapIr, ModuleIr } from '../ir/module.js';
import type { Span } from '../ir/span.js';
import { walkStmt } from '../ir/walk.js';

/** Kinds of maps that check_map_prog_compatibility() in kernel/bpf/verifier.c keeps from sleepable programs. */
const KINDS = new Set(['bloomFilter', 'lpmTrie']);

/** Programs that may sleep can only use maps whose entries outlive a sleep. */
export function checkSleepableMaps(module: ModuleIr): Diagnostic[] {
  const bag = new DiagnosticBag();
  const operations = new Map<string, MapIr>();
  for (const map of module.maps.filter((m) => KINDS.has(m.kind)))
    for (const use of map.uses) operations.set(`${map.name}_${use}`, map);
  if (operations.size === 0) return [];
  const uses = (fn: FunctionIr): { map: MapIr; span: Span }[] => {
    const found: { map: MapIr; span: Span }[] = [];
    for (const stmt of fn.body) {
      walkStmt(stmt, {
        expr: (e) => {
          const map =
            e.kind === 'call' && e.callee.kind === 'support' && operations.get(e.callee.c);
          if (map) found.push({ map, span: e.span });
        },
      });
    }
    return found;
  };
  for (const program of module.programs.filter((p) => p.sleepable)) {
    for (const fn of reachedBy(program.fn))
      for (const { map, span } of uses(fn))
        bag.add(mapWhereSleeping(span, `${map.kind} '${map.tsName}'`, programLabel(program)));
  }
  return bag.all;
}
