import type { CallTarget, FunctionIr, ModuleIr, ProgramIr } from './module.js';

/** Every compiled function of a program: its own, and the bodies of its programs. */
export function allFunctions({
  functions,
  programs,
}: Pick<ModuleIr, 'functions' | 'programs'>): FunctionIr[] {
  return [...functions, ...programs.map((p) => p.fn)];
}

/** The function of the program behind a call: one that runs within it, or whenever it has been arranged for. */
export function calledFunction(target: CallTarget, when: 'now' | 'ever'): FunctionIr | undefined {
  switch (target.kind) {
    case 'kernel':
      return undefined;
    case 'function':
    case 'callback':
      return target.fn;
    case 'timer':
      return when === 'ever' ? target.timer.fired : undefined;
  }
}

/** A function, all that it calls and all that it has called back; with `now` only what runs before it ends. */
export function reachedBy(
  fn: FunctionIr,
  when: 'now' | 'ever' = 'ever',
  seen = new Set<FunctionIr>(),
): Set<FunctionIr> {
  if (seen.has(fn)) return seen;
  seen.add(fn);
  for (const { target } of fn.calls) {
    const called = calledFunction(target, when);
    if (called) reachedBy(called, when, seen);
  }
  return seen;
}

/** What messages call a program. */
export function programLabel(program: ProgramIr): string {
  return program.kind === 'struct_ops' ? `${program.callback}()` : `'${program.tsName}'`;
}

/** What messages call the timer whose callback a function is; undefined of other functions. */
export function timerLabel({ role }: FunctionIr): string | undefined {
  if (role?.kind === 'timer') return `the timer '${role.timer.tsName}'`;
  return role?.kind === 'valueTimer' ? `the timer '${role.map.tsName}'` : undefined;
}
