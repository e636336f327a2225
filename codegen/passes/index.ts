import type { ModuleIr } from '../ir/module.js';
import { faultsOf } from '../ir/validate.js';
import { markAllocatedArrays } from './allocated-arrays.js';
import { forgetInLoops } from './forgetting.js';
import { forgetAtJoins } from './joins.js';
import { markLarge } from './large-functions.js';
import { addRcuSections } from './rcu-sections.js';
import { keepSequenceNumbers } from './sequence-numbers.js';
import { settleStackArrays } from './stack-arrays.js';
import { markRestarts } from './timer-restarts.js';

export interface Pass {
  /** As --emit ir and faults of the IR name it. */
  name: string;
  run: (module: ModuleIr) => void;
}

/** Before the checks: what the author need not write. */
const COMPLETING: readonly Pass[] = [{ name: 'rcu-sections', run: addRcuSections }];

/** Before C is printed, in this order: what verifiers of BPF want. A program means the same without them. */
const FOR_BPF: readonly Pass[] = [
  { name: 'timer-restarts', run: markRestarts },
  { name: 'allocated-arrays', run: markAllocatedArrays },
  { name: 'large-functions', run: markLarge },
  { name: 'sequence-numbers', run: keepSequenceNumbers },
  { name: 'stack-arrays', run: settleStackArrays },
  { name: 'joins', run: forgetAtJoins },
  { name: 'forgetting', run: forgetInLoops },
];

export function complete(module: ModuleIr): void {
  validate(module, 'lowering');
  runPasses(module, COMPLETING);
}

export function prepareForBpf(module: ModuleIr): void {
  runPasses(module, FOR_BPF);
}

function runPasses(module: ModuleIr, passes: readonly Pass[]): void {
  for (const { name, run } of passes) {
    run(module);
    validate(module, name);
  }
}

/** With SCXTS_VALIDATE_IR set, as in the tests, a fault in the IR ends the compiler. */
function validate(module: ModuleIr, after: string): void {
  if (!process.env['SCXTS_VALIDATE_IR']) return;
  const faults = faultsOf(module);
  if (faults.length > 0)
    throw new Error(`the IR is not valid after ${after}: ${faults.join('; ')}`);
}
