import { ScxtsError } from '../errors.js';
import { mismatch, show, type Field, type Layout } from './layout.js';

export function array(of: Layout, declared: number): Layout {
  const count = of.size === 0 ? 0 : declared;
  return {
    size: of.size * count,
    name: `${of.name}[${count}]`,
    element: { layout: of, count },
    weight: (of.weight ?? 1) * count,
    ...(of.typed ? { typed: of.typed } : {}),
    read: (view, at) => {
      const out: unknown[] = new Array(count);
      for (let i = 0; i < count; i++) out[i] = of.read(view, at + i * of.size);
      return out;
    },
    write: (view, at, value, path) => {
      const list = ArrayBuffer.isView(value) && !(value instanceof DataView);
      if (!list && !Array.isArray(value)) throw mismatch(path, `an array of ${count}`, value);
      const given = value as ArrayLike<unknown>;
      if (given.length !== count)
        throw mismatch(path, `an array of ${count} elements`, `one of ${show(given.length)}`);
      for (let i = 0; i < count; i++) of.write(view, at + i * of.size, given[i], `${path}[${i}]`);
    },
  };
}

/** Members that any struct may have; beyond that at most 16 for each of its bytes. */
const MAX_WEIGHT = 65_536;

type Reader = (view: DataView, at: number) => unknown;

/**
 * One function that builds the object as a literal: a few nanoseconds a field, against a hundred for a
 * loop over names. Names come from BTF, which anyone may have written: they go in as string literals.
 */
function compile(fields: readonly Field[]): Reader {
  const parts = fields.map((f, i) => {
    const at = f.offset === 0 ? 'at' : `at + ${f.offset}`;
    const value = f.layout.code?.(at) ?? `l[${i}].read(v, ${at})`;
    return `[${JSON.stringify(f.name)}]: ${value}`;
  });
  try {
    const make = new Function(
      'l',
      `'use strict'; return (v, at) => ({ ${parts.join(', ')} });`,
    ) as (l: Layout[]) => Reader;
    return make(fields.map((f) => f.layout));
  } catch {
    // node --disallow-code-generation-from-strings
    return (view, at) =>
      Object.fromEntries(fields.map((f) => [f.name, f.layout.read(view, at + f.offset)]));
  }
}

/** A struct or union. Every member must be given when writing, of a union at least one. */
export function struct(name: string, size: number, fields: readonly Field[]): Layout {
  const known = new Set(fields.map((f) => f.name));
  const weight = fields.reduce((sum, f) => sum + (f.layout.weight ?? 1), 0);
  // Unions in unions that share their types: 2^64 members in a few hundred bytes of a hostile object.
  if (weight > MAX_WEIGHT && weight > size * 16)
    throw new ScxtsError('ERR_BTF', `${name || 'a struct'} of the object has too many members`);
  const label = name || 'struct';
  let reader: Reader | undefined;
  return {
    size,
    name,
    fields,
    weight,
    read: (view, at) => {
      reader ??= compile(fields);
      return reader(view, at);
    },
    write: (view, at, value, path) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value))
        throw mismatch(path, `an object (${label})`, value);
      const given = value as Record<string, unknown>;
      for (const key of Object.keys(given)) {
        if (!known.has(key))
          throw new ScxtsError(
            'ERR_VALUE',
            `${label} has no field '${path ? `${path}.` : ''}${key}'; it has ${[...known].join(', ')}`,
          );
      }
      // Padding must be zero too: it is part of keys.
      new Uint8Array(view.buffer, view.byteOffset + at, size).fill(0);
      for (const f of fields) {
        const v = given[f.name];
        if (v !== undefined)
          f.layout.write(view, at + f.offset, v, path ? `${path}.${f.name}` : f.name);
        else if (!f.inUnion)
          throw new ScxtsError(
            'ERR_VALUE',
            `field '${path ? `${path}.` : ''}${f.name}' of ${label} is missing`,
          );
      }
    },
  };
}
