import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { ModuleIr } from '../ir/module.js';
import { checkContexts } from './contexts.js';

/** Rules over the whole program, one file each. */
const CHECKS: readonly ((module: ModuleIr) => Diagnostic[])[] = [checkContexts];

export function runChecks(module: ModuleIr): Diagnostic[] {
  return CHECKS.flatMap((check) => check(module));
}
