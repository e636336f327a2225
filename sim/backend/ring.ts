import type { NativeRing, NativeUserRing } from '../../native/runtime/addon.js';
import type { Clock } from '../../native/runtime/backend.js';
import type { RingMap, UserRingMap } from '../calls/maps/ring.js';
import { BackendError } from './errors.js';

const HEADER = 8;
const padded = (size: number): number => Math.ceil(size / 8) * 8;

/** A ring's reader. A record wakes it at the virtual time at which it is sent. */
export class ModelRing implements NativeRing {
  private waiter: (() => void) | undefined;
  private closed = false;

  constructor(
    private readonly ring: RingMap,
    private readonly clock: Clock,
  ) {
    ring.onRecord = () => this.wake();
  }
  private wake(): void {
    const { waiter } = this;
    this.waiter = undefined;
    if (waiter) void this.clock.wait(0).then(waiter);
  }

  drain(out: Uint8Array, limit: number): number {
    const view = new DataView(out.buffer, out.byteOffset, out.byteLength);
    let written = 0;
    for (let i = 0; i < limit; i++) {
      const size = this.ring.nextSize();
      if (size === undefined) break;
      const room = HEADER + padded(size);
      if (written + room > out.length) return written || -1 - room;
      const record = this.ring.take()!;
      view.setUint32(written, size, true);
      view.setUint32(written + 4, 0, true);
      out.set(record, written + HEADER);
      written += room;
    }
    return written;
  }
  waiting(): [number, number] {
    return [this.ring.waiting, this.ring.definition.maxEntries];
  }
  wait(_pauseMs: number, callback: () => void): void {
    this.waiter = callback;
    if (this.closed || this.ring.nextSize() !== undefined) this.wake();
  }
  /** Virtual time does not pass while user space stands still: what is not there now does not come. */
  waitSync(): boolean {
    return this.ring.nextSize() !== undefined;
  }
  close(): void {
    this.closed = true;
    this.wake();
  }
}

export class ModelUserRing implements NativeUserRing {
  private reserved: number | undefined;
  constructor(private readonly ring: UserRingMap) {}

  send(bytes: Uint8Array, recordSize: number): number {
    let sent = 0;
    for (let at = 0; at + recordSize <= bytes.length && recordSize > 0; at += recordSize) {
      if (!this.ring.send(bytes.subarray(at, at + recordSize))) break;
      sent++;
    }
    return sent;
  }
  reserve(size: number): boolean {
    if (this.reserved !== undefined)
      throw new BackendError('ERR_PHASE', 0, 'a record of the ring is reserved already');
    if (!this.ring.hasRoom(size)) return false;
    this.reserved = size;
    return true;
  }
  submit(bytes: Uint8Array): void {
    this.reserved = undefined;
    this.ring.send(bytes);
  }
  discard(): void {
    this.reserved = undefined;
  }
  close(): void {
    this.reserved = undefined;
  }
}
