import { addon, type NativeMap, type NativeObject } from './addon.js';
import { native, ScxtsError } from './errors.js';
import { viewOf, type Layout } from './layout.js';

/** State that all maps of a loaded object share. */
export interface MapHost {
  native: NativeObject;
  layout(typeId: number): Layout;
  isOpen(): boolean;
  /** Throws once the object is closed. */
  check(): void;
}

const EMPTY = new Uint8Array(0);
const U32: Layout = {
  size: 4,
  name: 'u32',
  read: (view, at) => view.getUint32(at, true),
  write: (view, at, value) => view.setUint32(at, Number(value), true),
};

/** Common part: one buffer for the key and one for the value, so that a lookup allocates nothing. */
export class BaseMap<K, V> {
  protected readonly keyBytes: Uint8Array;
  protected readonly keyView: DataView;
  protected readonly valueBytes: Uint8Array;
  protected readonly valueView: DataView;
  protected readonly key: Layout;
  protected readonly value: Layout;

  constructor(
    protected readonly host: MapHost,
    protected readonly info: NativeMap,
    valueBytes = info.valueSize,
  ) {
    this.key = info.keyType ? host.layout(info.keyType) : U32;
    this.value = info.valueType ? host.layout(info.valueType) : U32;
    this.keyBytes = new Uint8Array(info.keySize);
    this.keyView = viewOf(this.keyBytes);
    this.valueBytes = new Uint8Array(valueBytes);
    this.valueView = viewOf(this.valueBytes);
  }

  get name(): string {
    return this.info.name;
  }
  get maxEntries(): number {
    return this.info.maxEntries;
  }

  protected lookup(key: K): boolean {
    this.host.check();
    this.key.write(this.keyView, 0, key, 'key');
    return native(() => this.host.native.lookup(this.info.name, this.keyBytes, this.valueBytes));
  }

  protected store(key: K, value: V, flags: number): void {
    this.host.check();
    this.key.write(this.keyView, 0, key, 'key');
    this.value.write(this.valueView, 0, value, 'value');
    native(() => this.host.native.update(this.info.name, this.keyBytes, this.valueBytes, flags));
  }
}

/** `array<V>`: entries by index, read through the map's own memory where it can be mapped. */
export class ArrayMap<V> extends BaseMap<number, V> {
  private mapped: { buffer: ArrayBuffer; view: DataView; stride: number } | undefined;

  private memory(): typeof this.mapped {
    const canMap = (this.info.flags & 1024) !== 0;
    if (!this.mapped && canMap) {
      const buffer = native(() => this.host.native.mmap(this.info.name));
      this.mapped = {
        buffer,
        view: new DataView(buffer),
        stride: Math.ceil(this.info.valueSize / 8) * 8,
      };
    }
    return this.mapped;
  }

  private inRange(index: number): boolean {
    return Number.isInteger(index) && index >= 0 && index < this.info.maxEntries;
  }

  /** The entry, or undefined out of range. Entries wider than 8 bytes may be half-written by BPF. */
  get(index: number): V | undefined {
    this.host.check();
    if (!this.inRange(index)) return undefined;
    const memory = this.memory();
    if (memory) return this.value.read(memory.view, index * memory.stride) as V;
    return this.lookup(index) ? (this.value.read(this.valueView, 0) as V) : undefined;
  }

  set(index: number, value: V): void {
    this.host.check();
    if (!this.inRange(index))
      throw new ScxtsError(
        'ERR_RANGE',
        `${this.name} has entries 0 to ${this.info.maxEntries - 1}, not ${index}`,
      );
    const memory = this.memory();
    if (memory) this.value.write(memory.view, index * memory.stride, value, 'value');
    else this.store(index, value, 0);
  }

  /** The map's own memory, shared with BPF: 8-byte entries as one BigUint64Array. */
  view(): BigUint64Array {
    this.host.check();
    const memory = this.memory();
    if (!memory || memory.stride !== 8)
      throw new ScxtsError(
        'ERR_MAP',
        `${this.name} has no view: its entries are not 8 bytes in mappable memory`,
      );
    return new BigUint64Array(memory.buffer, 0, this.info.maxEntries);
  }
}

