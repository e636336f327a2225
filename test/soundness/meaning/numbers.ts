import type { Random } from '../random.js';
import type { Scope } from './scope.js';

/** Random expressions that are numbers, with effects. All are of the language and of JavaScript, and never negative. */
export class Numbers {
  constructor(
    private readonly r: Random,
    private readonly scope: Scope,
  ) {}

  /** A number of any kind. */
  any(depth: number): string {
    const { r } = this;
    if (depth <= 0) return this.simple();
    switch (r.below(18)) {
      case 0:
        return `(${this.any(depth - 1)} + ${this.any(depth - 1)})`;
      case 1:
        return `(${this.any(depth - 1)} ${r.pick(['&', '|', '^'])} ${this.small()})`;
      case 2:
        return `(${this.any(depth - 1)} % ${r.between(2, 99)})`;
      case 3:
        return `(${this.condition(depth - 1)} ? ${this.any(depth - 1)} : ${this.any(depth - 1)})`;
      case 4:
        return `(${this.value(depth - 1)} ${r.pick(['&&', '||'])} ${this.any(depth - 1)})`;
      case 5:
        return `(${this.missing(depth - 1)} ?? ${this.any(depth - 1)})`;
      case 6:
        return `${r.pick(['tick()', 'up()', `up(${this.wide(depth - 1)})`])}`;
      case 7:
        return `wr(${this.scope.object(depth - 1)}, ${this.wide(depth - 1)})`;
      case 8:
        return `both(${this.scope.object(depth - 1)}, ${this.scope.object(depth - 1)})`;
      case 9:
        return `rd(${this.scope.optional(depth - 1)})`;
      case 10:
        return `Math.${r.pick(['min', 'max'])}(${this.any(depth - 1)}, ${this.small()})`;
      case 11: {
        const place = this.scope.place();
        return r.pick([
          `${place.text}++`,
          `(++${place.text})`,
          `(${place.text} += ${this.small()})`,
        ]);
      }
      case 12: {
        const place = this.scope.place();
        return `(${place.text} = ${place.to(this.any(depth - 1))})`;
      }
      case 13:
        return `keep(${r.pick(['h', 'h2'])}, ${this.narrow(0)}, ${this.scope.object(depth - 1)})`;
      case 14:
        return `last(${r.pick(['q', 'q2'])}, ${this.scope.object(depth - 1)}).${r.pick(['a', 'b'])}`;
      case 15:
        return `((${this.any(depth - 1)} + 1) << ${r.between(0, 3)})`;
      case 16:
        return `${this.scope.object(depth - 1)}.${r.pick(['a', 'b'])}`;
      default:
        return this.simple();
    }
  }

  /** One with a type of its own: no literal. */
  value(depth: number): string {
    const { r } = this;
    return depth > 0 && r.chance(30)
      ? `(${this.value(0)} + ${this.any(depth - 1)})`
      : this.scope.number();
  }

  simple(): string {
    const { r } = this;
    return r.chance(60) ? this.scope.number() : r.pick([this.small(), 'K', 'MANY', '(K + 1)']);
  }
  small(): string {
    return String(this.r.pick([0, 1, 2, 3, 5, 7, 9, 31, 51, 64]));
  }
  /** As a u64, as a u32. */
  wide(depth: number): string {
    return this.r.chance(40) ? this.small() : `u64(${this.any(depth)} % 100)`;
  }
  narrow(depth: number): string {
    return this.r.chance(40) ? String(this.r.below(8)) : `u32(${this.any(depth)} % 9)`;
  }
  /** An index, which may be out of range. */
  index(constants = 4): string {
    const { r } = this;
    return r.pick([
      String(r.below(constants)),
      this.scope.number(),
      `${this.scope.number()} % 5`,
      'c0++',
    ]);
  }

  /** A number that may be missing. */
  missing(depth: number): string {
    const { r } = this;
    const field = r.pick(['a', 'b']);
    return r.pick([
      `maybe(${this.wide(depth)})?.${field}`,
      `there(${this.wide(depth)})?.${field}`,
      `${r.pick(['h', 'h2'])}.get(${this.narrow(depth)})?.${field}`,
      `m.get(${this.narrow(depth)})?.${field}`,
      `sums.get(${this.narrow(depth)})?.value`,
      'q.pop()?.a',
      'stackOfNumbers.pop()',
    ]);
  }

  condition(depth: number): string {
    const { r } = this;
    const op = r.pick(['<', '<=', '>', '>=', '===', '!==']);
    switch (r.below(depth > 0 ? 8 : 2)) {
      case 0:
        return `${this.value(depth)} ${op} ${this.any(depth - 1)}`;
      case 1:
        return `${this.value(0)} ${op} ${r.pick([this.small(), this.small(), 'MANY', 'WIDE'])}`;
      case 2:
        return `!(${this.condition(depth - 1)})`;
      case 3:
      case 4:
        return `(${this.condition(depth - 1)} ${r.pick(['&&', '||'])} ${this.condition(depth - 1)})`;
      case 5:
        return `${this.chain()} ${r.pick(['===', '!=='])} ${this.chain()}`;
      case 6:
        return `${this.chain()} ${r.pick(['===', '!=='])} ${r.pick([this.any(depth - 1), 'undefined'])}`;
      default:
        return `${this.scope.object(depth - 1)} ${r.pick(['===', '!=='])} ${this.scope.object(0)}`;
    }
  }

  private chain(): string {
    const { r } = this;
    const field = r.pick(['a', 'b']);
    return r.pick([
      `maybe(${this.wide(0)})?.${field}`,
      `there(${this.wide(0)})?.${field}`,
      `h.get(${this.narrow(0)})?.${field}`,
      `m.get(${this.narrow(0)})?.${field}`,
    ]);
  }
}
