import { structLayout } from '../../ir/layout.js';
import type { StructDef } from '../../ir/types.js';
import { declareC, declareKptr } from './c-type.js';

/** A struct of the program. Padding is spelt out: keys of hash maps are compared byte by byte. */
export function userStructDefinition(struct: StructDef, allocated = false): string {
  const fields = struct.fields();
  const { pads } = structLayout(fields);
  const lines: string[] = [];
  let pad = 0;
  for (const field of fields) {
    const gap = pads.get(field);
    if (gap) lines.push(`\tu8 __pad${pad++}[${gap}];`);
    // The verifier checks each access to an allocated object by field: the compiler may not merge two.
    const qualifier =
      allocated && !field.kptr && !(field.type.kind === 'struct' && field.type.struct.builtin)
        ? 'volatile '
        : '';
    lines.push(
      `\t${qualifier}${field.kptr ? declareKptr(field.type, field.name) : declareC(field.type, field.name)};`,
    );
  }
  const tail = pads.get(undefined);
  if (tail) lines.push(`\tu8 __pad${pad}[${tail}];`);
  return `struct ${struct.name} {\n${lines.join('\n')}\n};`;
}
