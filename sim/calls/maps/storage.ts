import type { Space } from '../../engine/space.js';
import type { MapDefinition } from '../../object/maps.js';
import { dropSpecials } from './drop.js';
import { E, KeylessMap } from './map.js';
import type { Specials } from './specials.js';

/** A value for each task or cgroup, its owner. Programs reach values through their owners only; user space through a pidfd. */
export class StorageMap extends KeylessMap {
  private readonly values = new Map<number, number>();
  private readonly unused: number[] = [];

  constructor(space: Space, definition: MapDefinition, specials: Specials) {
    super(space, definition, specials);
    space.onForget.push((owner) => this.remove(owner));
  }

  get(owner: number, initial: number, create: boolean): number {
    if (!owner) return 0;
    const known = this.values.get(owner);
    if (known !== undefined || !create) return known ?? 0;
    const { memory } = this.space;
    let value = this.unused.shift();
    if (value === undefined)
      value = memory.allocate(this.valueSize, `a value of map ${this.definition.name}`);
    else memory.bytes.fill(0, value, value + this.valueSize);
    if (initial) this.specials.copy(memory, initial, value);
    this.values.set(owner, value);
    return value;
  }
  /** Sets a value that user space gives. */
  copyIn(bytes: Uint8Array, value: number): void {
    this.specials.copyIn(this.space.memory, bytes, value);
  }
  remove(owner: number): number {
    const value = this.values.get(owner);
    if (value === undefined) return E.NOENT;
    this.values.delete(owner);
    dropSpecials(this.space, this.specials, value);
    this.unused.push(value);
    return 0;
  }
  override *entries(): Iterable<[number, number]> {
    yield* this.values;
  }
  override get size(): number {
    return this.values.size;
  }
}
