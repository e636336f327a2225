import { native, ScxtsError } from '../errors.js';
import type { TypedArray } from '../layout/index.js';
import { BpfMap, checkIndex, roundUp8, type MapParts } from './base.js';

const BPF_F_MMAPABLE = 1024;

/**
 * `array<V>`: entries by index. Where the map can be mapped (scxts declares arrays so), reading and
 * writing take no system call. BPF may write at the same time: integers of up to 8 bytes are always
 * whole, a struct may be half old and half new.
 */
export class ArrayMap<V> extends BpfMap {
  private mapped: DataView | undefined;
  private readonly stride: number;
  private readonly mappable: boolean;

  constructor(parts: MapParts) {
    super(parts);
    this.stride = roundUp8(parts.info.valueSize);
    this.mappable = (parts.info.flags & BPF_F_MMAPABLE) !== 0;
  }

  get length(): number {
    return this.maxEntries;
  }

  private memory(): DataView | undefined {
    this.check();
    if (!this.mapped && this.mappable) this.mapped = new DataView(native(() => this.handle.mmap()));
    return this.mapped;
  }

  /** The entry, or undefined out of range. */
  get(index: number): V | undefined {
    const memory = this.memory();
    if (!Number.isInteger(index) || index < 0 || index >= this.maxEntries) return undefined;
    if (memory) return this.value.read(memory, index * this.stride) as V;
    return this.find(index) ? (this.readValue() as V) : undefined;
  }

  /** Throws ERR_RANGE for an index that is not there. */
  set(index: number, value: V): void {
    const memory = this.memory();
    checkIndex(this, index);
    if (memory) this.value.write(memory, index * this.stride, value, `${this.name}[${index}]`);
    else this.store(index, value, 0);
  }

  /** The map's own memory, shared with BPF, for entries that are 8-byte integers. */
  view(): BigUint64Array {
    const memory = this.memory();
    if (!memory || this.stride !== 8 || this.value.size !== 8)
      throw new ScxtsError(
        'ERR_MAP',
        `${this.name} has no view: its entries are not 8 bytes in mappable memory`,
        { hint: 'memory() gives a DataView of any mappable array, with entryOffset(index)' },
      );
    return new BigUint64Array(memory.buffer, 0, this.maxEntries);
  }

  /**
   * One integer field (or array of integers) of every entry, as typed arrays over the map's own memory:
   * `field(i, 'hist')[3]`.
   */
  field(index: number, name: string): TypedArray {
    const memory = this.memory();
    checkIndex(this, index);
    const field = this.value.fields?.find((f) => f.name === name);
    const at = index * this.stride + (field?.offset ?? 0);
    const typed = field?.layout.typed;
    const one = field?.layout.element?.layout.size ?? field?.layout.size ?? 1;
    if (!memory || !field || !typed || at % one !== 0)
      throw new ScxtsError('ERR_MAP', `${this.name} has no integer field '${name}' to view`);
    return new typed(memory.buffer, at, field.layout.size / one);
  }

  /** All entries. */
  *[Symbol.iterator](): IterableIterator<V> {
    for (let i = 0; i < this.maxEntries; i++) yield this.get(i) as V;
  }

  override close(): void {
    this.mapped = undefined;
    super.close();
  }
}
