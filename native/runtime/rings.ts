import { native } from './errors.js';
import { viewOf, type Layout } from './layout.js';
import type { MapHost } from './maps.js';
import type { NativeMap } from './addon.js';

/** How often a waiting reader looks at the ring, in ms. */
const POLL_MS = 5;

/** `ringbuf<T>`: records from BPF. */
export class RingBuffer<T> implements AsyncIterable<T> {
  constructor(
    private readonly host: MapHost,
    private readonly info: NativeMap,
    private readonly record: Layout | undefined,
  ) {}

  /** All records that are there now; one call into native code however many. */
  drain(): T[] {
    this.host.check();
    const packed = native(() => this.host.native.drain(this.info.name));
    const view = viewOf(packed);
    const out: T[] = [];
    for (let at = 0; at < packed.byteLength;) {
      const length = Number(view.getBigUint64(at, true));
      const bytes = packed.subarray(at + 8, at + 8 + length);
      out.push((this.record ? this.record.read(viewOf(bytes), 0) : Uint8Array.from(bytes)) as T);
      at += 8 + Math.ceil(length / 8) * 8;
    }
    return out;
  }

  /** Records as they come; ends when the object is closed. */
  async *[Symbol.asyncIterator](): AsyncIterator<T> {
    while (this.host.isOpen()) {
      const records = this.drain();
      for (const record of records) yield record;
      if (records.length === 0) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
}
