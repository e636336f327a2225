import { native, ScxtsError } from '../errors.js';
import { viewOf } from '../layout/index.js';
import { allocate } from '../memory.js';
import { Batch } from './batch.js';
import { throughTo } from '../written-through.js';
import { BpfMap, bytesOf } from './base.js';

const ENOSPC = 28;
/** Kernels or map types without batches. */
const NO_BATCH = new Set([22, 95, 524]);
/** Entries that one call of a walk reads; a call costs the kernel one lock of each bucket. */
const CHUNK = 4096;

/** A map with keys of its own, and the walk over it. */
export abstract class KeyedMap<K, V> extends BpfMap {
  private buffers: { keys: Uint8Array; values: Uint8Array } | undefined;

  protected abstract readEntry(view: DataView, at: number): V;
  /** The entry in memory of the process's own, written through to it. */
  protected abstract liveEntry(view: DataView, at: number, path: string): V;

  /** The value, or undefined if there is none. */
  get(key: K): V | undefined {
    this.check();
    return this.find(key) ? this.readEntry(this.scratch.value, 0) : undefined;
  }

  has(key: K): boolean {
    this.check();
    return this.find(key);
  }

  /** `flags`: BPF_ANY, BPF_NOEXIST (ERR_MAP with errno EEXIST if there), BPF_EXIST (ENOENT if not). */
  set(key: K, value: V, flags = 0): void {
    this.check();
    this.store(key, value, flags);
  }

  /** Whether there was an entry. */
  delete(key: K): boolean {
    this.check();
    return this.remove(key);
  }

  /**
   * All entries in as few system calls as possible, as columns of bytes that decode when asked:
   * `const b = map.read(); for (let i = 0; i < b.length; i++) b.value(i)`. An entry that is there all
   * the while comes exactly once, whatever BPF adds or deletes meanwhile. The batch is overwritten by
   * the next read() of this map.
   */
  read(): Batch<K, V> {
    this.check();
    let room = this.maxEntries + 64;
    for (;;) {
      const buffers = this.room(room);
      const count = this.fill(buffers);
      if (count >= 0) return this.batch(buffers, count);
      room *= 2;
    }
  }

  private batch(buffers: { keys: Uint8Array; values: Uint8Array }, count: number): Batch<K, V> {
    return new Batch<K, V>({
      length: count,
      keys: buffers.keys.subarray(0, count * this.definition.keySize),
      values: buffers.values.subarray(0, count * this.definition.userValueSize),
      keyLayout: this.key,
      valueLayout: this.value,
      valueStride: this.definition.userValueSize,
      readValue: (view, at) => this.readEntry(view, at),
      liveValue: (view, at, path) => this.liveEntry(view, at, path),
    });
  }

  private room(entries: number): { keys: Uint8Array; values: Uint8Array } {
    const { keySize, userValueSize } = this.definition;
    if (!this.buffers || this.buffers.keys.length < entries * keySize) {
      this.buffers = {
        keys: allocate(entries * keySize),
        values: allocate(entries * userValueSize),
      };
    }
    return this.buffers;
  }

  /** Reads the whole map into the buffers: how many entries, or -1 if there is too little room. */
  private fill({ keys, values }: { keys: Uint8Array; values: Uint8Array }): number {
    const { keySize, userValueSize } = this.definition;
    const cursor = new Uint8Array(Math.max(keySize, 8));
    let count = 0;
    for (let first = true; ; first = false) {
      const chunk = this.step(
        keys.subarray(count * keySize),
        values.subarray(count * userValueSize),
        cursor,
        first,
      );
      if (chunk === undefined) return -1;
      if (chunk < 0) return count + (-1 - chunk);
      count += chunk;
    }
  }

  /** One batch call; undefined if the next bucket does not fit. */
  private step(
    keys: Uint8Array,
    values: Uint8Array,
    cursor: Uint8Array,
    first: boolean,
  ): number | undefined {
    if (keys.length < this.definition.keySize) return undefined;
    try {
      return native(() => this.handle.readBatch(keys, values, cursor, first));
    } catch (error) {
      if (error instanceof ScxtsError && error.errno === ENOSPC) return undefined;
      throw error;
    }
  }

  /** Keys, a few thousand read at a time; deleting while walking is fine, and none comes twice. */
  *keys(): IterableIterator<K> {
    for (const batch of this.chunks()) for (let i = 0; i < batch.length; i++) yield batch.key(i);
  }

