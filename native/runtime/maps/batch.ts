import { ScxtsError } from '../errors.js';
import { show, viewOf, type Layout, type TypedArray } from '../layout/index.js';
import { allocate } from '../memory.js';

interface BatchParts<V> {
  length: number;
  keys: Uint8Array;
  values: Uint8Array;
  keyLayout: Layout;
  valueLayout: Layout;
  valueStride: number;
  readValue(view: DataView, at: number): V;
  /** The same, written through to the view. */
  liveValue(view: DataView, at: number, path: string): V;
}

/** Many entries of a map as bytes in columns; nothing is decoded before it is asked for. */
export class Batch<K, V> {
  readonly length: number;
  /** Raw keys and values, `length` of each in a row. */
  readonly keys: Uint8Array;
  readonly values: Uint8Array;
  private readonly keyView: DataView;
  private readonly valueView: DataView;

  constructor(private readonly parts: BatchParts<V>) {
    this.length = parts.length;
    this.keys = parts.keys;
    this.values = parts.values;
    this.keyView = viewOf(parts.keys);
    this.valueView = viewOf(parts.values);
  }

  /** Whether it holds keys and values as these layouts have them. @internal */
  isOf(key: Layout, value: Layout): boolean {
    return this.parts.keyLayout === key && this.parts.valueLayout === value;
  }

  private check(index: number): void {
    if (!Number.isInteger(index) || index < 0 || index >= this.length)
      throw new ScxtsError(
        'ERR_RANGE',
        `the batch has ${this.length} entries, not one at ${show(index)}`,
      );
  }

  key(index: number): K {
    this.check(index);
    return this.parts.keyLayout.read(this.keyView, index * this.parts.keyLayout.size) as K;
  }

  /** A value. What is set in it, at whatever depth, is set in the batch; `map.write(batch)` stores it. */
  value(index: number): V {
    this.check(index);
    const { valueStride } = this.parts;
    return this.parts.liveValue(this.valueView, index * valueStride, `value ${index}`);
  }

  /**
   * One integer field of all values (or the values themselves, without a name) as a typed array:
   * `map.read().column('vtime')` is a BigUint64Array.
   */
  column(field?: string): TypedArray {
    const layout = this.parts.valueLayout;
    const found = field === undefined ? undefined : layout.fields?.find((f) => f.name === field);
    const of = field === undefined ? layout : found?.layout;
    if (!of?.typed || of.element)
      throw new ScxtsError(
        'ERR_VALUE',
        field === undefined
          ? 'values are not integers'
          : `there is no integer field ${show(field)}`,
      );
    return this.gather(of, this.valueView, found?.offset ?? 0, this.parts.valueStride);
  }

  /** The keys as a typed array, where they are integers. */
  keyColumn(): TypedArray {
    const { keyLayout } = this.parts;
    if (!keyLayout.typed || keyLayout.element)
      throw new ScxtsError('ERR_VALUE', 'keys are not integers');
    return this.gather(keyLayout, this.keyView, 0, keyLayout.size);
  }

  private gather(of: Layout, view: DataView, offset: number, stride: number): TypedArray {
    const out = new of.typed!(allocate(this.length * of.size).buffer, 0, this.length);
    for (let i = 0; i < this.length; i++)
      (out as unknown as unknown[])[i] = of.read(view, i * stride + offset);
    return out;
  }

  /** Keys and values, decoded into objects of their own. */
  *[Symbol.iterator](): IterableIterator<[K, V]> {
    for (let i = 0; i < this.length; i++)
      yield [this.key(i), this.parts.readValue(this.valueView, i * this.parts.valueStride)];
  }
}
