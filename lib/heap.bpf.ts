// A heap of least keys in memory of a fixed size: a global, a map value, an entry of an arena.
import { type FixedArray, type bool, type u32, u64 } from 'scxts';

/** What a heap holds: a key by which the least comes first, and a value of the author's. */
export interface HeapEntry {
  key: u64;
  value: u64;
}

/**
 * A heap of as many entries as its array has, at most 4096. Declare one of your own with these members:
 * `interface Waiting { length: u32; entries: FixedArray<HeapEntry, 64> }`.
 */
export interface Heap {
  length: u32;
  entries: FixedArray<HeapEntry, number>;
}

/** Levels of a heap of 4096 entries. */
const LEVELS = 12;

/** Puts a value in. False if there is no room. Takes time in proportion to log2 of the length. */
export function heapPush<H extends Heap>(heap: H, key: u64, value: u64): bool {
  if (heap.length >= heap.entries.length) return false;
  let at = heap.length;
  heap.length += 1;
  for (let level = 0; level <= LEVELS; level++) {
    if (at === 0) break;
    const up: u32 = (at - 1) >> 1;
    if (heap.entries[up].key <= key) break;
    heap.entries[at].key = heap.entries[up].key;
    heap.entries[at].value = heap.entries[up].value;
    at = up;
  }
  heap.entries[at].key = key;
  heap.entries[at].value = value;
  return true;
}

/** The least key; all ones if the heap is empty. */
export function heapLeast<H extends Heap>(heap: H): u64 {
  return heap.length > 0 ? heap.entries[0].key : u64(0xffff_ffff_ffff_ffffn);
}

/** Takes the entry with the least key out; null if there is none. Of equal keys any may come first. */
export function heapPop<H extends Heap>(heap: H): HeapEntry | null {
  if (heap.length === 0) return null;
  const key = heap.entries[0].key;
  const value = heap.entries[0].value;
  const last: u32 = heap.length - 1;
  heap.length = last;
  const moved = heap.entries[last].key;
  const movedValue = heap.entries[last].value;
  let at: u32 = 0;
  for (let level = 0; level <= LEVELS; level++) {
    let down: u32 = 2 * at + 1;
    if (down >= last) break;
    if (down + 1 < last && heap.entries[down + 1].key < heap.entries[down].key) down += 1;
    if (moved <= heap.entries[down].key) break;
    heap.entries[at].key = heap.entries[down].key;
    heap.entries[at].value = heap.entries[down].value;
    at = down;
  }
  heap.entries[at].key = moved;
  heap.entries[at].value = movedValue;
  return { key, value };
}