/** `hash<K, V>` and `lruHash`. */
export class HashMap<K, V> extends BaseMap<K, V> {
  get(key: K): V | undefined {
    return this.lookup(key) ? (this.value.read(this.valueView, 0) as V) : undefined;
  }
  /** `flags`: 0 any, 1 only if new, 2 only if there. */
  set(key: K, value: V, flags = 0): void {
    this.store(key, value, flags);
  }
  /** Whether there was an entry. */
  delete(key: K): boolean {
    this.host.check();
    this.key.write(this.keyView, 0, key, 'key');
    return native(() => this.host.native.delete(this.info.name, this.keyBytes));
  }

  /** Keys as of the start of each step; entries that BPF removes meanwhile are skipped, none comes twice. */
  *keys(): IterableIterator<K> {
    this.host.check();
    const seen = new Set<string>();
    const next = new Uint8Array(this.info.keySize);
    let previous: Uint8Array | null = null;
    while (native(() => this.host.native.nextKey(this.info.name, previous, next))) {
      // A deleted key makes the kernel start over: what was seen already is passed by.
      const id = Buffer.from(next).toString('latin1');
      if (!seen.has(id)) {
        seen.add(id);
        yield this.key.read(viewOf(next), 0) as K;
      }
      previous = Uint8Array.from(next);
      if (seen.size > this.info.maxEntries * 2) return;
    }
  }

  *entries(): IterableIterator<[K, V]> {
    for (const key of this.keys()) {
      const value = this.get(key);
      if (value !== undefined) yield [key, value];
    }
  }

  [Symbol.iterator](): IterableIterator<[K, V]> {
    return this.entries();
  }
}

function perCpuBytes(info: NativeMap): number {
  return Math.ceil(info.valueSize / 8) * 8 * addon().possibleCpus();
}

/** Values of one entry on each CPU. Sums are of numbers and bigints only. */
function readAll<V>(value: Layout, view: DataView, valueSize: number): V[] {
  const stride = Math.ceil(valueSize / 8) * 8;
  return Array.from(
    { length: view.byteLength / stride },
    (_, cpu) => value.read(view, cpu * stride) as V,
  );
}

/** `percpuArray<V>`. */
export class PercpuArrayMap<V> extends BaseMap<number, V> {
  constructor(host: MapHost, info: NativeMap) {
    super(host, info, perCpuBytes(info));
  }
  /** The entry on each possible CPU, or undefined out of range. */
  get(index: number): V[] | undefined {
    return this.lookup(index)
      ? readAll<V>(this.value, this.valueView, this.info.valueSize)
      : undefined;
  }
  /** Sum over the CPUs. */
  sum(index: number): bigint {
    return sum(this.get(index) ?? []);
  }
}

/** `percpuHash<K, V>`. */
export class PercpuHashMap<K, V> extends BaseMap<K, V> {
  constructor(host: MapHost, info: NativeMap) {
    super(host, info, perCpuBytes(info));
  }
  get(key: K): V[] | undefined {
    return this.lookup(key)
      ? readAll<V>(this.value, this.valueView, this.info.valueSize)
      : undefined;
  }
  sum(key: K): bigint {
    return sum(this.get(key) ?? []);
  }
}

/** `percpu<V>()`: one value a CPU. */
export class PercpuVar<V> extends PercpuArrayMap<V> {
  all(): V[] {
    return this.get(0) ?? [];
  }
}

function sum(values: unknown[]): bigint {
  return values.reduce<bigint>((a, b) => a + BigInt(b as number | bigint), 0n);
}

/** Queue or stack: FIFO or LIFO. */
export class QueueMap<V> extends BaseMap<never, V> {
  push(value: V): void {
    this.host.check();
    this.value.write(this.valueView, 0, value, 'value');
    native(() => this.host.native.update(this.info.name, EMPTY, this.valueBytes, 0));
  }
  pop(): V | undefined {
    this.host.check();
    const found = native(() => this.host.native.pop(this.info.name, this.valueBytes));
    return found ? (this.value.read(this.valueView, 0) as V) : undefined;
  }
}
