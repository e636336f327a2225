import { layoutOf, structLayout } from '../../ir/layout.js';
import type { Expr } from '../../ir/nodes.js';
import type { CType } from '../../ir/types.js';
import { regionOf } from '../convert.js';
import { member, template } from '../make.js';

/**
 * Linux 6.18 keeps a register that was stored at the start of an 8-byte slot of the stack. A store at a
 * variable index into that slot drops what was kept but not the mark that there is something, and what else
 * the slot holds cannot be read from then on (check_stack_write_var_off() in kernel/bpf/verifier.c: "invalid
 * size of register fill"). Such an array is settled first: its slots are made plain bytes.
 */
const SLOT = 8;

/** Whether an array may share a slot of the stack with something else. */
function mayShare(type: CType): boolean {
  if (type.kind !== 'array' && type.kind !== 'chars') return false;
  const { size, align } = layoutOf(type);
  return align < SLOT || size % SLOT !== 0;
}

/** An array that is about to be stored to at a variable index: settled if it is on the stack. */
export function settledArray(array: Expr): Expr {
  return regionOf(array) === 'stack' && mayShare(array.type)
    ? template('scxts_settled($0)', [array], array.type, array.span)
    : array;
}

/** The address of an object on the stack for a function that may store at a variable index of its arrays. */
export function settledAddress(address: Expr): Expr {
  if (address.kind !== 'addr' || address.type.kind !== 'ptr') return address;
  if (address.type.region !== 'stack') return address;
  const arrays = sharingArrays(address.of, 0);
  if (arrays.length === 0) return address;
  const settle = arrays.map((_, i) => `scxts_settle($${i + 1}), `).join('');
  return template(`(${settle}$0)`, [address, ...arrays], address.type, address.span);
}

/** The arrays in an object at some offset that share a slot with another member. */
function sharingArrays(object: Expr, offset: number): Expr[] {
  const { type } = object;
  const { size } = layoutOf(type);
  if (type.kind === 'array') return offset % SLOT || size % SLOT ? [object] : [];
  if (type.kind !== 'struct') return [];
  const fields = type.struct.fields();
  const { offsets } = structLayout(fields);
  return fields.flatMap((field) =>
    sharingArrays(
      member(object, field.name, field.type, object.span),
      offset + (offsets.get(field) ?? 0),
    ),
  );
}
