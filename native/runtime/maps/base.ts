import type { MapInfo, NativeMap } from '../addon.js';
import { machine, type Backend } from '../backend.js';
import { native, ScxtsError } from '../errors.js';
import { bytes, integer, show, viewOf, type Layout } from '../layout/index.js';
import { allocate } from '../memory.js';

/** What a map is made of: the kernel's map, and what its keys, values or records look like. */
export interface MapParts {
  /** As the program names it; the kernel cuts names to 15 characters. */
  name: string;
  handle: NativeMap;
  info: MapInfo;
  key?: Layout | undefined;
  value?: Layout | undefined;
  /** Ring buffers. */
  record?: Layout | undefined;
  /** Ring buffers: how many records BPF had no room for, if the object counts them. */
  dropped?: (() => bigint) | undefined;
  /** What inner maps hold, of a map of maps. */
  inner?: { key?: Layout; value?: Layout } | undefined;
  /** Other maps of the same object, to name inner maps by. */
  siblings?: () => Iterable<BpfMap>;
  /** The kernel that it is in; by default this machine's. */
  backend?: Backend;
}

/** Flags of update: store in any case, only a new key, only a key that is there. */
export const BPF_ANY = 0;
export const BPF_NOEXIST = 1;
export const BPF_EXIST = 2;

function fitting(layout: Layout | undefined, size: number): Layout {
  if (layout && layout.size === size) return layout;
  return !layout && (size === 4 || size === 8) ? integer(size, false) : bytes(size);
}

/** What all maps have. A closed map throws ERR_CLOSED. */
export class BpfMap {
  readonly name: string;
  readonly maxEntries: number;
  protected readonly backend: Backend;
  protected readonly handle: NativeMap;
  protected readonly definition: MapInfo;
  protected readonly key: Layout;
  protected readonly value: Layout;
  private scratchViews: { key: DataView; value: DataView } | undefined;
  private closed = false;

  constructor(parts: MapParts) {
    this.name = parts.name;
    this.backend = parts.backend ?? machine;
    this.handle = parts.handle;
    this.definition = parts.info;
    this.maxEntries = parts.info.maxEntries;
    this.key = fitting(parts.key, parts.info.keySize);
    this.value = fitting(parts.value, parts.info.valueSize);
  }

  /** What the kernel says of the map (struct bpf_map_info). */
  info(): MapInfo {
    return native(() => this.handle.info());
  }

  /** Pins the map in a BPF file system, where it outlives the process. */
  pin(path: string): void {
    this.check();
    native(() => this.handle.pin(path));
  }

  /** Removes a pin of this map. ERR_PIN for whatever else is there: nothing is removed then. */
  unpin(path: string): void {
    this.check();
    native(() => this.handle.unpin(path));
  }

  /** From here on user space cannot change the map. */
  freeze(): void {
    this.check();
    native(() => this.handle.freeze());
  }

  /** What keys and values look like, for another handle on a map of the same kind. @internal */
  get layouts(): { key: Layout; value: Layout } {
    return { key: this.key, value: this.value };
  }

  /** The map in the kernel, for the runtime itself. @internal */
  get native(): NativeMap {
    this.check();
    return this.handle;
  }

  /** Closes the descriptor. The map lives on while a program or another descriptor uses it. */
  close(): void {
    this.closed = true;
    this.scratchViews = undefined;
    this.handle.close();
  }

  protected check(): void {
    if (this.closed)
      throw new ScxtsError('ERR_CLOSED', `map '${this.name}' is closed with its object`);
  }

  /** Memory that single-entry calls take the key from and read or write the value in. */
  protected get scratch(): { key: DataView; value: DataView } {
    if (!this.scratchViews) {
      this.check();
      const buffer = native(() => this.handle.scratch());
      const { keySize, valueOffset, userValueSize } = this.definition;
      this.scratchViews = {
        key: new DataView(buffer, 0, keySize),
        value: new DataView(buffer, valueOffset, userValueSize),
      };
    }
    return this.scratchViews;
  }

  /**
   * A value in memory of its own, where writing it can run code of the caller (getters, proxies): that may use the scratch memory for
   * other calls, or close the map. Undefined for what is written without such.
   */
  protected encoded(layout: Layout, value: unknown, path: string): Uint8Array | undefined {
    if (!layout.fields && !layout.element) return undefined;
    const bytes = allocate(layout.size);
    layout.write(viewOf(bytes), 0, value, path);
    return bytes;
  }

  protected putKey(key: unknown): void {
    const path = `${this.name} key`;
    const bytes = this.encoded(this.key, key, path);
    if (bytes) bytesOf(this.scratch.key).set(bytes);
    else this.key.write(this.scratch.key, 0, key, path);
  }

  protected putValue(value: unknown, bytes = this.encoded(this.value, value, '')): void {
    if (bytes) bytesOf(this.scratch.value).set(bytes);
    else this.value.write(this.scratch.value, 0, value, '');
  }

  protected readValue(): unknown {
    return this.value.read(this.scratch.value, 0);
  }

  protected find(key: unknown): boolean {
    this.putKey(key);
    return native(() => this.handle.get());
  }

  protected store(key: unknown, value: unknown, flags: number): void {
    // Before the key is where other calls would overwrite it.
    const bytes = this.encoded(this.value, value, '');
    this.putKey(key);
    this.putValue(value, bytes);
    native(() => this.handle.put(flags));
  }

  protected remove(key: unknown): boolean {
    this.putKey(key);
    return native(() => this.handle.remove());
  }
}

export function bytesOf(view: DataView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

/** Whether this is no index of the map. */
export function checkIndex(map: BpfMap, index: number): void {
  if (!Number.isInteger(index) || index < 0 || index >= map.maxEntries)
    throw new ScxtsError(
      'ERR_RANGE',
      `${map.name} has entries 0 to ${map.maxEntries - 1}, not ${show(index)}`,
    );
}

export function roundUp8(size: number): number {
  return Math.ceil(size / 8) * 8;
}
