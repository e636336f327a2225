import type { Space } from '../../engine/space.js';
import type { MapDefinition } from '../../object/maps.js';
import { keyAt } from './key.js';
import { BpfMap, E, EXIST, NOEXIST } from './map.js';
import { dropSpecials } from './drop.js';
import type { Specials } from './specials.js';

export interface HashKind {
  readonly perCpu: boolean;
  /** Makes room by dropping the entry that was used longest ago. */
  readonly lru: boolean;
}

/** Hash maps. Entries are listed in the order in which they came, unlike in a kernel, where it is that of hashes. */
export class HashMap extends BpfMap {
  /** Addresses of entries: a key, then the value (one for each CPU). */
  private readonly nodes = new Map<number | string, number>();
  private readonly unused: number[] = [];
  private readonly valueAt: number;
  private readonly stride: number;

  constructor(
    space: Space,
    definition: MapDefinition,
    specials: Specials,
    private readonly kind: HashKind,
  ) {
    super(space, definition, specials);
    this.valueAt = Math.ceil(this.keySize / 8) * 8;
    this.stride = Math.ceil(this.valueSize / 8) * 8;
  }
  override get perCpu(): boolean {
    return this.kind.perCpu;
  }

  private find(key: number): number {
    const name = keyAt(this.space.memory, key, this.keySize);
    const node = this.nodes.get(name);
    if (node === undefined) return 0;
    if (this.kind.lru) {
      this.nodes.delete(name);
      this.nodes.set(name, node);
    }
    return node;
  }
  lookup(key: number): number {
    return this.lookupCpu(key, this.kind.perCpu ? this.space.context.cpu : 0);
  }
  override lookupCpu(key: number, cpu: number): number {
    const node = this.find(key);
    if (!node || cpu >= this.space.cpus) return 0;
    return node + this.valueAt + cpu * this.stride;
  }

  update(key: number, value: number, flags: number): number {
    const { memory } = this.space;
    const known = this.find(key);
    if (known && flags & NOEXIST) return E.EXIST;
    if (!known && flags & EXIST) return E.NOENT;
    let node = known;
    if (!node) {
      node = this.take();
      if (!node) return E['2BIG'];
      memory.bytes.copyWithin(node, key, key + this.keySize);
      this.nodes.set(keyAt(memory, node, this.keySize), node);
    }
    const own = this.kind.perCpu ? this.space.context.cpu * this.stride : 0;
    this.specials.copy(memory, value, node + this.valueAt + own);
    return 0;
  }

  /** Memory of a new entry, zeroed; 0 where the map is full. */
  private take(): number {
    const { memory } = this.space;
    if (this.nodes.size >= this.definition.maxEntries) {
      const oldest = this.kind.lru ? this.nodes.keys().next().value : undefined;
      if (oldest === undefined) return 0;
      this.drop(oldest);
    }
    const bytes = this.valueAt + this.stride * (this.kind.perCpu ? this.space.cpus : 1);
    const node = this.unused.shift();
    if (node === undefined)
      return memory.allocate(bytes, `an entry of map ${this.definition.name}`);
    memory.bytes.fill(0, node, node + bytes);
    return node;
  }

  private drop(name: number | string): void {
    const node = this.nodes.get(name)!;
    this.nodes.delete(name);
    dropSpecials(this.space, this.specials, node + this.valueAt);
    // It stays readable until its memory is used again: programs that found it before may still hold it.
    this.unused.push(node);
  }
  delete(key: number): number {
    const name = keyAt(this.space.memory, key, this.keySize);
    if (!this.nodes.has(name)) return E.NOENT;
    this.drop(name);
    return 0;
  }
  *entries(): Iterable<[number, number]> {
    for (const node of [...this.nodes.values()])
      yield [
        node,
        node + this.valueAt + (this.kind.perCpu ? this.space.context.cpu * this.stride : 0),
      ];
  }
  override keyOf(value: number): number {
    return value - this.valueAt;
  }
  override get size(): number {
    return this.nodes.size;
  }
}
