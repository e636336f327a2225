import { inspect } from 'node:util';
import type { NativeObject } from './addon.js';
import { native, ScxtsError } from './errors.js';
import {
  integerGetter,
  liveValue,
  readNumber,
  SharedMemory,
  viewOf,
  type Layout,
} from './layout/index.js';
import { allocate } from './memory.js';
import type { ObjectInfo, Variable } from './object.js';
import { writtenThrough, type WritePart } from './written-through.js';

/** Something like a variable, which has initial bytes in a map. */
interface Place {
  name: string;
  map: string;
  offset: number;
  layout: Layout;
}

/**
 * An object whose properties are initial values, elements and members of which can be set one by one; `check` throws
 * where they cannot be set any more.
 */
export function initialValues(object: NativeObject, places: Place[], check: () => void): object {
  const out = {};
  for (const { name, map, offset, layout } of places) {
    const write: WritePart = (part, at, value, path) => {
      check();
      // What the bytes hold that are not written: neighbours of bitfields.
      const before = part.partial
        ? native(() => object.readInitial(map, offset + at, part.size))
        : undefined;
      const bytes = before ? new Uint8Array(before) : allocate(part.size);
      part.write(viewOf(bytes), 0, value, path);
      native(() => object.writeInitial(map, offset + at, bytes));
    };
    Object.defineProperty(out, name, {
      // Names may come twice in an object that was tampered with; sealed or shared once all are there.
      configurable: true,
      enumerable: true,
      get: () => {
        const initial = native(() => object.readInitial(map, offset, layout.size));
        return initial
          ? writtenThrough(layout.read(viewOf(initial), 0), { layout, at: 0, path: name }, write)
          : undefined;
      },
      set: (value: unknown) => {
        write(layout, 0, value, name);
      },
    });
  }
  return Object.seal(out);
}

export function placesOf(info: ObjectInfo, variables: Variable[]): Place[] {
  return variables.flatMap((v) => {
    const layout = info.layout(v.typeId);
    return layout.size === v.size ? [{ name: v.tsName, map: v.map, offset: v.offset, layout }] : [];
  });
}

/** Config of a loaded object: the same values, unchangeable. */
export function frozenValues(object: NativeObject, places: Place[]): object {
  const out = {};
  for (const { name, map, offset, layout } of places) {
    const initial = native(() => object.readInitial(map, offset, layout.size));
    if (!initial) continue;
    const value = deepFrozen(layout.read(viewOf(initial), 0));
    Object.defineProperty(out, name, {
      configurable: true,
      enumerable: true,
      get: () => value,
      set: () => {
        throw unsealed(`'${name}' cannot be set any more`);
      },
    });
  }
  return Object.freeze(out);
}

function deepFrozen(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  Object.values(value).forEach(deepFrozen);
  return Object.freeze(value);
}

/** The data sections of a loaded object, mapped into memory once each. */
export class Sections {
  private readonly mapped = new Map<string, SharedMemory>();

  constructor(private readonly object: NativeObject) {}

  /** The section's own memory, which BPF uses too. It stays mapped as long as anyone holds it. */
  memory(map: string): SharedMemory {
    let memory = this.mapped.get(map);
    if (!memory) {
      const handle = native(() => this.object.map(map));
      try {
        memory = new SharedMemory(native(() => handle.mmap()));
      } finally {
        handle.close();
      }
      this.mapped.set(map, memory);
    }
    return memory;
  }
}

interface Shared {
  sections: Sections;
  places: Place[];
  /** Throws once the object is closed. */
  check: () => void;
}

function accessors(
  { sections, places, check }: Shared,
  make: (place: Place, memory: SharedMemory) => (() => unknown) | undefined,
  kind: 'values' | 'numbers' | 'views',
): object {
  // A class of its own: V8 gives objects that share a class the same hidden class for the same name, and falls back to a
  // dictionary, ten times slower, where their getters differ.
  const out = new (class Variables {
    /** What console.log() shows: values instead of getters. */
    [inspect.custom](): object {
      return { ...this };
    }
  })();
  for (const place of places) {
    const memory = sections.memory(place.map);
    const read = make(place, memory);
    if (!read) continue;
    Object.defineProperty(out, place.name, {
      configurable: true,
      enumerable: true,
      get:
        (kind !== 'views' &&
          integerGetter(place.layout, memory, place.offset, check, kind === 'numbers')) ||
        (() => {
          check();
          return read();
        }),
      set:
        kind !== 'views'
          ? (value: unknown) => {
              check();
              memory.write(place.layout, place.offset, value, place.name, check);
            }
          : undefined,
    });
  }
  return Object.seal(out);
}

/**
 * Accessors on the memory that BPF uses: reading and writing an integer costs a few nanoseconds. Structs and arrays are read
 * when they are asked for; what is set in them is written.
 */
export function sharedValues(shared: Shared): object {
  const make = (
    { layout, offset, name }: Place,
    memory: SharedMemory,
  ): (() => unknown) | undefined => {
    if (!layout.fields && !layout.element) return () => memory.read(layout, offset);
    const write: WritePart = (part, at, value, path) => {
      shared.check();
      memory.write(part, offset + at, value, path, shared.check);
    };
    return () => writtenThrough(memory.read(layout, offset), { layout, at: 0, path: name }, write);
  };
  return accessors(shared, make, 'values');
}

/** Integers as numbers, and structs whose integers are numbers. */
export function numberViews(shared: Shared): object {
  const make = (
    { layout, offset, name }: Place,
    memory: SharedMemory,
  ): (() => unknown) | undefined => {
    if (layout.range) return () => readNumber(layout, memory, offset);
    if (!layout.fields) return undefined;
    const view = liveValue(layout, { memory, at: offset, path: name, check: shared.check }, true);
    return () => view;
  };
  return accessors(shared, make, 'numbers');
}

/**
 * Variables where they lie: integers and arrays of them as typed arrays over the memory itself (a
 * scalar is one of length 1), structs and other arrays as objects whose members and elements are read when asked.
 */
export function liveViews(shared: Shared): object {
  const make = (
    { layout, offset, name }: Place,
    memory: SharedMemory,
  ): (() => unknown) | undefined => {
    const isWhole = layout.fields !== undefined || layout.element !== undefined;
    // A misaligned variable has no typed array.
    if (!isWhole && !(layout.typed && offset % layout.size === 0)) return undefined;
    const view = isWhole
      ? liveValue(layout, { memory, at: offset, path: name, check: shared.check })
      : memory.part(layout, offset);
    return () => view;
  };
  return accessors(shared, make, 'views');
}

export function unsealed(what: string): ScxtsError {
  return new ScxtsError('ERR_PHASE', `${what}; set this before load()`, {
    hint: 'config is constant once loaded; change globals or maps of the loaded scheduler',
  });
}
