import type { NativeObject } from './addon.js';
import { native, ScxtsError } from './errors.js';
import { viewOf, type Layout, type TypedArray } from './layout/index.js';
import type { ObjectInfo, Variable } from './object.js';

/** Something like a variable, which has initial bytes in a map. */
interface Place {
  name: string;
  map: string;
  offset: number;
  layout: Layout;
}

/** An object whose properties are initial values; `check` throws where they cannot be set any more. */
export function initialValues(object: NativeObject, places: Place[], check: () => void): object {
  const out = {};
  for (const { name, map, offset, layout } of places) {
    Object.defineProperty(out, name, {
      enumerable: true,
      get: () => {
        const initial = native(() => object.readInitial(map));
        return initial && offset + layout.size <= initial.length
          ? layout.read(viewOf(initial), offset)
          : undefined;
      },
      set: (value: unknown) => {
        check();
        const bytes = new Uint8Array(layout.size);
        layout.write(viewOf(bytes), 0, value, name);
        native(() => object.writeInitial(map, offset, bytes));
      },
    });
  }
  return Object.seal(out);
}

export function placesOf(info: ObjectInfo, variables: Variable[]): Place[] {
  return variables.flatMap((v) => {
    const layout = info.layout(v.typeId);
    return layout.size === v.size ? [{ name: v.name, map: v.map, offset: v.offset, layout }] : [];
  });
}

/** Config of a loaded object: the same values, unchangeable. */
export function frozenValues(object: NativeObject, places: Place[]): object {
  const out: Record<string, unknown> = {};
  for (const { name, map, offset, layout } of places) {
    const initial = native(() => object.readInitial(map));
    if (initial) out[name] = layout.read(viewOf(initial), offset);
  }
  return Object.freeze(out);
}

/** The data sections of a loaded object, mapped into memory once each. */
export class Sections {
  private readonly mapped = new Map<string, DataView>();

  constructor(private readonly object: NativeObject) {}

  /** The section's own memory, which BPF uses too. It stays mapped as long as anyone holds it. */
  memory(map: string): DataView {
    let view = this.mapped.get(map);
    if (!view) {
      const handle = native(() => this.object.map(map));
      try {
        view = new DataView(native(() => handle.mmap()));
      } finally {
        handle.close();
      }
      this.mapped.set(map, view);
    }
    return view;
  }
}

/** Accessors on the memory that BPF uses: reading and writing cost a few nanoseconds. */
export function sharedValues(sections: Sections, places: Place[], check: () => void): object {
  const out = {};
  for (const { name, map, offset, layout } of places) {
    const view = sections.memory(map);
    Object.defineProperty(out, name, {
      enumerable: true,
      get: () => {
        check();
        return layout.read(view, offset);
      },
      set: (value: unknown) => {
        check();
        layout.write(view, offset, value, name);
      },
    });
  }
  return Object.seal(out);
}

/**
 * Integers as numbers. A 64-bit one is read in halves; the high half is read again until it is the
 * same, so that a value that grows past 2^32 meanwhile never comes out half old and half new.
 */
export function numberViews(sections: Sections, places: Place[], check: () => void): object {
  const out = {};
  for (const { name, map, offset, layout } of places) {
    if (!layout.range) continue;
    const view = sections.memory(map);
    const signed = layout.range[0] < 0n;
    const wide = (): number => {
      for (;;) {
        const high = signed ? view.getInt32(offset + 4, true) : view.getUint32(offset + 4, true);
        const low = view.getUint32(offset, true);
        if (view.getInt32(offset + 4, true) === (high | 0)) return high * 4294967296 + low;
      }
    };
    Object.defineProperty(out, name, {
      enumerable: true,
      get: () => {
        check();
        return layout.size === 8 ? wide() : layout.read(view, offset);
      },
      set: (value: unknown) => {
        check();
        layout.write(view, offset, value, name);
      },
    });
  }
  return Object.seal(out);
}

/** Integers and arrays of them as typed arrays over the memory itself; a scalar is one of length 1. */
export function typedViews(sections: Sections, places: Place[], check: () => void): object {
  const out = {};
  for (const { name, map, offset, layout } of places) {
    const { typed } = layout;
    const one = layout.element?.layout.size ?? layout.size;
    // Arrays of arrays have no one typed array; a misaligned variable has none either.
    if (!typed || layout.element?.layout.element || offset % one !== 0) continue;
    let made: TypedArray | undefined;
    Object.defineProperty(out, name, {
      enumerable: true,
      get: () => {
        check();
        made ??= new typed(sections.memory(map).buffer, offset, layout.size / one);
        return made;
      },
    });
  }
  return Object.freeze(out);
}

export function unsealed(what: string): ScxtsError {
  return new ScxtsError('ERR_PHASE', `${what}; set this before load()`, {
    hint: 'config is constant once loaded; change globals or maps of the loaded scheduler',
  });
}