  *values(): IterableIterator<V> {
    for (const [, value] of this.entries()) yield value;
  }

  *entries(): IterableIterator<[K, V]> {
    for (const batch of this.chunks()) yield* batch;
  }

  [Symbol.iterator](): IterableIterator<[K, V]> {
    return this.entries();
  }

  /** Removes everything that is there now. */
  clear(): void {
    for (const key of this.keys()) this.delete(key);
  }

  private *chunks(): Generator<Batch<K, V>> {
    this.check();
    const { keySize, userValueSize } = this.definition;
    let room = Math.min(this.maxEntries + 64, CHUNK);
    const cursor = new Uint8Array(Math.max(keySize, 8));
    let first = true;
    for (;;) {
      this.check();
      // Buffers of its own: other reads of the map may run between two steps of the walk.
      const keys = allocate(room * keySize);
      const values = allocate(room * userValueSize);
      let count: number | undefined;
      try {
        count = this.step(keys, values, cursor, first);
      } catch (error) {
        if (!first || !(error instanceof ScxtsError) || !NO_BATCH.has(error.errno)) throw error;
        yield* this.oneByOne();
        return;
      }
      if (count === undefined) {
        room *= 2;
        continue;
      }
      first = false;
      yield this.batch({ keys, values }, count < 0 ? -1 - count : count);
      if (count < 0) return;
    }
  }

  /** The walk by single keys: a deleted key makes the kernel start over, so keys are remembered. */
  private *oneByOne(): Generator<Batch<K, V>> {
    const { keySize, userValueSize } = this.definition;
    const seen = new Set<string>();
    const key = new Uint8Array(keySize);
    const scratchKey = (): Uint8Array => bytesOf(this.scratch.key);
    for (let first = true; ; first = false) {
      this.check();
      if (!first) scratchKey().set(key);
      if (!native(() => this.handle.next(first))) return;
      key.set(scratchKey());
      const id = Buffer.from(key).toString('latin1');
      if (seen.size > this.maxEntries * 4) return;
      if (seen.has(id)) continue;
      seen.add(id);
      if (!native(() => this.handle.get())) continue;
      const values = bytesOf(this.scratch.value).slice(0, userValueSize);
      yield this.batch({ keys: Uint8Array.from(key), values }, 1);
    }
  }
}

/** What was given as entries, as pairs; ERR_ARGUMENT for anything else. */
function pairs<K, V>(entries: Iterable<readonly [K, V]>): (readonly [K, V])[] {
  const given = entries as unknown;
  const list = isIterable(given) ? [...given] : undefined;
  if (!list?.every((e): e is readonly [K, V] => Array.isArray(e) && e.length === 2))
    throw new ScxtsError('ERR_ARGUMENT', 'entries are given as [key, value] pairs');
  return list;
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof (value as Iterable<unknown> | undefined)?.[Symbol.iterator] === 'function';
}

/** `hash<K, V>` and `lruHash`. */
export class HashMap<K, V> extends KeyedMap<K, V> {
  protected readEntry(view: DataView, at: number): V {
    return this.value.read(view, at) as V;
  }
  protected liveEntry(view: DataView, at: number, path: string): V {
    return throughTo(view, this.value, at, path) as V;
  }

  /** Stores many entries, a batch as it is, in one system call; how many. */
  write(entries: Iterable<readonly [K, V]>, flags = 0): number {
    this.check();
    if (entries instanceof Batch && entries.isOf(this.key, this.value))
      return native(() =>
        this.handle.writeBatch(entries.keys, entries.values, entries.length, flags),
      );
    const list = pairs(entries);
    const { keySize, valueSize } = this.definition;
    const keys = allocate(list.length * keySize);
    const values = allocate(list.length * valueSize);
    const [keyView, valueView] = [viewOf(keys), viewOf(values)];
    list.forEach(([key, value], i) => {
      this.key.write(keyView, i * keySize, key, `${this.name} key`);
      this.value.write(valueView, i * valueSize, value, '');
    });
    return native(() => this.handle.writeBatch(keys, values, list.length, flags));
  }
}

/** `lpmTrie<K, V>`: keys are { prefixlen, data }; get() finds the longest matching prefix. */
export class LpmTrieMap<K, V> extends HashMap<K, V> {}
