import type { Space } from '../../engine/space.js';
import type { MapDefinition } from '../../object/maps.js';
import { keyAt } from './key.js';
import { BpfMap, E } from './map.js';
import { NO_SPECIALS } from './specials.js';

/** Maps of maps: a lookup gives the handle of the inner map, 0 where none is. */
export class MapOfMaps extends BpfMap {
  private readonly inner = new Map<number | string, BpfMap>();
  private readonly keys = new Map<number | string, number>();

  constructor(space: Space, definition: MapDefinition) {
    super(space, definition, NO_SPECIALS);
  }
  private get isArray(): boolean {
    return this.definition.type === 12;
  }
  private key(address: number): number | string | undefined {
    const key = keyAt(this.space.memory, address, this.keySize);
    return this.isArray && (key as number) >= this.definition.maxEntries ? undefined : key;
  }
  lookup(key: number): number {
    const name = this.key(key);
    return name === undefined ? 0 : (this.inner.get(name)?.handle ?? 0);
  }
  /** The value is a map's handle as u32, in place of the file descriptor that a real kernel takes. */
  update(key: number, value: number): number {
    const map = this.space.maps.find(this.space.memory.u32[value >>> 2]!);
    return map ? this.put(key, map) : E.INVAL;
  }
  put(key: number, map: BpfMap): number {
    const name = this.key(key);
    if (name === undefined) return E['2BIG'];
    if (!this.inner.has(name)) {
      if (this.inner.size >= this.definition.maxEntries) return E['2BIG'];
      const { memory } = this.space;
      const copy = memory.allocate(this.keySize, `a key of map ${this.definition.name}`);
      memory.bytes.copyWithin(copy, key, key + this.keySize);
      this.keys.set(name, copy);
    }
    this.inner.set(name, map);
    return 0;
  }
  delete(key: number): number {
    const name = this.key(key);
    if (name === undefined || !this.inner.delete(name)) return E.NOENT;
    this.space.memory.free(this.keys.get(name)!);
    this.keys.delete(name);
    return 0;
  }
  *entries(): Iterable<[number, number]> {
    for (const [name, map] of this.inner) yield [this.keys.get(name)!, map.handle];
  }
}
