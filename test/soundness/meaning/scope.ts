import type { Random } from '../random.js';
import { Numbers } from './numbers.js';

/** A place of a number, and what makes a number one that may go there. */
export interface NumberPlace {
  text: string;
  to: (value: string) => string;
}

const wide = (value: string): string => `u64(${value} % 997)`;
const narrow = (value: string): string => `u32(${value} % 997)`;
/** Of a variable whose type nothing states. */
const inferred = (value: string): string => `${value} % 997`;

/** What is in scope at a place of a program, and expressions made of it. */
export class Scope {
  readonly n: Numbers;
  readonly counters: string[] = [];
  readonly numbers: { name: string; writable: boolean }[] = [];
  readonly objects: { name: string; writable: boolean }[] = [];
  readonly optionals: string[] = [];

  constructor(
    readonly r: Random,
    from?: Scope,
  ) {
    this.n = new Numbers(r, this);
    if (!from) return;
    this.counters.push(...from.counters);
    this.numbers.push(...from.numbers);
    this.objects.push(...from.objects);
    this.optionals.push(...from.optionals);
  }

  /** A number that something names. */
  number(): string {
    const { r } = this;
    const names = [...this.numbers.map((v) => v.name), ...this.counters];
    if (names.length > 0 && r.chance(40)) return r.pick(names);
    return r.pick([
      'one',
      'c0',
      'c1',
      `${this.known()}.${r.pick(['a', 'b'])}`,
      `nums[${r.below(8)}]`,
      `s[${r.below(4)}].a`,
      'y0.n',
      `y0.list[${r.below(3)}].b`,
      'y0.x.a',
      `y0.nums[${r.below(4)}]`,
    ]);
  }

  /** A place of a number that can be written. */
  place(): NumberPlace {
    const { r } = this;
    const lets = this.numbers.filter((v) => v.writable);
    if (lets.length > 0 && r.chance(30)) return { text: r.pick(lets).name, to: inferred };
    return r.pick([
      { text: 'c0', to: narrow },
      { text: 'c1', to: wide },
      { text: `${this.known()}.a`, to: wide },
      { text: `${this.known()}.b`, to: narrow },
      { text: `nums[${this.n.index()}]`, to: narrow },
      { text: `s[${this.n.index()}].a`, to: wide },
      { text: `y0.list[${this.n.index(3)}].b`, to: narrow },
      { text: `y0.nums[${this.n.index()}]`, to: narrow },
      { text: 'y0.x.b', to: narrow },
      { text: 'y0.n', to: narrow },
    ]);
  }

  /** An object that has a name. Those that are written over as a whole, `d0`, `s[i]`, `y0.x`, are not among them. */
  known(): string {
    return this.r.pick(['g0', 'g1', ...this.objects.map((v) => v.name)]);
  }

  object(depth: number): string {
    const { r } = this;
    if (depth <= 0) return this.known();
    switch (r.below(10)) {
      case 0:
        return `mk(${this.n.wide(depth - 1)})`;
      case 1:
        return `id(${this.object(depth - 1)})`;
      case 2:
        return `cur(${this.n.wide(depth - 1)})`;
      case 3:
        return `pick(${this.n.wide(depth - 1)}, ${this.object(depth - 1)}, ${this.object(depth - 1)})`;
      case 4:
        return `(${this.optional(depth - 1)} ?? ${this.object(depth - 1)})`;
      case 5:
        return `(${this.n.condition(depth - 1)} ? ${this.object(depth - 1)} : ${this.object(depth - 1)})`;
      case 6:
        return `last(q2, ${this.object(depth - 1)})`;
      default:
        return this.known();
    }
  }

  optional(depth: number): string {
    const { r } = this;
    if (this.optionals.length > 0 && r.chance(30)) return r.pick(this.optionals);
    return r.pick([
      `maybe(${this.n.wide(depth)})`,
      `there(${this.n.wide(depth)})`,
      `m.get(${this.n.narrow(depth)})`,
      `h.get(${this.n.narrow(depth)})`,
      'q.pop()',
    ]);
  }
}
