import { localTooLarge } from '../diagnostics/catalogue/stack.js';
import { DiagnosticBag, type Diagnostic } from '../diagnostics/diagnostic.js';
import { allFunctions } from '../ir/functions.js';
import { layoutOf } from '../ir/layout.js';
import type { FunctionIr, ModuleIr } from '../ir/module.js';
import type { Local } from '../ir/nodes.js';
import { walkStmt } from '../ir/walk.js';

/** MAX_BPF_STACK in include/linux/filter.h. */
export const STACK_BYTES = 512;

/** Structs and arrays that a function keeps on its stack, and their sizes in bytes. */
export function stackObjects(fn: FunctionIr): { local: Local; bytes: number }[] {
  const out: { local: Local; bytes: number }[] = [];
  const visit = {
    stmt: (s: Parameters<typeof walkStmt>[0]) => {
      if (s.kind !== 'decl') return;
      const { kind } = s.local.type;
      if (kind === 'struct' || kind === 'array' || kind === 'chars')
        out.push({ local: s.local, bytes: layoutOf(s.local.type).size });
    },
  };
  for (const s of fn.body) walkStmt(s, visit);
  return out;
}

/** Variables that can never fit. What they need together only the compiler knows: toolchain/stack.ts. */
export function checkStack(module: ModuleIr): Diagnostic[] {
  const bag = new DiagnosticBag();
  for (const fn of allFunctions(module))
    for (const { local, bytes } of stackObjects(fn))
      if (bytes > STACK_BYTES) bag.add(localTooLarge(local.span, local.name, bytes));
  return bag.all;
}
