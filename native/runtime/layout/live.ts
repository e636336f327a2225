import type { Layout, TypedArray } from './layout.js';
import type { SharedMemory } from './shared.js';

/**
 * A struct where it lies: what BPF's memory holds whenever a field is read. Fields of struct type are
 * live too, arrays of integers are typed arrays over the memory, arrays of others are read when asked.
 */
export type Live<V> = {
  [K in keyof V]: V[K] extends bigint[]
    ? BigUint64Array | BigInt64Array
    : V[K] extends number[]
      ? Exclude<TypedArray, BigUint64Array | BigInt64Array>
      : V[K] extends (infer E)[]
        ? V[K] | readonly Live<E>[]
        : V[K] extends object
          ? Live<V[K]>
          : V[K];
};

/** The same with every integer as a number, also those of 64 bits: above 2^53 the last digits are lost. */
export type LiveNumbers<V> = {
  [K in keyof V]: V[K] extends number | bigint
    ? number
    : V[K] extends bigint[] | number[]
      ? TypedArray
      : V[K] extends object
        ? LiveNumbers<V[K]>
        : V[K];
};

interface Place {
  readonly memory: SharedMemory;
  /** Bytes from its start. */
  readonly at: number;
  /** For messages. */
  readonly path: string;
  /** Throws once the memory must not be used any more. */
  readonly check: () => void;
}

abstract class LiveStruct {
  /** What it is a view of; not a field. */
  readonly #place: Place;
  constructor(place: Place) {
    this.#place = place;
  }
  static placeOf(live: LiveStruct): Place {
    return live.#place;
  }
}
type LiveClass = new (place: Place) => LiveStruct;

const classes = {
  values: new WeakMap<Layout, LiveClass>(),
  numbers: new WeakMap<Layout, LiveClass>(),
};

/** An integer as a number. */
export function readNumber(layout: Layout, memory: SharedMemory, at: number): number {
  return layout.size === 8 && !layout.partial && at % 4 === 0
    ? memory.wide(at, layout.range![0] < 0n)
    : Number(memory.read(layout, at));
}

/**
 * What is in one place: a live object for a struct, a typed array for integers, of anything else what it
 * holds now.
 */
export function liveValue(layout: Layout, place: Place, asNumbers = false): unknown {
  const { memory, at, path } = place;
  if (layout.fields) return new (classOf(layout, asNumbers))(place);
  const of = layout.element?.layout;
  if (of?.typed && !of.element && at % of.size === 0) return memory.part(layout, at);
  if (of?.fields)
    return Array.from({ length: layout.element!.count }, (_, i) =>
      liveValue(of, { ...place, at: at + i * of.size, path: `${path}[${i}]` }, asNumbers),
    );
  return asNumbers && layout.range ? readNumber(layout, memory, at) : memory.read(layout, at);
}

function classOf(layout: Layout, asNumbers: boolean): LiveClass {
  const known = asNumbers ? classes.numbers : classes.values;
  let made = known.get(layout);
  if (!made) {
    made = makeClass(layout, asNumbers);
    known.set(layout, made);
  }
  return made;
}

/** Accessors on a prototype, so that making a view of a struct costs one small object. */
function makeClass(layout: Layout, asNumbers: boolean): LiveClass {
  const made = class extends LiveStruct {};
  for (const { name, offset, layout: of } of layout.fields ?? []) {
    const isWhole = of.fields !== undefined || of.element !== undefined;
    Object.defineProperty(made.prototype, name, {
      // Names may come twice in an object that was tampered with; sealed or shared once all are there.
      configurable: true,
      enumerable: true,
      get(this: LiveStruct): unknown {
        const place = LiveStruct.placeOf(this);
        place.check();
        const at = place.at + offset;
        if (isWhole)
          return liveValue(of, { ...place, at, path: `${place.path}.${name}` }, asNumbers);
        return asNumbers && of.range ? readNumber(of, place.memory, at) : place.memory.read(of, at);
      },
      set(this: LiveStruct, value: unknown) {
        const place = LiveStruct.placeOf(this);
        place.check();
        place.memory.write(of, place.at + offset, value, `${place.path}.${name}`);
      },
    });
  }
  // For JSON and console.log: what it holds now.
  const copy = function (this: LiveStruct): unknown {
    const place = LiveStruct.placeOf(this);
    place.check();
    return place.memory.read(layout, place.at);
  };
  for (const name of ['toJSON', Symbol.for('nodejs.util.inspect.custom')])
    if (!(name in made.prototype)) Object.defineProperty(made.prototype, name, { value: copy });
  return made;
}
