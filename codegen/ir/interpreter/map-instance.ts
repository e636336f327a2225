import { layoutOf } from '../layout.js';
import { MAP_KINDS } from '../map-kinds.js';
import type { MapIr } from '../module.js';
import { isAggregate, type CType } from '../types.js';
import { NotModelled, type Machine } from './machine.js';

const ENOENT = -2n;
const ENOMEM = -12n;
const E2BIG = -7n;
const EEXIST = -17n;
const EINVAL = -22n;
const NOEXIST = 1n;
const EXIST = 2n;

/** The entries of one map, or of one map that is in another. */
export class MapInstance {
  /** Values by their keys; of maps with one for each CPU by the CPU as well. */
  private readonly entries = new Map<string, { key: bigint; values: Map<number, bigint> }>();
  /** Of queues, stacks and filters: what was pushed. */
  private readonly items: Uint8Array[] = [];
  /** Of maps of maps: what is in them. */
  private readonly members: MapInstance[];

  constructor(
    private readonly m: Machine,
    readonly map: MapIr,
  ) {
    this.members = (map.members ?? []).map((of) => m.instance(of));
  }

  private get value(): CType {
    return this.map.value ?? { kind: 'void' };
  }
  private get valueSize(): number {
    return layoutOf(this.value).size;
  }
  private get most(): number {
    return this.map.perCpuSized ? this.m.cpus : Number(this.map.maxEntries);
  }
  private get isIndexed(): boolean {
    return MAP_KINDS[this.map.kind].key === 'index';
  }

  /** How a key is told from others: an integer as it is, an object by its bytes. */
  private nameOf(key: bigint): string {
    const { key: type } = this.map;
    if (!type || !isAggregate(type)) return String(key);
    return Buffer.from(this.m.memory.bytes(key, layoutOf(type).size)).toString('hex');
  }

  private keep(key: bigint): bigint {
    const { key: type } = this.map;
    if (!type || !isAggregate(type)) return key;
    const { size } = layoutOf(type);
    const at = this.m.memory.allocate(size);
    this.m.memory.copy(at, key, size);
    return at;
  }

  private make(key: bigint): { key: bigint; values: Map<number, bigint> } {
    const entry = { key: this.keep(key), values: new Map<number, bigint>() };
    this.entries.set(this.nameOf(key), entry);
    return entry;
  }

  private found(key: bigint): { key: bigint; values: Map<number, bigint> } | undefined {
    const known = this.entries.get(this.nameOf(key));
    if (known) return known;
    if (this.isIndexed) return key < BigInt(this.most) ? this.make(key) : undefined;
    return this.map.kind === 'lpmTrie' ? this.longestPrefix(key) : undefined;
  }

  private longestPrefix(key: bigint): { key: bigint; values: Map<number, bigint> } | undefined {
    const size = this.map.key ? layoutOf(this.map.key).size : 4;
    const bits = (of: bigint): string =>
      [...this.m.memory.bytes(of + 4n, size - 4)]
        .map((byte) => byte.toString(2).padStart(8, '0'))
        .join('');
    const length = (of: bigint): number => Number(this.m.memory.load(of, 4, false));
    return [...this.entries.values()]
      .filter((e) => length(e.key) <= length(key))
      .filter((e) => bits(key).startsWith(bits(e.key).slice(0, length(e.key))))
      .sort((a, b) => length(b.key) - length(a.key))[0];
  }

  private valueOn(values: Map<number, bigint>, cpu: number): bigint {
    const which = MAP_KINDS[this.map.kind].perCpu ? cpu : 0;
    const known = values.get(which);
    if (known !== undefined) return known;
    const made = this.m.memory.allocate(this.valueSize);
    values.set(which, made);
    return made;
  }

  /** The address of a value, or null; of a map of maps what stands for the map. */
  get(key: bigint): bigint {
    if (this.map.inner) {
      const found = key < BigInt(this.members.length) ? this.members[Number(key)] : undefined;
      if (this.map.kind === 'hashOfMaps') throw new NotModelled('what user space puts into a map');
      return found ? this.m.handleOf(found) : 0n;
    }
    const entry = this.found(key);
    return entry ? this.valueOn(entry.values, this.m.cpu) : 0n;
  }

  /** Of an arena: indices of entries that were freed, and how many have been handed out once. */
  private readonly freed: bigint[] = [];
  private used = 0;

