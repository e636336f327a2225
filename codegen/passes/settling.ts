import { layoutOf, structLayout } from '../ir/layout.js';
import type { CType } from '../ir/types.js';

/**
 * Linux 6.18 keeps a register that was stored at the start of an 8-byte slot of the stack. A store at a
 * variable index that ends within that slot drops what was kept but not the mark that there is something, and what
 * else the slot holds cannot be read from then on (check_stack_write_var_off() in kernel/bpf/verifier.c: "invalid
 * size of register fill"). The slots at both ends of what such a store may reach are made plain bytes first: by
 * storing one byte of each.
 */
const SLOT = 8;

/** Offsets in an array of the bytes to store before something is stored at a variable index. */
export function endsOfArray(type: CType): number[] {
  if (type.kind === 'chars') return [0, Math.max(0, type.length - 1)];
  if (type.kind !== 'array' || type.length === 0) return [];
  const { size, align } = layoutOf(type.of);
  const stride = Math.ceil(size / align) * align;
  const narrow = narrowIn(type.of);
  return oncePerWord([...narrow, ...narrow.map((o) => o + (type.length - 1) * stride)]);
}

/** The same for the arrays in an object. */
export function endsOfArraysIn(type: CType): number[] {
  if (type.kind !== 'struct') return endsOfArray(type);
  const { offsets } = structLayout(type.struct);
  return oncePerWord(
    type.struct
      .fields()
      .flatMap((f) => endsOfArraysIn(f.type).map((o) => o + (offsets.get(f) ?? 0))),
  );
}

/** Where an element has scalars that are narrower than a slot. */
function narrowIn(type: CType): number[] {
  if (type.kind === 'struct') {
    const { offsets } = structLayout(type.struct);
    return type.struct
      .fields()
      .flatMap((f) => narrowIn(f.type).map((o) => o + (offsets.get(f) ?? 0)));
  }
  if (type.kind === 'array' || type.kind === 'chars') return endsOfArray(type);
  const { size } = layoutOf(type);
  return size < SLOT ? [...new Set([0, size - 1])] : [];
}

function oncePerWord(offsets: number[]): number[] {
  const seen = new Set<number>();
  return offsets.filter((o) => {
    const word = Math.floor(o / 4);
    return !seen.has(word) && seen.add(word);
  });
}
