import type { Space } from '../../engine/space.js';
import type { MapDefinition } from '../../object/maps.js';
import { BpfMap, E, NOEXIST } from './map.js';
import type { Specials } from './specials.js';

/** BPF_MAP_TYPE_ARRAY, one for each CPU where `perCpu`. Values stand behind each other, 8 bytes aligned. */
export class ArrayMap extends BpfMap {
  readonly stride: number;
  /** Of the first value; a CPU's values are `cpuStride` behind the one's before. */
  readonly base: number;
  private readonly cpuStride: number;
  private readonly keys: number;
  readonly length: number;

  constructor(
    space: Space,
    definition: MapDefinition,
    specials: Specials,
    private readonly isPerCpu: boolean,
  ) {
    super(space, definition, specials);
    this.length = definition.maxEntries;
    this.stride = Math.ceil(this.valueSize / 8) * 8;
    this.cpuStride = isPerCpu ? Math.ceil((this.stride * this.length) / 64) * 64 : 0;
    const bytes = isPerCpu ? this.cpuStride * space.cpus : this.stride * this.length;
    this.base = space.memory.allocate(bytes, `map ${definition.name}`, 4096);
    // Whole sections of a program are mapped by page; keys are only needed to show them to callbacks.
    this.keys = space.memory.allocate(16, `key of map ${definition.name}`);
  }
  override get perCpu(): boolean {
    return this.isPerCpu;
  }
  lookup(key: number): number {
    const index = this.space.memory.u32[key >>> 2]!;
    if (index >= this.length) return 0;
    const own = this.isPerCpu ? this.space.context.cpu * this.cpuStride : 0;
    return this.base + index * this.stride + own;
  }
  override lookupCpu(key: number, cpu: number): number {
    const index = this.space.memory.u32[key >>> 2]!;
    if (index >= this.length || cpu >= this.space.cpus) return 0;
    return this.base + index * this.stride + cpu * this.cpuStride;
  }
  update(key: number, value: number, flags: number): number {
    if (flags & NOEXIST) return E.EXIST;
    const at = this.lookup(key);
    if (!at) return E['2BIG'];
    this.specials.copy(this.space.memory, value, at);
    return 0;
  }
  delete(): number {
    return E.INVAL;
  }
  *entries(): Iterable<[number, number]> {
    for (let i = 0; i < this.length; i++) {
      this.space.memory.u32[this.keys >>> 2] = i;
      yield [this.keys, this.lookup(this.keys)];
    }
  }
  override keyOf(value: number): number {
    this.space.memory.u32[this.keys >>> 2] = Math.floor((value - this.base) / this.stride);
    return this.keys;
  }
  override get size(): number {
    return this.length;
  }
}
