import { taskWrittenElsewhere } from '../diagnostics/catalogue/places.js';
import { DiagnosticBag, type Diagnostic } from '../diagnostics/diagnostic.js';
import { programLabel, reachedBy } from '../ir/functions.js';
import type { FunctionIr, ModuleIr } from '../ir/module.js';
import type { Expr } from '../ir/nodes.js';
import { structOf } from '../ir/types.js';
import { walkStmt } from '../ir/walk.js';

/**
 * Programs of a scheduler may write some fields of a task, others none: bpf_scx_btf_struct_access() in
 * kernel/sched/ext/ext.c is the scheduler's. A timer's callback belongs to the program that starts it.
 */
export function checkTaskWrites(module: ModuleIr): Diagnostic[] {
  const bag = new DiagnosticBag();
  for (const program of module.programs) {
    if (program.kind === 'struct_ops') continue;
    for (const fn of reachedBy(program.fn)) report(bag, fn, programLabel(program));
  }
  return bag.all;
}

function report(bag: DiagnosticBag, fn: FunctionIr, where: string): void {
  const expr = (e: Expr): void => {
    if (e.kind !== 'assign' && e.kind !== 'step') return;
    const { target } = e;
    if (target.kind === 'member' && structOf(target.base.type)?.kernel)
      bag.add(taskWrittenElsewhere(target.span, target.field, where));
  };
  for (const stmt of fn.body) walkStmt(stmt, { expr });
}
