import { localTooLarge } from '../diagnostics/catalogue/stack.js';
import { DiagnosticBag, type Diagnostic } from '../diagnostics/diagnostic.js';
import { allFunctions } from '../ir/functions.js';
import { layoutOf } from '../ir/layout.js';
import type { FunctionIr, ModuleIr } from '../ir/module.js';
import type { Span } from '../ir/span.js';
import { isAggregate, type CType } from '../ir/types.js';
import { walkStmt } from '../ir/walk.js';

/** MAX_BPF_STACK in include/linux/filter.h. */
export const STACK_BYTES = 512;

interface StackObject {
  name: string;
  span: Span;
  bytes: number;
}

/** Structs and arrays that a function keeps on its stack. */
export function stackObjects(fn: FunctionIr): StackObject[] {
  const out: StackObject[] = [];
  const note = (name: string, type: CType, span: Span): void => {
    if (isAggregate(type)) out.push({ name, span, bytes: layoutOf(type).size });
  };
  // A record of user space is copied there before the callback gets it.
  if (fn.role?.kind === 'drain' && fn.role.map.value)
    note(fn.params[0]?.name ?? 'record', fn.role.map.value, fn.span);
  for (const stmt of fn.body)
    walkStmt(stmt, {
      stmt: (s) => {
        if (s.kind === 'decl') note(s.local.name, s.local.type, s.local.span);
      },
    });
  return out;
}

/** Variables that can never fit. What they need together only the compiler knows: toolchain/stack.ts. */
export function checkStack(module: ModuleIr): Diagnostic[] {
  const bag = new DiagnosticBag();
  for (const fn of allFunctions(module))
    for (const { name, span, bytes } of stackObjects(fn))
      if (bytes > STACK_BYTES) bag.add(localTooLarge(span, name, bytes));
  return bag.all;
}
