import type { CType, Field, StructDef } from './types.js';

/** Size and alignment in bytes. */
export interface Layout {
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
  bpf_refcount: { size: 4, align: 4 },
  scxts_arena_lock: { size: 4, align: 4 },
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
      return BUILTIN_LAYOUT[type.struct.name] ?? structLayout(type.struct).layout;
    default:
      return { size: 8, align: 8 };
  }
}

/**
 * The layout that C gives a struct, where its fields are in bytes and where they start in bits, and the bits of padding
 * in front of each (undefined: at the end).
 */
export function structLayout(struct: Pick<StructDef, 'fields' | 'keyword' | 'align'>): {
  layout: Layout;
  offsets: Map<Field, number>;
  starts: Map<Field, number>;
  pads: Map<Field | undefined, number>;
} {
  const offsets = new Map<Field, number>();
  const starts = new Map<Field, number>();
  const pads = new Map<Field | undefined, number>();
  let at = 0;
  let end = 0;
  let align = struct.align ?? 1;
  for (const field of struct.fields()) {
    const own = layoutOf(field.type);
    const unit = Math.max(own.align, field.align ?? 1) * 8;
    const bits = field.bits ?? own.size * 8;
    if (struct.keyword === 'union') at = 0;
    // A bitfield lies within one unit of its type.
    const fits =
      field.bits !== undefined && Math.floor(at / unit) === Math.floor((at + bits - 1) / unit);
    const start = fits ? at : Math.ceil(at / unit) * unit;
    if (start > at) pads.set(field, start - at);
    offsets.set(field, Math.floor(start / 8));
    starts.set(field, start);
    at = start + bits;
    end = Math.max(end, at);
    align = Math.max(align, unit / 8);
  }
  const size = Math.ceil(end / (align * 8)) * align;
  if (size * 8 > end) pads.set(undefined, size * 8 - end);
  return { layout: { size, align }, offsets, starts, pads };
}
