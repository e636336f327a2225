import type { FunctionIr, ModuleIr } from './module.js';

/** Every compiled function of a program: its own, and the bodies of its programs. */
export function allFunctions(module: ModuleIr): FunctionIr[] {
  return [...module.functions, ...module.programs.map((p) => p.fn)];
}

/** A function and all that it calls. */
export function reachedBy(fn: FunctionIr, seen = new Set<FunctionIr>()): Set<FunctionIr> {
  if (seen.has(fn)) return seen;
  seen.add(fn);
  for (const { target } of fn.calls) if (target.kind === 'function') reachedBy(target.fn, seen);
  return seen;
}
