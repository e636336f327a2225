import { ScxtsError } from '../errors.js';
import {
  liveValue,
  placeOfLive,
  type Links,
  type Place,
  SharedMemory,
  type Layout,
  type LiveNumber,
  type LiveValue,
} from '../layout/index.js';
import { BpfMap, type MapParts } from './base.js';

/** Where the object keeps the entries of an arena that scxts declared. */
export interface ArenaEntries {
  layout: Layout;
  /** Address of the first one; 0 until the arena is populated. */
  first: () => bigint;
  /** How many have been handed out once. */
  used: () => number;
  /** How many there can be, where other arenas lie behind them. */
  most?: number;
}

/**
 * `arena`: memory that BPF programs and user space share by address. Touching a page that was never
 * allocated allocates it, as in BPF.
 */
export class ArenaView<T = unknown> extends BpfMap {
  private shared: SharedMemory | undefined;
  private memory: { buffer: ArrayBuffer; base: bigint } | undefined;
  private readonly map: () => { buffer: ArrayBuffer; base: bigint };

  constructor(
    parts: MapParts,
    map: () => { buffer: ArrayBuffer; base: bigint },
    private readonly entries?: ArenaEntries,
  ) {
    super(parts);
    this.map = map;
  }

  private open(): { buffer: ArrayBuffer; base: bigint } {
    this.check();
    this.memory ??= this.map();
    return this.memory;
  }

  /** The arena's memory. */
  get buffer(): ArrayBuffer {
    return this.open().buffer;
  }
  /** Address of its first byte: what pointers into the arena count from. */
  get base(): bigint {
    return this.open().base;
  }

  /** Entries that `alloc()` has handed out, freed ones among them; 0 without scxts's own entries. */
  get length(): number {
    this.check();
    return this.entries?.used() ?? 0;
  }

  /**
   * Entry `index`, as alloc() gave it in BPF, where it lies: a member or element is what the memory holds when it is read, and goes there
   * when it is set, at every depth; a pointer is the entry that it leads to, of whichever arena, or null. Throws ERR_RANGE for an index that the arena has no room for, ERR_PHASE before it is populated.
   */
  at(index: number): LiveValue<T> {
    return this.live(index, false) as LiveValue<T>;
  }

  /** The same with 64-bit integers as numbers: above 2^53 the last digits are lost. */
  numbers(index: number): LiveNumber<T> {
    return this.live(index, true) as LiveNumber<T>;
  }

  private live(index: number, asNumbers: boolean): unknown {
    const { entries, name } = this;
    if (!entries)
      throw new ScxtsError('ERR_BTF', `the object does not say what is in arena ${name}`, {
        hint: 'buffer and offset() reach any of its memory',
      });
    const first = entries.first();
    if (first === 0n)
      throw new ScxtsError('ERR_PHASE', `arena ${name} is not populated yet`, {
        hint: 'its entries are there once the scheduler has started, or a program has called populate()',
      });
    const { buffer } = this.open();
    const start = this.offset(first);
    const most = entries.most ?? Infinity;
    const room = Math.min(most, Math.floor((buffer.byteLength - start) / entries.layout.size));
    if (!Number.isInteger(index) || index < 0 || index >= room)
      throw new ScxtsError(
        'ERR_RANGE',
        `arena ${name} has room for entries 0 to ${room - 1}, not ${index}`,
      );
    return liveValue(
      entries.layout,
      this.placeAt(start + index * entries.layout.size, `${name}[${index}]`),
      asNumbers,
    );
  }

  private placeAt(at: number, path: string): Place {
    this.shared ??= new SharedMemory(this.open().buffer);
    return { memory: this.shared, at, path, check: () => this.check(), links: this.links };
  }

  /** Pointers between entries, of whichever arena of the object. */
  private readonly links: Links = {
    follow: (pointer, target, path) => {
      if (pointer === 0n) return null;
      const at = this.offset(pointer);
      if (at + target.size > this.open().buffer.byteLength)
        throw new ScxtsError('ERR_RANGE', `${path} leads out of arena ${this.name}`);
      return this.placeAt(at, path);
    },
    addressOf: (value, target) => {
      if (value === null) return 0n;
      const place = placeOfLive(value);
      if (!place) return undefined;
      const { buffer, base } = this.open();
      if (place.memory.buffer !== buffer || place.at + target.size > buffer.byteLength)
        throw new ScxtsError('ERR_VALUE', `${place.path} is no entry of arena ${this.name}`);
      return base + BigInt(place.at);
    },
  };

  /** The entry that a pointer leads to which a program keeps in a global or a map; null for 0n. */
  entry(pointer: bigint): LiveValue<T> | null {
    const { entries, name } = this;
    const to = entries ? this.links.follow(pointer, entries.layout, `an entry of ${name}`) : null;
    return to && entries ? (liveValue(entries.layout, to) as LiveValue<T>) : null;
  }

  /** The index of an entry that at() or a pointer of another entry gave; -1 for what is no entry of this arena. */
  indexOf(entry: unknown): number {
    const { entries } = this;
    const place = placeOfLive(entry);
    const first = entries?.first() ?? 0n;
    if (!entries || !place || first === 0n || place.memory.buffer !== this.open().buffer) return -1;
    const index = (place.at - this.offset(first)) / entries.layout.size;
    return Number.isInteger(index) && index >= 0 && index < (entries.most ?? Infinity) ? index : -1;
  }

  /** Where a pointer that a BPF program stored points to, as an offset into `buffer`. */
  offset(pointer: bigint): number {
    // Only the low 32 bits are an address within the arena (kernel/bpf/arena.c).
    const { buffer, base } = this.open();
    const offset = Number(BigInt.asUintN(32, pointer - base));
    if (offset >= buffer.byteLength)
      throw new ScxtsError('ERR_RANGE', `0x${pointer.toString(16)} is not in arena ${this.name}`);
    return offset;
  }

  override close(): void {
    this.memory = undefined;
    this.shared = undefined;
    super.close();
  }
}
