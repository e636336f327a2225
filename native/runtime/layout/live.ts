import { liveArray, type LiveArray } from './live-array.js';
import type { Layout, TypedArray } from './layout.js';
import type { SharedMemory } from './shared.js';

/** Typed arrays of integers of 64 bits. */
export type Wide = BigUint64Array | BigInt64Array;
/** Typed arrays of integers of at most 32 bits. */
export type Narrow = Exclude<TypedArray, Wide>;

/**
 * What is in one place, where it lies: structs and arrays are live, at every depth; arrays of integers are typed arrays over the
 * memory itself.
 */
export type LiveValue<V> = V extends bigint[]
  ? Wide
  : V extends number[]
    ? Narrow
    : V extends (infer E)[]
      ? LiveArray<LiveValue<E>>
      : V extends object
        ? Live<V>
        : V;

/** A struct where it lies: a member is what BPF's memory holds when it is read, and goes there when it is set. */
export type Live<V> = { [K in keyof V]: LiveValue<V[K]> };

/** The same with every integer as a number, also those of 64 bits: above 2^53 the last digits are lost. */
export type LiveNumber<V> = V extends number | bigint
  ? number
  : V extends bigint[]
    ? LiveArray<number>
    : V extends number[]
      ? Narrow
      : V extends (infer E)[]
        ? LiveArray<LiveNumber<E>>
        : V extends object
          ? LiveNumbers<V>
          : V;
export type LiveNumbers<V> = { [K in keyof V]: LiveNumber<V[K]> };

export interface Place {
  readonly memory: SharedMemory;
  /** Bytes from its start. */
  readonly at: number;
  /** For messages. */
  readonly path: string;
  /** Throws once the memory must not be used any more. */
  readonly check: () => void;
  /** Where pointers in this memory lead to places in it. */
  readonly links?: Links;
}

/** Pointers in memory that programs and user space share. */
export interface Links {
  /** What is at an address; null for none. */
  follow(pointer: bigint, target: Layout, path: string): Place | null;
  /** The address that is stored for what is given as a pointer; undefined for what is none. */
  addressOf(value: unknown, target: Layout): bigint | undefined;
}

/** What is behind the pointer at a place. */
function followed(of: Layout, links: Links, place: Place, asNumbers: boolean): unknown {
  const target = of.pointer!();
  const to = links.follow(place.memory.read(of, place.at) as bigint, target, place.path);
  return to && liveValue(target, to, asNumbers);
}

/** Where a live struct lies; undefined of anything else. */
export function placeOfLive(value: unknown): Place | undefined {
  return value instanceof LiveStruct ? LiveStruct.placeOf(value) : undefined;
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
 * What is in one place: a live object for a struct or an array, of integers a typed array; of anything else what it holds now.
 */
export function liveValue(layout: Layout, place: Place, asNumbers = false): unknown {
  const { memory, at } = place;
  if (layout.fields) return new (classOf(layout, asNumbers))(place);
  if (layout.pointer && place.links) return followed(layout, place.links, place, asNumbers);
  const of = layout.element?.layout;
  if (of) {
    const isTyped =
      of.typed &&
      !(of.pointer && place.links) &&
      !of.element &&
      at % of.size === 0 &&
      !(asNumbers && of.size === 8);
    return isTyped
      ? memory.part(layout, at)
      : liveArray(layout, place, (element) => liveValue(of, element, asNumbers));
  }
  if (layout.raw) return memory.rawPart(at, layout.size);
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
    const isWhole = of.fields !== undefined || of.element !== undefined || of.raw === true;
    Object.defineProperty(made.prototype, name, {
      // Names may come twice in an object that was tampered with; sealed or shared once all are there.
      configurable: true,
      enumerable: true,
      get(this: LiveStruct): unknown {
        const place = LiveStruct.placeOf(this);
        place.check();
        const at = place.at + offset;
        if (isWhole || (of.pointer && place.links))
          return liveValue(of, { ...place, at, path: `${place.path}.${name}` }, asNumbers);
        return asNumbers && of.range ? readNumber(of, place.memory, at) : place.memory.read(of, at);
      },
      set(this: LiveStruct, value: unknown) {
        const place = LiveStruct.placeOf(this);
        place.check();
        const path = `${place.path}.${name}`;
        const address = of.pointer && place.links?.addressOf(value, of.pointer());
        place.memory.write(of, place.at + offset, address ?? value, path, place.check);
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
