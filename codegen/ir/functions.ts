import type { FunctionIr, ModuleIr, ProgramIr } from './module.js';

/** Every compiled function of a program: its own, and the bodies of its programs. */
export function allFunctions({
  functions,
  programs,
}: Pick<ModuleIr, 'functions' | 'programs'>): FunctionIr[] {
  return [...functions, ...programs.map((p) => p.fn)];
}

/** A function and all that it calls. */
export function reachedBy(fn: FunctionIr, seen = new Set<FunctionIr>()): Set<FunctionIr> {
  if (seen.has(fn)) return seen;
  seen.add(fn);
  for (const { target } of fn.calls) if (target.kind === 'function') reachedBy(target.fn, seen);
  return seen;
}

/** What messages call a program. */
export function programLabel(program: ProgramIr): string {
  return program.kind === 'struct_ops' ? `${program.callback}()` : `'${program.tsName}'`;
}
