import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { ModuleIr } from '../ir/module.js';
import { checkContexts } from './contexts.js';
import { checkKeptPointers } from './kept-pointers.js';
import { checkLocks } from './locks.js';
import { checkOwnership } from './ownership.js';
import { checkRcu } from './rcu.js';
import { checkSleepableMaps } from './sleepable-maps.js';
import { checkSleepableReads } from './sleepable-reads.js';
import { checkStack } from './stack.js';

/** Rules over the whole program, one file each. */
const CHECKS: readonly ((module: ModuleIr) => Diagnostic[])[] = [
  checkContexts,
  checkOwnership,
  checkKeptPointers,
  checkLocks,
  checkRcu,
  checkSleepableMaps,
  checkSleepableReads,
  checkStack,
];

export function runChecks(module: ModuleIr): Diagnostic[] {
  return CHECKS.flatMap((check) => check(module));
}
