import { native, ScxtsError } from '../errors.js';
import {
  liveValue,
  SharedMemory,
  type LiveNumber,
  type LiveValue,
  type Narrow,
  type Wide,
} from '../layout/index.js';
import { BpfMap, checkIndex, roundUp8, type MapParts } from './base.js';

const BPF_F_MMAPABLE = 1024;

/** An entry where it lies; an integer is a typed array of length 1. */
export type LiveEntry<V> = V extends bigint ? Wide : V extends number ? Narrow : LiveValue<V>;

/**
 * `array<V>`: entries by index. Where the map can be mapped (scxts declares arrays so), reading and
 * writing take no system call. BPF may write at the same time: an aligned integer is always whole, a
 * struct may be half old and half new.
 */
export class ArrayMap<V> extends BpfMap {
  private mapped: SharedMemory | undefined;
  private readonly checked = (): void => this.check();
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

  private memory(): SharedMemory | undefined {
    this.check();
    if (!this.mapped && this.mappable)
      this.mapped = new SharedMemory(native(() => this.handle.mmap()));
    return this.mapped;
  }

  private mustBeMapped(): SharedMemory {
    const memory = this.memory();
    if (!memory)
      throw new ScxtsError('ERR_MAP', `${this.name} cannot be mapped into memory`, {
        hint: 'in C declare it with BPF_F_MMAPABLE, as scxts declares arrays; get() works on any array',
      });
    return memory;
  }

  /** The entry, or undefined out of range. */
  get(index: number): V | undefined {
    const memory = this.memory();
    if (!Number.isInteger(index) || index < 0 || index >= this.maxEntries) return undefined;
    if (memory) return memory.read(this.value, index * this.stride) as V;
    return this.find(index) ? (this.readValue() as V) : undefined;
  }

  /** Throws ERR_RANGE for an index that is not there. */
  set(index: number, value: V): void {
    const memory = this.memory();
    checkIndex(this, index);
    if (memory)
      memory.write(this.value, index * this.stride, value, `${this.name}[${index}]`, this.checked);
    else this.store(index, value, 0);
  }

  /**
   * An entry where it lies: a member or element is read from the map's memory, and written to it, when it is used, at every depth.
   * Of entries that are integers: a typed array over it.
   */
  at(index: number): LiveEntry<V> {
    return this.live(index, false) as LiveEntry<V>;
  }

  /** The same with 64-bit fields as numbers, for hot loops: above 2^53 the last digits are lost. */
  numbers(index: number): LiveNumber<V> {
    return this.live(index, true) as LiveNumber<V>;
  }

  private live(index: number, asNumbers: boolean): unknown {
    const memory = this.mustBeMapped();
    checkIndex(this, index);
    const at = index * this.stride;
    if (this.value.typed && !this.value.element && !asNumbers) return memory.part(this.value, at);
    const place = { memory, at, path: `${this.name}[${index}]`, check: this.checked };
    return liveValue(this.value, place, asNumbers);
  }

  /** All entries as one typed array over the map's memory, for arrays of 8-byte integers. */
  view(): BigUint64Array | BigInt64Array {
    const memory = this.mustBeMapped();
    if (this.stride !== 8 || this.value.size !== 8 || !this.value.typed)
      throw new ScxtsError('ERR_MAP', `the entries of ${this.name} are not 8-byte integers`, {
        hint: 'at(index) gives any entry where it lies, buffer() the memory itself',
      });
    return memory.integers(this.value) as BigUint64Array | BigInt64Array;
  }

  /** The map's memory: entry i starts at i times the size of a value, rounded up to 8. */
  buffer(): ArrayBuffer {
    const { buffer, size } = this.mustBeMapped();
    if (size === buffer.byteLength) return buffer;
    throw new ScxtsError('ERR_MAP', `the memory of ${this.name} is a part of a model's`, {
      hint: 'bytes() gives it as a Uint8Array, with its place in the buffer',
    });
  }

  /** The same as bytes: in a model of a kernel they are a part of a larger buffer, see `byteOffset`. */
  bytes(): Uint8Array<ArrayBuffer> {
    const memory = this.mustBeMapped();
    return memory.rawPart(0, memory.size);
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
