// An entry of an arena for each task: what is larger than task storage should be, links to others, and is read in user space.
import type { Arena, StorageMap, s32, u32 } from 'scxts';
import type { task_struct } from 'scxts/vmlinux';

/** Of your own `taskStorage<TaskSlot>()`: the index of the entry, and 1 where there is one. */
export interface TaskSlot {
  index: u32;
  taken: u32;
}

/**
 * In init_task(): gives the task an entry, which holds what its last owner left. Its index, or -ENOMEM. A task that has one keeps it.
 */
export function taskEntryMake<T>(
  slots: StorageMap<task_struct, TaskSlot>,
  entries: Arena<T>,
  p: task_struct,
): s32 {
  const slot = slots.create(p);
  if (!slot) return -12;
  if (slot.taken !== 0) return slot.index & 0x7fff_ffff;
  const index = entries.alloc();
  if (index < 0) return index;
  slot.index = index & 0x7fff_ffff;
  slot.taken = 1;
  return index;
}

/** The entry of a task; null if it has none. */
export function taskEntry<T>(
  slots: StorageMap<task_struct, TaskSlot>,
  entries: Arena<T>,
  p: task_struct,
) {
  const slot = slots.get(p);
  return slot && slot.taken !== 0 ? entries.get(slot.index) : null;
}

/** In exit_task(): gives the entry back. */
export function taskEntryFree<T>(
  slots: StorageMap<task_struct, TaskSlot>,
  entries: Arena<T>,
  p: task_struct,
): void {
  const slot = slots.get(p);
  if (!slot || slot.taken === 0) return;
  slot.taken = 0;
  entries.free(slot.index);
}
