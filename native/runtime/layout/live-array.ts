import { inspect } from 'node:util';
import { ScxtsError } from '../errors.js';
import type { Layout } from './layout.js';
import type { Place } from './live.js';

/** What would change the order or the number of elements: they lie where they lie. */
type Rearranging =
  'push' | 'pop' | 'shift' | 'unshift' | 'splice' | 'sort' | 'reverse' | 'copyWithin' | 'length';
const REARRANGING = new Set(['sort', 'reverse', 'copyWithin']);

/** An array where it lies: an element is what the memory holds when it is read, and goes there when it is set. Its length is fixed. */
export type LiveArray<E> = Omit<E[], Rearranging> & { readonly length: number };

/** The index that a property's name is; -1 for any other name. */
export function indexOf(key: string | symbol): number {
  return typeof key === 'string' && /^(0|[1-9]\d*)$/.test(key) ? Number(key) : -1;
}

function refuse(path: string, count: number, key: string | symbol): never {
  throw new ScxtsError(
    indexOf(key) >= 0 || key === 'length' ? 'ERR_RANGE' : 'ERR_VALUE',
    `${path} has elements 0 to ${count - 1} and nothing else that can be set, not ${String(key)}`,
  );
}

/** `make` gives the live value of an element from its place. */
export function liveArray(
  layout: Layout,
  place: Place,
  make: (element: Place) => unknown,
): unknown[] {
  const { layout: of, count } = layout.element!;
  const { memory, path, check, links } = place;
  const placeOf = (index: number): number => place.at + index * of.size;
  // Elements that are live themselves are kept: they hold a place, not a value.
  const isKept = of.fields !== undefined || of.element !== undefined || of.raw === true;
  const kept = new Map<number, unknown>();
  const element = (index: number): unknown => {
    const known = kept.get(index);
    if (known !== undefined) return known;
    const made = make({
      memory,
      check,
      at: placeOf(index),
      path: `${path}[${index}]`,
      ...(links ? { links } : {}),
    });
    if (isKept) kept.set(index, made);
    return made;
  };
  const isElement = (key: string | symbol): boolean => {
    const index = indexOf(key);
    return index >= 0 && index < count;
  };
  // It holds nothing but its length and what console.log and JSON show.
  const target: unknown[] = [];
  target.length = count;
  const copy = (): unknown => {
    check();
    return memory.read(layout, place.at);
  };
  for (const name of ['toJSON', inspect.custom])
    Object.defineProperty(target, name, { value: copy });
  return new Proxy(target, {
    get: (_, key) => {
      if (isElement(key)) {
        check();
        return element(Number(key));
      }
      if (typeof key === 'string' && REARRANGING.has(key))
        throw new ScxtsError('ERR_VALUE', `the elements of ${path} stay in their order`, {
          hint: `copy the array first: [...list].${key}()`,
        });
      return Reflect.get(target, key) as unknown;
    },
    set: (_, key, value) => {
      if (!isElement(key)) refuse(path, count, key);
      check();
      const index = Number(key);
      const address = of.pointer && links?.addressOf(value, of.pointer());
      memory.write(of, placeOf(index), address ?? value, `${path}[${index}]`, check);
      return true;
    },
    has: (_, key) => isElement(key) || Reflect.has(target, key),
    ownKeys: () => [
      ...Array.from({ length: count }, (_, i) => String(i)),
      ...Reflect.ownKeys(target),
    ],
    getOwnPropertyDescriptor: (_, key) => {
      if (!isElement(key)) return Reflect.getOwnPropertyDescriptor(target, key);
      check();
      return { value: element(Number(key)), writable: true, enumerable: true, configurable: true };
    },
    defineProperty: (_, key) => refuse(path, count, key),
    deleteProperty: (_, key) => {
      throw new ScxtsError('ERR_VALUE', `${path}[${String(key)}] cannot be deleted`);
    },
  });
}
