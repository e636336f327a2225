import { E, KeylessMap } from './map.js';

/** Bytes before each record of a ring. */
const HEADER = 8;
/** For bpf_ringbuf_query(). */
const AVAILABLE = 0;
const SIZE = 1;

/** Bytes that a record of a size takes. */
function room(size: number): number {
  return Math.ceil((size + HEADER) / 8) * 8;
}

interface Record {
  readonly address: number;
  readonly size: number;
  state: 'reserved' | 'sent' | 'discarded';
}

/** BPF_MAP_TYPE_RINGBUF: records from programs to user space, taken in the order in which they were reserved. */
export class RingMap extends KeylessMap {
  private readonly records: Record[] = [];
  private readonly byAddress = new Map<number, Record>();
  /** Bytes that records take, headers counted. */
  private used = 0;
  /** Told when a record is there to be taken. */
  onRecord: (() => void) | undefined;

  /** Address of a record's bytes; 0 where there is no room. */
  reserve(size: number): number {
    const taken = room(size);
    if (this.used + taken > this.definition.maxEntries) return 0;
    const address = this.space.memory.allocate(
      Math.max(size, 1),
      `a record of ring ${this.definition.name}`,
    );
    const record: Record = { address, size, state: 'reserved' };
    this.used += taken;
    this.records.push(record);
    this.byAddress.set(address, record);
    return address;
  }
  /** Ends a reservation; false where the address is none. */
  finish(address: number, sent: boolean): boolean {
    const record = this.byAddress.get(address);
    if (record?.state !== 'reserved') return false;
    record.state = sent ? 'sent' : 'discarded';
    if (sent && this.records[0]?.state !== 'reserved') this.onRecord?.();
    return true;
  }
  owns(address: number): boolean {
    return this.byAddress.get(address)?.state === 'reserved';
  }
  output(data: number, size: number): number {
    const at = this.reserve(size);
    if (!at) return E.AGAIN;
    this.space.memory.bytes.copyWithin(at, data, data + size);
    this.finish(at, true);
    return 0;
  }
  /** Bytes of the record that take() gives next; undefined where none is ready. */
  nextSize(): number | undefined {
    for (const record of this.records) {
      if (record.state === 'reserved') return undefined;
      if (record.state === 'sent') return record.size;
    }
    return undefined;
  }
  /** Takes the next record; undefined where none is ready. The bytes are a copy. */
  take(): Uint8Array | undefined {
    for (let first = this.records[0]; first; first = this.records[0]) {
      if (first.state === 'reserved') return undefined;
      this.records.shift();
      this.byAddress.delete(first.address);
      this.used -= room(first.size);
      const bytes = this.space.memory.bytes.slice(first.address, first.address + first.size);
      this.space.memory.free(first.address);
      if (first.state === 'sent') return bytes;
    }
    return undefined;
  }
  /** Bytes that wait to be taken. */
  get waiting(): number {
    return this.used;
  }
  query(what: number): number {
    if (what === AVAILABLE) return this.used;
    return what === SIZE ? this.definition.maxEntries : 0;
  }
}

/** BPF_MAP_TYPE_USER_RINGBUF: records from user space to programs. */
export class UserRingMap extends KeylessMap {
  private readonly records: Uint8Array[] = [];
  private used = 0;

  /** Whether there was room. */
  send(bytes: Uint8Array): boolean {
    const taken = room(bytes.length);
    if (this.used + taken > this.definition.maxEntries) return false;
    this.used += taken;
    this.records.push(bytes.slice());
    return true;
  }
  take(): Uint8Array | undefined {
    const first = this.records.shift();
    if (first) this.used -= room(first.length);
    return first;
  }
  hasRoom(size: number): boolean {
    return this.used + room(size) <= this.definition.maxEntries;
  }
}
