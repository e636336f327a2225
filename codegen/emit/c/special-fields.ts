import type { CType } from '../../ir/types.js';

/** Whether a value has something that the kernel keeps up to date itself: a lock, a timer, a kptr, a link, a list or tree. */
export function hasSpecialField(type: CType | undefined): boolean {
  if (type?.kind === 'array') return hasSpecialField(type.of);
  if (type?.kind !== 'struct' || type.struct.kernel) return false;
  return (
    type.struct.builtin === true ||
    type.struct.fields().some((f) => f.kptr ?? hasSpecialField(f.type))
  );
}
