import { allFunctions } from '../ir/functions.js';
import type { FunctionIr, ModuleIr } from '../ir/module.js';
import type { Stmt } from '../ir/nodes.js';
import type { CType } from '../ir/types.js';
import { partsOf } from '../ir/walk.js';

/** Statements above which a function that is called from several places is compiled once. */
const LARGE = 120;

/**
 * Marks large functions, so that calls do not copy them. A function that takes more than the five
 * arguments of BPF, hands an object to its caller or is the kernel's to call stays as it is.
 */
export function markLarge(module: ModuleIr): void {
  // No function may be called while a lock is held.
  const locks =
    module.globals.some((g) => isLock(g.type)) ||
    module.structs.some((s) => s.fields().some((f) => isLock(f.type)));
  if (locks) return;
  const callers = new Map<FunctionIr, number>();
  for (const fn of allFunctions(module))
    for (const { target } of fn.calls)
      if (target.kind === 'function') callers.set(target.fn, (callers.get(target.fn) ?? 0) + 1);
  for (const fn of module.functions) {
    const value = ['void', 'bool', 'int'].includes(fn.returns.kind);
    const eligible = value && fn.params.length <= 5 && !fn.returnsOwned && !fn.role;
    if (eligible && (callers.get(fn) ?? 0) > 1 && statements(fn.body) > LARGE) fn.noinline = true;
  }
}

function statements(body: Stmt[]): number {
  return body.reduce((sum, s) => sum + 1 + statements(partsOf(s).stmts), 0);
}

function isLock(type: CType): boolean {
  return type.kind === 'struct' && type.struct.name === 'bpf_spin_lock';
}
