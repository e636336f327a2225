import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { ModuleIr } from '../ir/module.js';
import { OLDEST_KERNEL } from '../kernel/versions.js';
import { checkContexts } from './contexts.js';
import { checkGuards } from './guards.js';
import { checkKeptPointers } from './kept-pointers.js';
import { checkLocks } from './locks.js';
import { checkOwnership } from './ownership.js';
import { checkProbeMaps } from './probe-maps.js';
import { checkQueues } from './queues/index.js';
import { checkRcu } from './rcu.js';
import { checkRodataWrites } from './rodata-writes.js';
import { checkSleepableMaps } from './sleepable-maps.js';
import { checkSleepableReads } from './sleepable-reads.js';
import { checkStaleReferences } from './stale-references.js';
import { checkStack } from './stack.js';
import { checkTaskWrites } from './task-writes.js';

/** Rules over the whole program, one file each. */
const CHECKS: readonly ((module: ModuleIr, minKernel: string) => Diagnostic[])[] = [
  checkContexts,
  checkOwnership,
  checkGuards,
  checkKeptPointers,
  checkLocks,
  checkProbeMaps,
  checkQueues,
  checkRcu,
  checkRodataWrites,
  checkSleepableMaps,
  checkSleepableReads,
  checkStack,
  checkStaleReferences,
  checkTaskWrites,
];

/** `minKernel` is the oldest kernel that the program has to load on. */
export function runChecks(module: ModuleIr, minKernel: string = OLDEST_KERNEL): Diagnostic[] {
  return CHECKS.flatMap((check) => check(module, minKernel));
}
