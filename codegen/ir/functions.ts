import type { FunctionIr, ModuleIr } from './module.js';

/** Every compiled function of a program: its own, and the bodies of its programs. */
export function allFunctions(module: ModuleIr): FunctionIr[] {
  return [...module.functions, ...module.programs.map((p) => p.fn)];
}
