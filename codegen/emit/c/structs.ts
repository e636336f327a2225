import { layoutOf, structLayout } from '../../ir/layout.js';
import type { StructDef } from '../../ir/types.js';
import { declareC, declareKptr } from './c-type.js';

/** A struct of the program. Padding is spelt out: keys of hash maps are compared byte by byte. */
export function userStructDefinition(struct: StructDef, allocated = false): string {
  const fields = struct.fields();
  const { pads } = structLayout(fields);
  const lines: string[] = [];
  let pad = 0;
  let at = 0;
  const fill = (bits: number): void => {
    const rest = Math.min(bits, (8 - (at % 8)) % 8);
    if (rest > 0) lines.push(`\tu8 __pad${pad++} : ${rest};`);
    if (bits > rest) lines.push(`\tu8 __pad${pad++}[${(bits - rest) / 8}];`);
    at += bits;
  };
  for (const field of fields) {
    fill(pads.get(field) ?? 0);
    // The verifier checks each access to an allocated object by field: the compiler may not merge two.
    const qualifier =
      allocated && !field.kptr && !(field.type.kind === 'struct' && field.type.struct.builtin)
        ? 'volatile '
        : '';
    const width = field.bits === undefined ? '' : ` : ${field.bits}`;
    lines.push(
      `\t${qualifier}${field.kptr ? declareKptr(field.type, field.name) : declareC(field.type, field.name)}${width};`,
    );
    at += field.bits ?? layoutOf(field.type).size * 8;
  }
  fill(pads.get(undefined) ?? 0);
  return `struct ${struct.name} {\n${lines.join('\n')}\n};`;
}
