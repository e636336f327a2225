import { allFunctions } from '../ir/functions.js';
import type { ModuleIr } from '../ir/module.js';
import type { Expr } from '../ir/nodes.js';
import type { StructDef } from '../ir/types.js';
import { walkStmt } from '../ir/walk.js';

/**
 * The verifier takes no variable offset into an object from bpf_obj_new() (check_ptr_to_btf_access() in
 * kernel/bpf/verifier.c): elements of its arrays are reached by comparing the index. Which structs are
 * allocated is known only when all functions are compiled.
 */
export function markAllocatedArrays(module: ModuleIr): void {
  const allocated = new Set(module.allocated);
  if (allocated.size === 0) return;
  const expr = (e: Expr): void => {
    if (e.kind !== 'op') return;
    if (e.op.kind !== 'elementAddress' && e.op.kind !== 'elementValue') return;
    if (e.args[0] && inObject(e.args[0], allocated)) e.op.allocated = true;
  };
  for (const fn of allFunctions(module)) for (const stmt of fn.body) walkStmt(stmt, { expr });
}

function inObject(place: Expr, allocated: ReadonlySet<StructDef>): boolean {
  if (place.kind === 'index') return inObject(place.base, allocated);
  if (place.kind === 'deref') return inObject(place.pointer, allocated);
  if (place.kind === 'addr') return inObject(place.of, allocated);
  if (place.kind !== 'member') return false;
  const { base } = place;
  if (base.type.kind === 'ptr')
    return base.type.to.kind === 'struct' && allocated.has(base.type.to.struct);
  return inObject(base, allocated);
}
