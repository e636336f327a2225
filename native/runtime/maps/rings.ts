import type { NativeRing, NativeUserRing } from '../addon.js';
import { native, ScxtsError } from '../errors.js';
import { viewOf, type Layout } from '../layout/index.js';
import { BpfMap, type MapParts } from './base.js';
import { RecordBatch } from './records.js';

/** Most bytes that one step of an iteration takes out of the ring. */
const CHUNK = 256 * 1024;

/**
 * `ringbuf<T>`: records from BPF, in order. One reader a ring. When nobody reads, the ring fills up,
 * BPF's reservations fail and its records are lost: `waiting()` shows how full it is.
 */
export class RingBuffer<T> extends BpfMap implements AsyncIterable<T> {
  private ring: NativeRing | undefined;
  private readonly record: Layout | undefined;
  private room: Uint8Array | undefined;
  private wake: Promise<void> | undefined;
  private ended = false;

  constructor(parts: MapParts) {
    super(parts);
    this.record = parts.record;
  }

  private open(): NativeRing {
    this.check();
    this.ring ??= native(() => this.handle.ring());
    return this.ring;
  }

  /**
   * Takes out what is there, at most `limit` records, in one call into native code. The batch is
   * overwritten by the next read(): decode or copy what is to be kept.
   */
  read(limit = 0xffff_ffff): RecordBatch<T> {
    const ring = this.open();
    this.room ??= new Uint8Array(Math.min(this.maxEntries, CHUNK));
    let written = native(() => ring.drain(this.room!, limit));
    if (written < 0) {
      // One record larger than the room.
      this.room = new Uint8Array(-1 - written);
      written = native(() => ring.drain(this.room!, limit));
    }
    return new RecordBatch<T>(this.room.subarray(0, Math.max(written, 0)), this.record);
  }

  /** All records that are there now, decoded. */
  drain(): T[] {
    const out: T[] = [];
    for (;;) {
      const batch = this.read();
      if (batch.bytes.length === 0) return out;
      for (const record of batch) out.push(record);
    }
  }

  /** Bytes in the ring that nobody has read yet, and how many it holds. */
  waiting(): { bytes: number; size: number } {
    const [bytes, size] = native(() => this.open().waiting());
    return { bytes, size };
  }

  /** Resolves when there is something to read, or when the ring is closed. Keeps the process alive. */
  private readable(pauseMs: number): Promise<void> {
    this.wake ??= new Promise<void>((resolve) => {
      native(() =>
        this.open().wait(pauseMs, () => {
          this.wake = undefined;
          resolve();
        }),
      );
    });
    return this.wake;
  }

  /** Batches as they come, until the ring is closed with its object. */
  async *batches(): AsyncGenerator<RecordBatch<T>> {
    let empty = 0;
    while (!this.ended) {
      const batch = this.read();
      if (batch.bytes.length > 0) {
        empty = 0;
        yield batch;
      } else {
        // Awake and nothing to read: the first record is still being written.
        await this.readable(empty++ > 1 ? 1 : 0);
      }
    }
  }

  /** Records as they come, until the ring is closed with its object. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for await (const batch of this.batches()) {
      // Decoded before anything else can read: the batch's memory is used again.
      for (const record of [...batch]) yield record;
    }
  }

  override close(): void {
    this.ended = true;
    this.ring?.close();
    this.ring = undefined;
    super.close();
  }
}

/** `userRingbuf<T>`: records to BPF. One writer a ring. */
export class UserRingBuffer<T> extends BpfMap {
  private ring: NativeUserRing | undefined;
  private readonly record: Layout | undefined;

  constructor(parts: MapParts) {
    super(parts);
    this.record = parts.record;
  }

  /** False if the ring is full: BPF has to drain it first. */
  send(record: T): boolean {
    return this.sendAll([record]) === 1;
  }

  /** Sends what fits, in one call; how many of them. */
  sendAll(records: readonly T[]): number {
    const layout = this.record;
    if (!layout)
      throw new ScxtsError('ERR_BTF', `the object does not say what records of ${this.name} are`, {
        hint: 'sendBytes() takes any bytes',
      });
    this.check();
    const bytes = new Uint8Array(records.length * layout.size);
    const view = viewOf(bytes);
    records.forEach((r, i) => layout.write(view, i * layout.size, r, ''));
    return records.length === 0 ? 0 : this.write(bytes, layout.size);
  }

  /** One record of any bytes; false if the ring is full. */
  sendBytes(bytes: Uint8Array): boolean {
    this.check();
    return this.write(bytes, bytes.byteLength) === 1;
  }

  private write(bytes: Uint8Array, size: number): number {
    this.ring ??= native(() => this.handle.userRing());
    const ring = this.ring;
    return native(() => ring.send(bytes, size));
  }

  override close(): void {
    this.ring?.close();
    this.ring = undefined;
    super.close();
  }
}
