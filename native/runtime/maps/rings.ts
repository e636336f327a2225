import type { NativeRing, NativeUserRing } from '../addon.js';
import { native, ScxtsError } from '../errors.js';
import { isUint8Array } from 'node:util/types';
import {
  liveValue,
  plainBytes,
  SharedMemory,
  viewOf,
  type Layout,
  type LiveValue,
  type Place,
} from '../layout/index.js';
import { allocate } from '../memory.js';
import { BpfMap, type MapParts } from './base.js';
import { RecordBatch } from './records.js';

/** Most bytes that one step of an iteration takes out of the ring. */
const CHUNK = 256 * 1024;

/** A reader that always finds something lets timers and signals of the process have a turn after so long, in ms. */
const TURN_MS = 20;

/** What reading of a ring can be told. */
export interface RingOptions {
  /** Ends the reading. */
  signal?: AbortSignal;
  /**
   * How long to block this thread, in ms, before it sleeps in the event loop: 0 to 1000, 0 by default. A record that
   * comes within that time is there sooner, since no second thread has to wake this one; nothing else happens
   * in this thread meanwhile. For a process that makes decisions, a few ms.
   */
  blockMs?: number;
}

/**
 * `ringbuf<T>`: records from BPF, in order. One reader a ring. When nobody reads, the ring fills up,
 * BPF's reservations fail and its records are lost: `waiting()` shows how full it is, `dropped` how many
 * were lost.
 */
export class RingBuffer<T> extends BpfMap implements AsyncIterable<T> {
  private ring: NativeRing | undefined;
  private readonly record: Layout | undefined;
  private readonly countDropped: (() => bigint) | undefined;
  private room: Uint8Array | undefined;
  private wake: Promise<void> | undefined;
  private ended = false;

  constructor(parts: MapParts) {
    super(parts);
    this.record = parts.record;
    this.countDropped = parts.dropped;
  }

