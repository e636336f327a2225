import { allocate } from '../memory.js';
import { viewOf, type Layout, type TypedArray } from './layout.js';

/**
 * Memory that BPF programs write at the same time. A DataView is not used on it: V8 reads and writes
 * through one byte by byte until the code around it is optimized, and half of an old value with half of
 * a new one comes out. Typed arrays use one instruction for an aligned integer, always.
 */
export class SharedMemory {
  private readonly arrays = new Map<unknown, TypedArray>();
  private readonly bytes: Uint8Array<ArrayBuffer>;
  private readonly words: BigUint64Array;
  private halves: [Uint32Array, Int32Array] | undefined;
  /** Private memory that structs are copied from in one go, and what is written is made up in. */
  private stage = new Uint8Array(64);
  private stageView = viewOf(this.stage);
  private draft: Uint8Array | undefined = new Uint8Array(64);

  readonly buffer: ArrayBuffer;
  /** Where the memory starts in its buffer, a multiple of 8: of a model's maps all are in one buffer. */
  readonly base: number;
  /** Bytes. */
  readonly size: number;

  /** Of whole 8-byte words, as the memory of maps is. */
  constructor(memory: ArrayBuffer | Uint8Array<ArrayBuffer>) {
    this.bytes = memory instanceof ArrayBuffer ? new Uint8Array(memory) : memory;
    this.buffer = this.bytes.buffer as ArrayBuffer;
    this.base = this.bytes.byteOffset;
    this.size = this.bytes.byteLength;
    this.words = new BigUint64Array(this.buffer, this.base, this.size >>> 3);
  }

  /** All of the memory as integers of this layout. */
  integers(layout: Layout): TypedArray {
    let array = this.arrays.get(layout.typed);
    if (!array) {
      const length = Math.floor(this.size / layout.size);
      array = new layout.typed!(this.buffer, this.base, length);
      this.arrays.set(layout.typed, array);
    }
    return array;
  }

  /** Part of the memory itself as a typed array, for integers and arrays of them. */
  part(layout: Layout, at: number): TypedArray {
    const one = layout.element?.layout.size ?? layout.size;
    return new layout.typed!(this.buffer, this.base + at, layout.size / one);
  }

  /** Part of the memory itself, as bytes. */
  rawPart(at: number, size: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.buffer, this.base + at, size);
  }

  read(layout: Layout, at: number): unknown {
    if (layout.typed && !layout.element && at % layout.size === 0)
      return this.integers(layout)[at / layout.size];
    const { stageView } = this.room(layout.size);
    // Whole words, so that each aligned integer in them is copied whole.
    const first = at >>> 3;
    const last = (at + layout.size + 7) >>> 3;
    new BigUint64Array(this.stage.buffer).set(this.words.subarray(first, last));
    return layout.read(stageView, at - first * 8);
  }

  /**
   * Stores the value if all of it fits its type, and nothing of it otherwise. `check` throws where the memory must not be used any
   * more: getters of the value may have closed it.
   */
  write(layout: Layout, at: number, value: unknown, path: string, check?: () => void): void {
    // The value may have getters that read or write this memory themselves: they find no draft and make one.
    const draft =
      this.draft && this.draft.length >= layout.size ? this.draft : allocate(layout.size);
    this.draft = undefined;
    try {
      const view = viewOf(draft);
      // What the bytes hold that are not written: neighbours of bitfields.
      if (layout.partial) draft.set(this.bytes.subarray(at, at + layout.size));
      layout.write(view, 0, value, path);
      check?.();
      if (layout.typed && !layout.element && at % layout.size === 0)
        (this.integers(layout) as unknown as unknown[])[at / layout.size] = layout.read(view, 0);
      else this.bytes.set(draft.subarray(0, layout.size), at);
    } finally {
      this.draft = draft;
    }
  }

  /**
   * A 64-bit integer, aligned to 4 bytes, as a number without a bigint. In halves; the high one is read
   * again until it is the same, so that a value that grows past 2^32 meanwhile does not come out half
   * old and half new.
   */
  wide(at: number, signed: boolean): number {
    this.halves ??= [
      new Uint32Array(this.buffer, this.base, this.size >>> 2),
      new Int32Array(this.buffer, this.base, this.size >>> 2),
    ];
    const [unsigned] = this.halves;
    const high = signed ? this.halves[1] : unsigned;
    const index = at >>> 2;
    for (;;) {
      const top = high[index + 1]!;
      const bottom = unsigned[index]!;
      if (high[index + 1] === top) return top * 4294967296 + bottom;
    }
  }

  private room(size: number): { stageView: DataView } {
    if (this.stage.length < size + 16) {
      this.stage = allocate((size + 31) & ~7);
      this.stageView = viewOf(this.stage);
    }
    return { stageView: this.stageView };
  }
}
