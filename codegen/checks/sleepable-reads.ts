import { needsRcu, outsideRcu, sleepsUnderRcu } from '../diagnostics/catalogue/kernel.js';
import { DiagnosticBag, type Diagnostic } from '../diagnostics/diagnostic.js';
import type { ModuleIr } from '../ir/module.js';
import { findRcuNeeds } from './rcu-needs.js';

/** What needs RCU and does not have it, and what may not be done under it. */
export function checkSleepableReads(module: ModuleIr): Diagnostic[] {
  const bag = new DiagnosticBag();
  const { needs, sleeps } = findRcuNeeds(module);
  for (const { span, isPointer, what, where } of needs)
    bag.add(isPointer ? needsRcu(span, what, where) : outsideRcu(span, what, where));
  for (const { name, span } of sleeps) bag.add(sleepsUnderRcu(span, name));
  return bag.all;
}
