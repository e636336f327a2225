import { ScxtsError } from '../errors.js';

/** How values of one C type look in memory and in JavaScript. 64-bit integers are bigint. */
export interface Layout {
  /** Bytes. */
  readonly size: number;
  /** Name in the language: u8..s64, bool, the name of a struct. */
  readonly name: string;
  read(view: DataView, at: number): unknown;
  /** Throws ERR_VALUE, naming `path`, for what does not fit. */
  write(view: DataView, at: number, value: unknown, path: string): void;
  /** Least and greatest value, for integers. */
  readonly range?: [bigint, bigint];
  /** JavaScript that reads it from the DataView `v`, for decoders of structs; `at` is code too. */
  readonly code?: (at: string) => string;
  /** Typed array over values of this type, for integers of whole bytes and their arrays. */
  readonly typed?: TypedArrayClass;
  /** Bytes of which nothing is known. */
  readonly raw?: boolean;
  /** It does not own all bits of its bytes: a bitfield. */
  readonly partial?: boolean;
  /** Integers, strings... in it, counted once for each member of a union. */
  readonly weight?: number;
  /** Members of structs and unions. */
  readonly fields?: readonly Field[];
  /** Of a pointer: what is there. Only where memory has such links is it followed; elsewhere it is an integer. */
  readonly pointer?: () => Layout;
  /** Elements of an array. */
  readonly element?: { layout: Layout; count: number };
}

export interface Field {
  readonly name: string;
  /** Bytes from the start of the struct. */
  readonly offset: number;
  readonly layout: Layout;
  /** One of several that share their place: it need not be given. */
  readonly inUnion?: boolean;
}

export type TypedArray =
  | BigUint64Array
  | BigInt64Array
  | Uint32Array
  | Int32Array
  | Uint16Array
  | Int16Array
  | Uint8Array
  | Int8Array;
export type TypedArrayClass = new (
  buffer: ArrayBufferLike,
  byteOffset: number,
  length: number,
) => TypedArray;

export function mismatch(path: string, wanted: string, value: unknown): ScxtsError {
  return new ScxtsError('ERR_VALUE', `${path || 'value'} must be ${wanted}, not ${show(value)}`);
}

/** A value that somebody gave, for a message; whatever it is. */
export function show(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function' || typeof value === 'symbol') return typeof value;
  try {
    const text = JSON.stringify(value, (_key, v: unknown) =>
      typeof v === 'bigint' ? `${v}n` : v,
    ) as string | undefined;
    return text === undefined ? String(value) : text.length > 80 ? `${text.slice(0, 77)}...` : text;
  } catch {
    return 'an object';
  }
}

/** Stores the value at `at` if all of it fits its type, and nothing of it otherwise. */
export function writeWhole(
  view: DataView,
  layout: Layout,
  at: number,
  value: unknown,
  path: string,
): void {
  const target = new Uint8Array(view.buffer, view.byteOffset + at, layout.size);
  // A copy of what is there: neighbours of bitfields stay.
  const bytes = target.slice();
  layout.write(viewOf(bytes), 0, value, path);
  target.set(bytes);
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
