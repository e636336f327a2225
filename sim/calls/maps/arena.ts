import { KeylessMap } from './map.js';

const PAGE = 4096;

/**
 * BPF_MAP_TYPE_ARENA. Pages are pieces of the model's memory, and an arena's address is the same for programs and for user
 * space: a cast between the two is a zero extension.
 */
export class ArenaMap extends KeylessMap {
  private pages = 0;

  /** Address of pages behind each other; 0 where the arena, whose size is in pages, is full. */
  allocate(count: number): number {
    if (count < 1 || this.pages + count > this.definition.maxEntries) return 0;
    const at = this.space.memory.allocate(count * PAGE, `arena ${this.definition.name}`, PAGE);
    this.pages += count;
    return at;
  }
  /** Gives pages back; they read as what they were until they are used again. */
  release(count: number): void {
    this.pages -= Math.min(count, this.pages);
  }
}
