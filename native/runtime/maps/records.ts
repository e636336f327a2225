import { ScxtsError } from '../errors.js';
import { show, viewOf, type Layout, type TypedArray } from '../layout/index.js';
import { allocate } from '../memory.js';
import { throughTo } from '../written-through.js';

const HEADER = 8;

/**
 * Records of a ring buffer as one piece of memory: each is u32 length, u32 0, then its bytes, padded
 * to 8. Nothing is decoded before it is asked for; the hot loop is
 * `batch.forEach((view, at) => { sum += view.getUint32(at, true); })`.
 */
export class RecordBatch<T> {
  readonly view: DataView;
  private offsets: Uint32Array | undefined;

  constructor(
    readonly bytes: Uint8Array,
    private readonly record: Layout | undefined,
  ) {
    this.view = viewOf(bytes);
  }

  /** The same records in memory of their own, which the next read() of the ring leaves alone. */
  copy(): RecordBatch<T> {
    return new RecordBatch<T>(this.bytes.slice(), this.record);
  }

  private index(): Uint32Array {
    if (!this.offsets) {
      const out = new Uint32Array(this.bytes.length / HEADER);
      let count = 0;
      this.forEach((_view, at) => (out[count++] = at));
      this.offsets = out.subarray(0, count);
    }
    return this.offsets;
  }

  get length(): number {
    return this.index().length;
  }

  /** Calls back with where each record lies in `view`. */
  forEach(use: (view: DataView, at: number, length: number) => void): void {
    const { view, bytes } = this;
    for (let at = HEADER; at <= bytes.length;) {
      const length = view.getUint32(at - HEADER, true);
      use(view, at, length);
      at += ((length + 7) & ~7) + HEADER;
    }
  }

  private decode(at: number): T {
    const length = this.view.getUint32(at - HEADER, true);
    if (this.record && length >= this.record.size) return this.record.read(this.view, at) as T;
    return this.bytes.slice(at, at + length) as T;
  }

  /** A record, or undefined if there are not so many. What is set in it, at whatever depth, is set in the batch. */
  at(index: number): T | undefined {
    const at = this.index()[index];
    if (at === undefined) return undefined;
    const { record } = this;
    const isWhole = record && this.view.getUint32(at - HEADER, true) >= record.size;
    return isWhole
      ? (throughTo(this.view, record, at, `record ${index}`) as T)
      : (this.bytes.subarray(at, at + this.view.getUint32(at - HEADER, true)) as T);
  }

  /** One integer field of all records, as a typed array of its own. */
  column(field: string): TypedArray {
    const found = this.record?.fields?.find((f) => f.name === field);
    if (!found?.layout.typed || found.layout.element)
      throw new ScxtsError('ERR_VALUE', `records have no integer field ${show(field)}`);
    const { layout, offset } = found;
    const index = this.index();
    const out = new layout.typed!(allocate(index.length * layout.size).buffer, 0, index.length);
    index.forEach((at, i) => {
      (out as unknown as unknown[])[i] = layout.read(this.view, at + offset);
    });
    return out;
  }

  /** Records, each decoded into an object of its own. */
  *[Symbol.iterator](): IterableIterator<T> {
    for (let at = HEADER; at <= this.bytes.length;) {
      yield this.decode(at);
      at += ((this.view.getUint32(at - HEADER, true) + 7) & ~7) + HEADER;
    }
  }
}
