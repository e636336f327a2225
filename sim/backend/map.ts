import type { MapInfo, NativeMap, NativeRing, NativeUserRing } from '../../native/runtime/addon.js';
import { ArrayMap } from '../calls/maps/array.js';
import { BloomMap } from '../calls/maps/bloom.js';
import { MapOfMaps } from '../calls/maps/nested.js';
import { QueueMap } from '../calls/maps/queue.js';
import type { BpfMap } from '../calls/maps/map.js';
import { RingMap, UserRingMap } from '../calls/maps/ring.js';
import { StorageMap } from '../calls/maps/storage.js';
import { BackendError, mapError } from './errors.js';
import { ModelRing, ModelUserRing } from './ring.js';
import type { ModelMachine } from './types.js';

const NOENT = -2;
const round8 = (size: number): number => Math.ceil(size / 8) * 8;

/** A map as user space has it: keys and values are copied through memory of its own. */
export class ModelMap implements NativeMap {
  private readonly room: ArrayBuffer;
  private readonly key: Uint8Array;
  private readonly value: Uint8Array;
  /** A key and a value in the model's memory. */
  private readonly keyAt: number;
  private readonly valueAt: number;
  private walk: number[] = [];
  private place = 0;
  private snapshot: { keys: Uint8Array; values: Uint8Array; count: number } | undefined;

  constructor(
    readonly map: BpfMap,
    private readonly machine: ModelMachine,
  ) {
    const { keySize } = map;
    this.room = new ArrayBuffer(round8(keySize) + round8(this.userSize));
    this.key = new Uint8Array(this.room, 0, keySize);
    this.value = new Uint8Array(this.room, round8(keySize), this.userSize);
    const { memory } = machine.space;
    this.keyAt = memory.allocate(Math.max(keySize, 8), `a key of ${map.definition.name}`);
    this.valueAt = memory.allocate(Math.max(map.valueSize, 8), `a value of ${map.definition.name}`);
  }
  private get memory(): ModelMachine['space']['memory'] {
    return this.machine.space.memory;
  }
  private get userSize(): number {
    return this.map.perCpu
      ? round8(this.map.valueSize) * this.machine.space.cpus
      : this.map.valueSize;
  }

  info(): MapInfo {
    const { name, type, keySize, valueSize, flags } = this.map.definition;
    return {
      ...{ name: name.slice(0, 15), type, keySize, valueSize, flags },
      id: this.map.handle,
      maxEntries: this.map.definition.maxEntries,
      kernelType: 0,
      valueOffset: round8(keySize),
      userValueSize: this.userSize,
    };
  }
  fd(): number {
    return this.map.handle;
  }
  scratch(): ArrayBuffer {
    return this.room;
  }

  private loadKey(): number {
    this.memory.bytes.set(this.key, this.keyAt);
    return this.keyAt;
  }
  /** The owner that a key names: descriptors of a model are addresses. */
  private owner(): number {
    return new DataView(this.room).getInt32(0, true);
  }
  /** Copies an entry out, of a per-CPU map that of each CPU. */
  private copyOut(key: number, to: Uint8Array): boolean {
    const { map, memory } = this;
    if (!map.perCpu) {
      const at = map.lookup(key);
      if (!at) return false;
      // Of a map of maps a lookup gives the inner map itself, of which user space gets the id.
      if (map instanceof MapOfMaps) new DataView(to.buffer, to.byteOffset).setUint32(0, at, true);
      else to.set(memory.bytes.subarray(at, at + map.valueSize));
      return true;
    }
    const stride = round8(map.valueSize);
    for (let cpu = 0; cpu < this.machine.space.cpus; cpu++) {
      const at = map.lookupCpu(key, cpu);
      if (!at) return false;
      to.set(memory.bytes.subarray(at, at + map.valueSize), cpu * stride);
    }
    return true;
  }
  get(): boolean {
    const { map, memory } = this;
    if (map instanceof StorageMap) return this.copyOwned(this.owner());
    if (map instanceof BloomMap) {
      memory.bytes.set(this.value, this.valueAt);
      return map.peek(this.valueAt) === 0;
    }
    if (map instanceof QueueMap) {
      const result = map.peek(this.valueAt);
      if (result === 0) this.takeValue();
      return result === 0;
    }
    return this.copyOut(this.loadKey(), this.value);
  }
  private takeValue(): void {
    this.value.set(this.memory.bytes.subarray(this.valueAt, this.valueAt + this.map.valueSize));
  }
  private copyOwned(owner: number): boolean {
    const at = this.map instanceof StorageMap ? this.map.get(owner, 0, false) : 0;
    if (at) this.value.set(this.memory.bytes.subarray(at, at + this.map.valueSize));
    return at !== 0;
  }
  getOfTask(pid: number): boolean {
    const task = this.machine.host.taskOfPid(pid);
    if (!task) throw new BackendError('ERR_NO_PROCESS', 3, `there is no task with pid ${pid}`);
    return this.copyOwned(task);
  }

