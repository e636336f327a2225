// Layouts made at random: structs in arrays in structs, arrays of arrays, at whatever offset C gives them.

export type Shape =
  | { kind: 'int'; bits: 8 | 16 | 32 | 64; signed: boolean }
  | { kind: 'bool' }
  | { kind: 'text'; room: number }
  | { kind: 'array'; of: Shape; count: number }
  | { kind: 'struct'; name: string; fields: [string, Shape][] };
export type Struct = Extract<Shape, { kind: 'struct' }>;

/** A step into a value: a member or an index. */
export type Step = string | number;

/** Numbers from 0 to 1 that come again for the same seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export class Layouts {
  readonly structs: Struct[] = [];
  constructor(private readonly next: () => number) {}

  below(n: number): number {
    return Math.floor(this.next() * n);
  }

  private leaf(): Shape {
    const which = this.below(8);
    if (which === 0) return { kind: 'bool' };
    if (which === 1) return { kind: 'text', room: 4 + this.below(9) };
    const bits = ([8, 16, 32, 64] as const)[this.below(4)]!;
    return { kind: 'int', bits, signed: this.below(2) === 0 };
  }

  private shape(depth: number): Shape {
    const which = depth === 0 ? 0 : this.below(4);
    if (which === 0) return this.leaf();
    if (which === 3) return this.struct(depth - 1);
    return { kind: 'array', of: this.shape(depth - 1), count: 1 + this.below(3) };
  }

  struct(depth: number): Struct {
    const fields = Array.from({ length: 2 + this.below(4) }, (_, i): [string, Shape] => [
      `f${i}`,
      this.shape(depth),
    ]);
    const made: Struct = { kind: 'struct', name: `S${this.structs.length}`, fields };
    this.structs.push(made);
    return made;
  }

  /** A way to a value of a shape, to its very end unless it may stop before. */
  path(shape: Shape): { path: Step[]; leaf: Shape } {
    const path: Step[] = [];
    let at = shape;
    while (at.kind === 'array' || at.kind === 'struct') {
      if (at.kind === 'array') {
        path.push(this.below(at.count));
        at = at.of;
      } else {
        const [name, of] = at.fields[this.below(at.fields.length)]!;
        path.push(name);
        at = of;
      }
    }
    return { path, leaf: at };
  }

  /** A value that a leaf can have; as a number it must be exact. */
  value(leaf: Shape, exact: boolean): bigint | boolean | string {
    if (leaf.kind === 'bool') return true;
    if (leaf.kind === 'text') return 'abcdefghijkl'.slice(0, 1 + this.below(leaf.room - 1));
    if (leaf.kind !== 'int') throw new Error('no leaf');
    const bits = exact ? Math.min(leaf.bits, 52) : leaf.bits;
    const raw = (BigInt(this.below(2 ** 32)) << 32n) | BigInt(this.below(2 ** 32));
    const value = leaf.signed ? BigInt.asIntN(bits, raw) : BigInt.asUintN(bits, raw);
    return value === 0n ? 1n : value;
  }
}

/** The shape in the language of the compiler. */
export function source(shape: Shape): string {
  switch (shape.kind) {
    case 'int':
      return `${shape.signed ? 's' : 'u'}${shape.bits}`;
    case 'bool':
      return 'bool';
    case 'text':
      return `CString<${shape.room}>`;
    case 'array':
      return `FixedArray<${source(shape.of)}, ${shape.count}>`;
    case 'struct':
      return shape.name;
  }
}

/** A value that is zero throughout, as userspace sees it. */
export function zero(shape: Shape): unknown {
  switch (shape.kind) {
    case 'int':
      return shape.bits === 64 ? 0n : 0;
    case 'bool':
      return false;
    case 'text':
      return '';
    case 'array':
      return Array.from({ length: shape.count }, () => zero(shape.of));
    case 'struct':
      return Object.fromEntries(shape.fields.map(([name, of]) => [name, zero(of)]));
  }
}

/** The same of plain objects, from a live value or a proxy: read member by member. */
export function plain(shape: Shape, value: unknown): unknown {
  if (shape.kind === 'array')
    return Array.from({ length: shape.count }, (_, i) =>
      plain(shape.of, (value as ArrayLike<unknown>)[i]),
    );
  if (shape.kind === 'struct')
    return Object.fromEntries(
      shape.fields.map(([name, of]) => [name, plain(of, (value as Record<string, unknown>)[name])]),
    );
  if (shape.kind === 'int' && shape.bits === 64) return BigInt(value as bigint);
  return value;
}

export function setIn(model: unknown, path: readonly Step[], leaf: Shape, value: unknown): void {
  let at = model as Record<Step, unknown>;
  for (const step of path.slice(0, -1)) at = at[step] as Record<Step, unknown>;
  at[path.at(-1)!] = leaf.kind === 'int' && leaf.bits !== 64 ? Number(value) : value;
}

/** `.f1[2]!.f0` */
export function expression(path: readonly Step[]): string {
  return path
    .map((step, i) => {
      const text = typeof step === 'number' ? `[${step}]` : `.${step}`;
      return typeof step === 'number' && i < path.length - 1 ? `${text}!` : text;
    })
    .join('');
}
