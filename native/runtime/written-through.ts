import { ScxtsError } from './errors.js';
import { indexOf, writeWhole, type Layout } from './layout/index.js';

/** Writes a value of `layout`, `at` bytes into the variable; `path` is for messages. */
export type WritePart = (layout: Layout, at: number, value: unknown, path: string) => void;

interface Part {
  layout: Layout;
  /** Bytes from the start of the variable. */
  at: number;
  path: string;
}

function partOf({ layout, at, path }: Part, key: string | symbol): Part | undefined {
  if (typeof key === 'symbol') return undefined;
  const { element, fields } = layout;
  if (element) {
    const index = indexOf(key);
    return index >= 0 && index < element.count
      ? { layout: element.layout, at: at + index * element.layout.size, path: `${path}[${key}]` }
      : undefined;
  }
  const field = fields?.find((f) => f.name === key);
  return field && { layout: field.layout, at: at + field.offset, path: `${path}.${key}` };
}

function noSuchPart({ layout, path }: Part, key: string | symbol): ScxtsError {
  const { element, fields } = layout;
  return element
    ? new ScxtsError(
        'ERR_RANGE',
        `${path} has elements 0 to ${element.count - 1}, not ${String(key)}`,
      )
    : new ScxtsError(
        'ERR_VALUE',
        `${path} has no field '${String(key)}'; it has ${(fields ?? []).map((f) => f.name).join(', ')}`,
      );
}

/** What lies at `at` in memory of the process's own, written through to it at every depth. */
export function throughTo(view: DataView, layout: Layout, at: number, path: string): unknown {
  return writtenThrough(
    layout.read(view, at),
    { layout, at: 0, path },
    (part, offset, value, name) => writeWhole(view, part, at + offset, value, name),
  );
}

/**
 * `value`, read from an array or struct, whose elements and members can be set one by one: what is set is written where it was
 * read from, and nothing else is. What is no value of the C type is refused, and leaves the old one.
 */
export function writtenThrough(value: unknown, whole: Part, write: WritePart): unknown {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  return new Proxy(value, {
    get: (target, key) => {
      const inner: unknown = Reflect.get(target, key);
      const part = partOf(whole, key);
      return part ? writtenThrough(inner, part, write) : inner;
    },
    set: (target, key, given) => {
      const part = partOf(whole, key);
      if (!part) throw noSuchPart(whole, key);
      write(part.layout, part.at, given, part.path);
      return Reflect.set(target, key, given);
    },
    deleteProperty: (_target, key) => {
      throw new ScxtsError('ERR_VALUE', `${whole.path}.${String(key)} cannot be deleted`);
    },
  });
}
