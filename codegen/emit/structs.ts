import type { CType, Field, StructDef } from '../ir/types.js';
import { declareC, declareKptr } from './c-type.js';

interface Layout {
  size: number;
  align: number;
}

const BUILTIN_LAYOUT: Record<string, Layout> = {
  bpf_timer: { size: 16, align: 8 },
  bpf_spin_lock: { size: 4, align: 4 },
  bpf_list_head: { size: 16, align: 8 },
  bpf_list_node: { size: 24, align: 8 },
  bpf_rb_root: { size: 16, align: 8 },
  bpf_rb_node: { size: 32, align: 8 },
  scxts_timer: { size: 16, align: 8 },
};

export function layoutOf(type: CType): Layout {
  switch (type.kind) {
    case 'int':
      return { size: type.bits / 8, align: type.bits / 8 };
    case 'bool':
      return { size: 1, align: 1 };
    case 'chars':
      return { size: type.length, align: 1 };
    case 'array': {
      const of = layoutOf(type.of);
      return { size: of.size * type.length, align: of.align };
    }
    case 'struct':
      return BUILTIN_LAYOUT[type.struct.name] ?? structLayout(type.struct.fields()).layout;
    default:
      return { size: 8, align: 8 };
  }
}

function structLayout(fields: Field[]): { layout: Layout; pads: Map<Field | undefined, number> } {
  const pads = new Map<Field | undefined, number>();
  let at = 0;
  let align = 1;
  for (const field of fields) {
    const own = layoutOf(field.type);
    const gap = (own.align - (at % own.align)) % own.align;
    if (gap) pads.set(field, gap);
    at += gap + own.size;
    align = Math.max(align, own.align);
  }
  const tail = (align - (at % align)) % align;
  if (tail) pads.set(undefined, tail);
  return { layout: { size: at + tail, align }, pads };
}

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