  alloc(): bigint {
    const again = this.freed.shift();
    if (again !== undefined) return again;
    return this.used < this.most ? BigInt(this.used++) : ENOMEM;
  }
  free(index: bigint): bigint {
    if (index < 0n || index >= BigInt(this.most)) return EINVAL;
    this.freed.push(index);
    return 0n;
  }
  indexOf(address: bigint): bigint {
    const found = [...this.entries.values()].find((e) => [...e.values.values()].includes(address));
    return found?.key ?? -1n;
  }

  /** The value of the one entry, or of a key, on another CPU. */
  of(key: bigint, cpu: bigint): bigint {
    const entry = cpu < BigInt(this.m.cpus) ? this.found(key) : undefined;
    return entry ? this.valueOn(entry.values, Number(cpu)) : 0n;
  }

  set(key: bigint, value: bigint, flags: bigint): bigint {
    const { memory } = this.m;
    const isThere = this.isIndexed ? key < BigInt(this.most) : this.entries.has(this.nameOf(key));
    if (flags > EXIST) return EINVAL;
    if (this.isIndexed) {
      if (!isThere) return E2BIG;
      if (flags === NOEXIST) return EEXIST;
    } else {
      if (isThere && flags === NOEXIST) return EEXIST;
      if (!isThere && flags === EXIST) return ENOENT;
      if (!isThere && this.entries.size >= this.most) {
        if (this.map.kind.startsWith('lru')) throw new NotModelled('which entry a full map drops');
        return this.map.kind === 'lpmTrie' ? -28n : E2BIG;
      }
    }
    const entry = this.entries.get(this.nameOf(key)) ?? this.make(key);
    // A value that is replaced stays what it was for who still refers to it; those of arrays are written over.
    if (!this.isIndexed && !MAP_KINDS[this.map.kind].perCpu) entry.values.clear();
    memory.write(this.valueOn(entry.values, this.m.cpu), this.value, value);
    return 0n;
  }

  delete(key: bigint): bigint {
    return this.entries.delete(this.nameOf(key)) ? 0n : ENOENT;
  }

  add(key: bigint, amount: bigint): void {
    const at = this.get(key);
    if (at === 0n) return;
    this.m.memory.write(at, this.value, this.m.memory.read(at, this.value) + amount);
  }

  /** Calls with the key and the address of each value, until it is told to stop; gives how many there were. */
  each(call: (key: bigint, value: bigint) => boolean): bigint {
    const entries = this.isIndexed
      ? Array.from({ length: this.most }, (_, i) => this.found(BigInt(i))!)
      : [...this.entries.values()];
    let seen = 0n;
    for (const { key, values } of entries) {
      seen++;
      if (call(key, this.valueOn(values, this.m.cpu))) break;
    }
    return seen;
  }

  private bytesOf(value: bigint): Uint8Array {
    const at = isAggregate(this.value) ? value : this.m.memory.push(this.valueSize);
    if (at !== value) this.m.memory.write(at, this.value, value);
    return Uint8Array.from(this.m.memory.bytes(at, this.valueSize));
  }

  push(value: bigint, flags: bigint): bigint {
    if (this.map.kind !== 'bloomFilter' && this.items.length >= this.most) {
      if (flags !== EXIST) return E2BIG;
      this.items.shift();
    }
    this.items.push(this.bytesOf(value));
    return 0n;
  }

  /** Copies the next item to an address, and gives that; null where there is none. */
  take(to: bigint, keeps: boolean): bigint {
    const at = this.map.kind === 'stack' ? this.items.length - 1 : 0;
    const item = keeps ? this.items[at] : this.items.splice(at, 1)[0];
    const room = this.m.memory.bytes(to, this.valueSize);
    if (!item) {
      room.fill(0);
      return 0n;
    }
    room.set(item);
    return to;
  }

  has(value: bigint): bigint {
    const bytes = Buffer.from(this.bytesOf(value));
    return this.items.some((item) => bytes.equals(item)) ? 1n : 0n;
  }

  output(value: bigint): bigint {
    this.note(this.bytesOf(value));
    return 0n;
  }
  reserve(): bigint {
    return this.m.memory.allocate(this.valueSize);
  }
  submit(record: bigint): void {
    this.note(Uint8Array.from(this.m.memory.bytes(record, this.valueSize)));
  }

  private note(record: Uint8Array): void {
    const { records } = this.m;
    records.set(this.map, [...(records.get(this.map) ?? []), record]);
  }
}
