/** What a generated program declares at module level, and what is in scope at a place in it. */
export const INTS = ['u8', 'u16', 'u32', 'u64', 's8', 's16', 's32', 's64'] as const;
export type Int = (typeof INTS)[number];

export type Shape =
  | { kind: 'int'; int: Int }
  | { kind: 'bool' }
  | { kind: 'struct'; struct: Struct }
  | { kind: 'array'; of: Shape; length: number };

export interface Struct {
  name: string;
  fields: { name: string; shape: Shape }[];
  bytes: number;
}

export interface MapDecl {
  name: string;
  kind: string;
  key?: Int | Struct;
  value: Int | Struct;
  entries: number;
}

export interface Fn {
  name: string;
  params: Int[];
  struct?: Struct;
  returns: Int;
}

/** Where code runs, as far as it decides what may be called. */
export interface Context {
  name: string;
  /**
   * `unlocked` for sleepable callbacks, timers and syscall programs; `general` for what has all but sched_ext's
   * own functions.
   */
  allows: 'any' | 'select_cpu' | 'enqueue' | 'dispatch' | 'unlocked' | 'tracing' | 'general';
  sleepable: boolean;
  /** A function's: it may be called in any context. */
  anywhere?: boolean;
  /** How to leave early; undefined in the body of a callback. */
  leave: (expr: () => string) => string;
}

export interface Names {
  ints: { name: string; int: Int; writable: boolean }[];
  bools: { name: string; writable: boolean }[];
  /** Places of a known shape, reached without a test. */
  places: { name: string; shape: Shape; writable: boolean }[];
  tasks: string[];
}

export interface Module {
  /** How many times as long bodies are as by default. */
  size: number;
  structs: Struct[];
  maps: MapDecl[];
  functions: Fn[];
  counters: string[];
  timers: string[];
  kptrs: string[];
  tables: { name: string; length: number }[];
  dsqs: string[];
  /** Names in FEATURES. */
  features: string[];
  globals: Names;
}

export function shapeText(shape: Shape): string {
  switch (shape.kind) {
    case 'int':
      return shape.int;
    case 'bool':
      return 'bool';
    case 'struct':
      return shape.struct.name;
    case 'array':
      return `FixedArray<${shapeText(shape.of)}, ${shape.length}>`;
  }
}

export function bytesOf(shape: Shape): number {
  switch (shape.kind) {
    case 'int':
      return Number(shape.int.slice(1)) / 8;
    case 'bool':
      return 1;
    case 'struct':
      return shape.struct.bytes;
    case 'array':
      return bytesOf(shape.of) * shape.length;
  }
}
