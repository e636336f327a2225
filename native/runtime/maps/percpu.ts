import type { Backend } from '../backend.js';
import { native, ScxtsError } from '../errors.js';
import { viewOf, type Layout } from '../layout/index.js';
import { allocate } from '../memory.js';
import { nrCpuIds, possibleCpus } from '../topology/index.js';
import { throughTo, writtenThrough, type WritePart } from '../written-through.js';
import { BpfMap, checkIndex, roundUp8, type MapParts } from './base.js';
import { KeyedMap } from './hash.js';

/**
 * Values of one entry, the place in the array being the CPU's number. The kernel keeps one after the other for the CPUs that there can
 * be: a number that none has takes no place there, and has nothing in the array.
 */
function readAll<V>(backend: Backend, read: (place: number) => unknown): V[] {
  const out = new Array<V>(nrCpuIds(backend));
  let place = 0;
  for (const cpu of possibleCpus(backend)) out[cpu] = read(place++) as V;
  return out;
}

/** Values as readAll() gives them, as the kernel takes them. */
function allValues(
  map: BpfMap,
  backend: Backend,
  layout: Layout,
  values: unknown,
  path: string,
): Uint8Array {
  const count = nrCpuIds(backend);
  if (!Array.isArray(values) || values.length !== count)
    throw new ScxtsError('ERR_VALUE', `${map.name} takes ${count} values, one for each CPU`);
  const cpus = [...possibleCpus(backend)];
  const stride = roundUp8(layout.size);
  const bytes = allocate(cpus.length * stride);
  const view = viewOf(bytes);
  cpus.forEach((cpu, place) => layout.write(view, place * stride, values[cpu], path));
  return bytes;
}

function sum(values: unknown[], name: string, field: string | undefined): bigint {
  let total = 0n;
  for (const whole of Object.values(values)) {
    const value = field === undefined ? whole : (whole as Record<string, unknown>)[field];
    if (typeof value !== 'bigint' && typeof value !== 'number')
      throw new ScxtsError(
        'ERR_VALUE',
        field === undefined
          ? `values of ${name} are not numbers: name the field to sum`
          : `values of ${name} have no number '${field}'`,
      );
    total += BigInt(value);
  }
  return total;
}

/** `percpuArray<V>`: each entry has a value on each possible CPU. */
export class PercpuArrayMap<V> extends BpfMap {
  protected readonly stride: number;

  constructor(parts: MapParts) {
    super(parts);
    this.stride = roundUp8(parts.info.valueSize);
  }

  /** The entry on each possible CPU, or undefined out of range. */
  get(index: number): V[] | undefined {
    this.check();
    if (!Number.isInteger(index) || index < 0 || index >= this.maxEntries || !this.find(index))
      return undefined;
    const { value } = this.scratch;
    return readAll<V>(this.backend, (place) => this.value.read(value, place * this.stride));
  }

  /** Sets the entry on every CPU: one value each, the place in the array being the CPU's number. */
  set(index: number, values: V[]): void {
    this.check();
    checkIndex(this, index);
    const bytes = allValues(this, this.backend, this.value, values, `${this.name}[${index}]`);
    this.putKey(index);
    this.putValue(values, bytes);
    native(() => this.handle.put(0));
  }

  /** Sum over the CPUs: of the values, or of one field of structs. */
  sum(index: number, field?: keyof V & string): bigint {
    return sum(this.get(index) ?? [], this.name, field);
  }
}

/** `percpu<V>()`: one value on each CPU. */
export class PercpuVar<V> extends PercpuArrayMap<V> {
  /** The value on each possible CPU. */
  all(): V[] {
    return this.get(0) ?? [];
  }
  /**
   * The value on one CPU, or undefined if there is no such CPU. What is set in it, at whatever depth, is stored: by storing all CPUs'
   * values as they are then, which undoes what BPF does to them in that moment.
   */
  of(cpu: number): V | undefined {
    const write: WritePart = (part, at, value, path) => this.writePart(cpu, part, at, value, path);
    const whole = { layout: this.value, at: 0, path: `${this.name}[CPU ${cpu}]` };
    return writtenThrough(this.all()[cpu], whole, write) as V | undefined;
  }

  private writePart(cpu: number, part: Layout, at: number, value: unknown, path: string): void {
    this.check();
    const bytes = new Uint8Array(part.size);
    // Neighbours of a bitfield, which is a plain number: nothing runs between this and the next look.
    if (part.partial) bytes.set(this.bytesOn(cpu, at, part.size));
    part.write(viewOf(bytes), 0, value, path);
    this.bytesOn(cpu, at, part.size).set(bytes);
    native(() => this.handle.put(0));
  }

  /** Bytes of a CPU's value, just read, where put() takes them from. */
  private bytesOn(cpu: number, at: number, size: number): Uint8Array {
    this.find(0);
    const { value } = this.scratch;
    const place = possibleCpus(this.backend).toArray().indexOf(cpu) * this.stride;
    return new Uint8Array(value.buffer, value.byteOffset + place + at, size);
  }
}

/** `percpuHash<K, V>` and `lruPercpuHash`. */
export class PercpuHashMap<K, V> extends KeyedMap<K, V[]> {
  protected readonly stride: number;

  constructor(parts: MapParts) {
    super(parts);
    this.stride = roundUp8(parts.info.valueSize);
  }

  protected readEntry(view: DataView, at: number): V[] {
    return readAll<V>(this.backend, (place) => this.value.read(view, at + place * this.stride));
  }

  protected liveEntry(view: DataView, at: number, path: string): V[] {
    return readAll<V>(this.backend, (place) =>
      throughTo(view, this.value, at + place * this.stride, path),
    );
  }

  protected override store(key: unknown, values: unknown, flags: number): void {
    const bytes = allValues(this, this.backend, this.value, values, '');
    this.putKey(key);
    this.putValue(values, bytes);
    native(() => this.handle.put(flags));
  }

  /** Sum over the CPUs: of the values, or of one field of structs. */
  sum(key: K, field?: keyof V & string): bigint {
    return sum(this.get(key) ?? [], this.name, field);
  }
}