  /**
   * Records that BPF had no room for since the object was loaded; undefined if it does not count them
   * (objects that scxts did not build, rings opened by their pin).
   */
  get dropped(): bigint | undefined {
    this.check();
    return this.countDropped?.();
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
      this.room = allocate(-1 - written);
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

  /**
   * Blocks this thread, for at most `ms` (0 to 1000), until there is something to read: true if there is. Timers, promises
   * and signals wait meanwhile; a signal ends it early. Throws ERR_ARGUMENT for another number, ERR_CLOSED after close().
   */
  waitSync(ms: number): boolean {
    return native(() => this.open().waitSync(ms));
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

  /** Resolves when there is something to read, the ring is closed or the signal is aborted. */
  private async readableOr(signal: AbortSignal | undefined, pauseMs: number): Promise<void> {
    if (!signal) return this.readable(pauseMs);
    let stop = (): void => undefined;
    const stopped = new Promise<void>((resolve) => {
      stop = resolve;
      signal.addEventListener('abort', stop, { once: true });
    });
    try {
      await Promise.race([this.readable(pauseMs), stopped]);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  /**
   * Batches as they come, until the ring is closed with its object or the signal is aborted. The next
   * one is taken out of the ring only when it is asked for: a reader that is slow fills the ring, not
   * the memory of the process.
   */
  async *batches({ signal, blockMs = 0 }: RingOptions = {}): AsyncGenerator<RecordBatch<T>> {
    let empty = 0;
    let turn = performance.now();
    while (!this.ended && !signal?.aborted) {
      const batch = this.read();
      if (batch.bytes.length > 0) {
        empty = 0;
        yield batch;
        if (performance.now() - turn < TURN_MS) continue;
        await new Promise(setImmediate);
      } else {
        if (blockMs > 0 && empty === 0 && this.waitSync(blockMs)) {
          empty++;
          continue;
        }
        // Awake and nothing to read: the first record is still being written.
        await this.readableOr(signal, empty++ > 1 ? 1 : 0);
      }
      turn = performance.now();
    }
  }

  /**
   * Calls back with batches as they come, one after the other: a promise that it returns is awaited
   * first. Resolves when the ring is closed or the signal is aborted; rejects with what `use` throws.
   */
  async consume(
    use: (batch: RecordBatch<T>) => void | Promise<void>,
    options: RingOptions = {},
  ): Promise<void> {
    for await (const batch of this.batches(options)) await use(batch);
  }

  /** Records as they come, decoded. */
  async *records(options: RingOptions = {}): AsyncGenerator<T> {
    for await (const batch of this.batches(options)) {
      // Decoded before anything else can read: the batch's memory is used again.
      for (const record of [...batch]) yield record;
    }
  }

  /** Records as they come, until the ring is closed with its object. */
  [Symbol.asyncIterator](): AsyncGenerator<T> {
    return this.records();
  }

  override close(): void {
    this.ended = true;
    this.ring?.close();
    this.ring = undefined;
    super.close();
  }
}

/** Room for one record of a user ring. */
export class Reservation<T> {
  private readonly bytes: Uint8Array;
  private readonly place: Place;
  private ended = false;

  constructor(
    private readonly ring: NativeUserRing,
    private readonly layout: Layout,
    private readonly check: () => void,
  ) {
    // Of whole words, as live views want it; the ring's own memory is never handed out.
    const buffer = new ArrayBuffer(Math.ceil(layout.size / 8) * 8);
    this.bytes = new Uint8Array(buffer, 0, layout.size);
    this.place = { memory: new SharedMemory(buffer), at: 0, path: 'record', check };
  }

  /** The record, zero at first: what is set in it, at whatever depth, is checked against its type. Or set it as a whole. */
  get record(): LiveValue<T> {
    return liveValue(this.layout, this.place) as LiveValue<T>;
  }
  set record(value: T) {
    this.check();
    this.place.memory.write(this.layout, 0, value, this.place.path, this.check);
  }

  /** BPF can read the record from now on. */
  submit(): void {
    this.check();
    if (this.ended)
      throw new ScxtsError('ERR_PHASE', 'the record is submitted or discarded already');
    this.ended = true;
    native(() => this.ring.submit(this.bytes));
  }

  /** Gives the room back; nothing happens if the record was submitted. */
  discard(): void {
    if (this.ended) return;
    this.ended = true;
    native(() => this.ring.discard());
  }

  [Symbol.dispose](): void {
    this.discard();
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
    if (!layout) throw this.noRecord();
    this.check();
    if (!Array.isArray(records))
      throw new ScxtsError('ERR_ARGUMENT', 'records are given as an array');
    // Its own length: an array may grow while its records are read.
    const given = [...(records as readonly T[])];
    const bytes = allocate(given.length * layout.size);
    const view = viewOf(bytes);
    given.forEach((r, i) => layout.write(view, i * layout.size, r, ''));
    return given.length === 0 ? 0 : this.write(bytes, layout.size);
  }

  /** One record of any bytes; false if the ring is full. */
  sendBytes(bytes: Uint8Array): boolean {
    this.check();
    if (!isUint8Array(bytes))
      throw new ScxtsError('ERR_ARGUMENT', 'a record of any bytes is given as a Uint8Array');
    const own = plainBytes(bytes);
    return this.write(own, own.byteLength) === 1;
  }

  /**
   * Reserves room for a record; undefined if the ring is full. The record is filled in and submitted;
   * `using` discards one that was not. One reservation at a time.
   */
  reserve(): Reservation<T> | undefined {
    const layout = this.record;
    if (!layout) throw this.noRecord();
    const ring = this.open();
    return native(() => ring.reserve(layout.size))
      ? new Reservation<T>(ring, layout, () => this.check())
      : undefined;
  }

  private open(): NativeUserRing {
    this.check();
    this.ring ??= native(() => this.handle.userRing());
    return this.ring;
  }

  private noRecord(): ScxtsError {
    return new ScxtsError('ERR_BTF', `the object does not say what records of ${this.name} are`, {
      hint: 'sendBytes() takes any bytes',
    });
  }

  private write(bytes: Uint8Array, size: number): number {
    const ring = this.open();
    return native(() => ring.send(bytes, size));
  }

  override close(): void {
    this.ring?.close();
    this.ring = undefined;
    super.close();
  }
}