  put(flags: number): void {
    this.store(this.key, this.value, flags);
  }
  private store(key: Uint8Array, value: Uint8Array, flags: number): void {
    const { map, memory } = this;
    memory.bytes.set(key, this.keyAt);
    let result = 0;
    if (map instanceof StorageMap) {
      const at = map.get(this.owner(), 0, true);
      if (at) map.copyIn(value, at);
      else result = NOENT;
    } else if (map instanceof QueueMap || map instanceof BloomMap) {
      memory.bytes.set(value, this.valueAt);
      result = map.push(this.valueAt, flags);
    } else if (map.perCpu) result = this.storeEach(value, flags);
    else {
      memory.bytes.set(value.subarray(0, map.valueSize), this.valueAt);
      result = map.update(this.keyAt, this.valueAt, flags);
    }
    if (result < 0) throw mapError(result, map.definition.name);
  }
  private storeEach(value: Uint8Array, flags: number): number {
    const { map, memory } = this;
    const stride = round8(map.valueSize);
    if (!map.lookupCpu(this.keyAt, 0) || flags) {
      memory.bytes.set(value.subarray(0, map.valueSize), this.valueAt);
      const result = map.update(this.keyAt, this.valueAt, flags);
      if (result < 0) return result;
    }
    for (let cpu = 0; cpu < this.machine.space.cpus; cpu++) {
      const at = map.lookupCpu(this.keyAt, cpu);
      memory.bytes.set(value.subarray(cpu * stride, cpu * stride + map.valueSize), at);
    }
    return 0;
  }
  remove(): boolean {
    const { map } = this;
    const result =
      map instanceof StorageMap ? map.remove(this.owner()) : map.delete(this.loadKey());
    if (result < 0 && result !== NOENT) throw mapError(result, map.definition.name);
    return result === 0;
  }
  take(): boolean {
    const result = this.map.pop(this.valueAt);
    if (result === 0) this.takeValue();
    return result === 0;
  }

  private takeSnapshot(): void {
    const { keySize } = this.map;
    const keys: Uint8Array[] = [];
    const values: Uint8Array[] = [];
    for (const [key] of this.map.entries()) {
      const value = new Uint8Array(this.userSize);
      if (!this.copyOut(key, value)) continue;
      keys.push(this.memory.bytes.slice(key, key + keySize));
      values.push(value);
    }
    const join = (parts: Uint8Array[], size: number): Uint8Array => {
      const out = new Uint8Array(parts.length * size);
      parts.forEach((part, i) => out.set(part, i * size));
      return out;
    };
    this.snapshot = {
      keys: join(keys, keySize),
      values: join(values, this.userSize),
      count: keys.length,
    };
  }
  next(first: boolean): boolean {
    if (first) {
      this.walk = [...this.map.entries()].map(([key]) => key);
      this.place = 0;
    }
    const key = this.walk[this.place++];
    if (key === undefined) return false;
    this.key.set(this.memory.bytes.subarray(key, key + this.map.keySize));
    return true;
  }
  /** As many as there is room for from where the cursor is; -1 less their number where those are the last. */
  readBatch(keys: Uint8Array, values: Uint8Array, cursor: Uint8Array, first: boolean): number {
    if (first || !this.snapshot) this.takeSnapshot();
    const { keySize } = this.map;
    const all = this.snapshot!;
    const at = first ? 0 : new DataView(cursor.buffer, cursor.byteOffset).getUint32(0, true);
    const room = Math.min(
      Math.floor(keys.length / keySize),
      Math.floor(values.length / this.userSize),
    );
    const count = Math.min(room, all.count - at);
    keys.set(all.keys.subarray(at * keySize, (at + count) * keySize));
    values.set(all.values.subarray(at * this.userSize, (at + count) * this.userSize));
    new DataView(cursor.buffer, cursor.byteOffset).setUint32(0, at + count, true);
    return at + count >= all.count ? -1 - count : count;
  }
  writeBatch(keys: Uint8Array, values: Uint8Array, count: number, flags: number): number {
    const { keySize, valueSize } = this.map;
    for (let i = 0; i < count; i++)
      this.store(
        keys.subarray(i * keySize, (i + 1) * keySize),
        values.subarray(i * valueSize, (i + 1) * valueSize),
        flags,
      );
    return count;
  }
  removeBatch(keys: Uint8Array, count: number): number {
    const { keySize } = this.map;
    let removed = 0;
    for (let i = 0; i < count; i++) {
      this.memory.bytes.set(keys.subarray(i * keySize, (i + 1) * keySize), this.keyAt);
      if (this.map.delete(this.keyAt) === 0) removed++;
    }
    return removed;
  }

  mmap(): Uint8Array<ArrayBuffer> {
    if (!(this.map instanceof ArrayMap)) throw mapError(-22, this.map.definition.name);
    const { base, stride, length } = this.map;
    return new Uint8Array(this.memory.buffer, base, Math.ceil((stride * length) / 4096) * 4096);
  }
  ring(): NativeRing {
    if (this.map instanceof RingMap) return new ModelRing(this.map, this.machine.clock);
    throw mapError(-22, this.map.definition.name);
  }
  userRing(): NativeUserRing {
    if (this.map instanceof UserRingMap) return new ModelUserRing(this.map);
    throw mapError(-22, this.map.definition.name);
  }
  pin(): void {
    throw new BackendError('ERR_PIN', 95, 'a model has no file system to pin maps in');
  }
  unpin(): void {
    throw new BackendError('ERR_PIN', 2, 'a model has no file system to pin maps in');
  }
  freeze(): void {
    // Nobody else can write it.
  }
  close(): void {
    this.snapshot = undefined;
  }
}
