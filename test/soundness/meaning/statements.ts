import type { Random } from '../random.js';
import { Scope } from './scope.js';

/** What statements of one program share. */
export interface Budget {
  serial: number;
  loops: number;
}

/** Writes the statements of one program. `copied(...)` stands around what is stored into a place as a whole. */
export class Statements {
  readonly lines: string[] = [];
  readonly scope: Scope;

  constructor(
    private readonly r: Random,
    private readonly budget: Budget,
    from?: Scope,
    private readonly depth = 0,
    /** Labels of loops around, innermost last; null for a loop without one. */
    private readonly loops: (string | null)[] = [],
    /** In a callback, jumps and returns are its own. */
    private readonly callback = false,
  ) {
    this.scope = new Scope(r, from);
  }

  private fresh(stem: string): string {
    return `${stem}${this.budget.serial++}`;
  }

  /** Statements in a block of their own. */
  private inner(
    count: number,
    options: { loop?: string | null; callback?: boolean } = {},
    before?: (inner: Statements) => void,
  ): string[] {
    const loops = options.loop === undefined ? this.loops : [...this.loops, options.loop];
    const callback = options.callback ?? this.callback;
    const inside = new Statements(
      this.r,
      this.budget,
      this.scope,
      this.depth + 1,
      options.callback ? [] : loops,
      callback,
    );
    before?.(inside);
    inside.write(count);
    return inside.lines.map((l) => `  ${l}`);
  }

  write(count: number): void {
    for (let i = 0; i < count; i++) this.one();
  }

  private one(): void {
    const { r } = this;
    const kind = r.below(this.depth < 3 ? 24 : 14);
    if (kind < 2) return this.object();
    if (kind < 4) return this.number();
    if (kind < 6) return this.rename();
    if (kind < 7) return this.store();
    if (kind < 10) return this.change();
    if (kind < 11) return this.logical();
    if (kind < 14) return this.call();
    if (kind < 17) return this.choice();
    if (kind < 19) return this.cases();
    if (kind < 22) return this.loop();
    if (kind < 23) return this.each();
    return this.jump();
  }

  private object(): void {
    const { r, scope } = this;
    if (this.budget.serial > 14) return this.change();
    const isLet = r.chance(60);
    const word = isLet ? 'let' : 'const';
    if (r.chance(25)) {
      const name = this.fresh('p');
      this.lines.push(`${word} ${name}: X | null = ${scope.optional(1)};`);
      scope.optionals.push(name);
      return;
    }
    const literal = `{ a: ${scope.n.wide(1)}, b: ${scope.n.narrow(1)} }`;
    const backwards = `{ b: ${scope.n.narrow(1)}, a: ${scope.n.wide(1)} }`;
    const value = r.chance(50) ? r.pick([literal, backwards]) : scope.object(2);
    const name = this.fresh('o');
    this.lines.push(`${word} ${name}: X = ${value};`);
    scope.objects.push({ name, writable: isLet });
  }

  private number(): void {
    const { r, scope } = this;
    const isLet = r.chance(70);
    const name = this.fresh('n');
    // Without a type: what is assigned to it decides.
    const value = isLet && r.chance(40) ? '0' : `${scope.n.any(2)} % 997`;
    this.lines.push(`${isLet ? 'let' : 'const'} ${name} = ${value};`);
    if (isLet || value !== '0') scope.numbers.push({ name, writable: isLet });
  }

  private rename(): void {
    const { r, scope } = this;
    const lets = scope.objects.filter((v) => v.writable).map((v) => v.name);
    if (lets.length > 1 && r.chance(40)) {
      const [x, y] = [r.pick(lets), r.pick(lets)];
      const t = this.fresh('t');
      return void this.lines.push(`{ const ${t} = ${x}; ${x} = ${y}; ${y} = ${t}; }`);
    }
    if (lets.length > 0) return void this.lines.push(`${r.pick(lets)} = ${scope.object(2)};`);
    this.change();
  }

  private store(): void {
    const { r, scope } = this;
    const place = r.pick(['d0', `s[${scope.n.index()}]`, 'y0.x', `y0.list[${scope.n.index(3)}]`]);
    const value = r.chance(40)
      ? `{ b: ${scope.n.narrow(1)}, a: ${scope.n.wide(1)} }`
      : scope.object(1);
    this.lines.push(`${place} = copied(${value});`);
  }

  private change(): void {
    const { r, scope } = this;
    const { text, to } = scope.place();
    const n = scope.n;
    switch (r.below(6)) {
      case 0:
        return void this.lines.push(`${text}${r.pick(['++;', ' += 2;', ' |= 1;', ' ^= 3;'])}`);
      case 1: {
        const op = r.pick(['+=', '|=', '^=', '&=']);
        return void this.lines.push(`${text} ${op} ${to(n.any(2))};`);
      }
      case 2:
        return void this.lines.push(`${text} ${r.pick(['%= 97;', '>>= 1;', '&= 255;'])}`);
      default:
        return void this.lines.push(`${text} = ${to(n.any(3))};`);
    }
  }

  private logical(): void {
    const { r, scope } = this;
    if (scope.optionals.length > 0 && r.chance(0)) return;
    const { text, to } = scope.place();
    this.lines.push(`${text} ${r.pick(['||=', '&&='])} ${to(scope.n.any(2))};`);
  }

  private call(): void {
    const { r, scope } = this;
    const { n } = scope;
    const o = (): string => scope.object(1);
    this.lines.push(
      r.pick([
        `wr(${o()}, ${n.wide(1)});`,
        `${scope.known()}.a += both(${o()}, ${o()}) % 97;`,
        `h.set(${n.narrow(1)} % 6, ${o()});`,
        `m.set(${n.narrow(1)}, ${o()});`,
        `sums.set(${n.narrow(1)} % 6, ${n.wide(2)});`,
        `sums.add(${n.narrow(0)}, ${n.wide(1)});`,
        `q.push(${o()});`,
        `q.push({ a: ${n.wide(1)}, b: 1 });`,
        `stackOfNumbers.push(${n.narrow(2)});`,
        `add(${r.pick(['items, lock', 'items2, lock2'])}, ${n.wide(1)});`,
        `c1 += first(${r.pick(['items, lock', 'items2, lock2'])});`,
        `sorted(${n.wide(1)});`,
        'c1 += least() % 100;',
        `copyString(text[${r.below(2)}], ${r.pick(["'abc'", "'a\\x01\"%s'", "'??/'", "''"])});`,
        `c1 += ${r.pick(['streq', 'startsWith', 'endsWith'])}(text[0], ${r.pick(['text[1]', "'abc'", "'c'"])}) ? 1 : 2;`,
        `hits.add(${n.wide(1)});`,
        'up();',
        `tick();`,
      ]),
    );
  }

  private choice(): void {
    const { r, scope } = this;
    this.lines.push(`if (${scope.n.condition(2)}) {`, ...this.inner(r.between(1, 3)));
    if (r.chance(40)) this.lines.push('} else {', ...this.inner(r.between(1, 2)));
    this.lines.push('}');
  }

  private cases(): void {
    const { r, scope } = this;
    const labels = [0, 1, 2, 3, 5].filter(() => r.chance(60));
    const other = r.chance(70) ? r.below(labels.length + 1) : -1;
    const written: string[] = [];
    const body = (): string[] => this.inner(r.between(1, 2));
    for (let i = 0; i <= labels.length; i++) {
      if (i === other)
        written.push('default: {', ...body(), '}', ...(r.chance(80) ? ['break;'] : []));
      if (i === labels.length) break;
      const label = `case ${r.chance(80) ? labels[i] : `${labels[i]} + 0`}:`;
      // Without a body of its own, with one that ends, or with one that goes on to the next.
      if (r.chance(25)) written.push(label);
      else written.push(`${label} {`, ...body(), '}', ...(r.chance(70) ? ['break;'] : []));
    }
    if (written.length === 0) return this.change();
    this.lines.push(`switch (${scope.n.any(1)} % 6) {`, ...written, '}');
  }

  private loop(): void {
    const { r, scope } = this;
    if (this.budget.loops-- <= 0) return this.change();
    const label = r.chance(30) ? this.fresh('l') : null;
    const head = label ? `${label}: ` : '';
    const i = this.fresh('i');
    const counts = (inner: Statements): void => void inner.scope.counters.push(i);
    const body = (before?: (inner: Statements) => void): string[] =>
      this.inner(r.between(1, 3), { loop: label }, before);
    const end = r.pick(['2', '3', '5', `${scope.number()} % 5`, `u64(${scope.n.any(1)} % 4)`]);
    switch (r.below(7)) {
      case 0:
        return void this.lines.push(
          `${head}for (const ${i} of range(${end})) {`,
          ...body(counts),
          '}',
        );
      case 1:
        return void this.lines.push(
          `${head}for (let ${i} = 0; ${i} < ${r.between(1, 5)}; ${i} += ${r.between(1, 2)}) {`,
          ...body(counts),
          '}',
        );
      case 2:
        return void this.lines.push(
          `{ let ${i}: u64 = u64(${scope.n.any(1)} % 5);`,
          `${head}while (${i} > 0) {`,
          `  ${i}--;`,
          ...body(counts),
          '} }',
        );
      case 3:
        return void this.lines.push(
          `{ let ${i}: u32 = 0;`,
          `${head}do {`,
          `  ${i}++;`,
          ...body(counts),
          `} while (${i} < ${r.between(1, 4)} && ${scope.n.condition(1)}); }`,
        );
      case 4:
        return void this.lines.push(`${head}for (const ${i} of nums) {`, ...body(counts), '}');
      case 5:
        return void this.lines.push(`${head}for (const ${i} of [1, 5, 7]) {`, ...body(counts), '}');
      default:
        return void this.lines.push(
          `${head}for (const ${i} of range(${r.below(3)}, ${end})) {`,
          ...body(counts),
          '}',
        );
    }
  }

  /** With each entry: those of a hash come in no order. */
  private each(): void {
    const { r } = this;
    if (this.budget.loops-- <= 0) return this.change();
    const [k, v] = [this.fresh('k'), this.fresh('v')];
    if (r.chance(40)) {
      const to = this.scope.numbers.filter((n) => n.writable).map((n) => n.name);
      const sum = to.length > 0 && r.chance(70) ? r.pick(to) : 'c1';
      return void this.lines.push(`h.forEach((${k}, ${v}) => { ${sum} += ${v}.a + ${k}; });`);
    }
    this.lines.push(
      `m.forEach((${k}, ${v}) => {`,
      ...this.inner(r.between(1, 2), { callback: true }, (inner) => {
        inner.scope.objects.push({ name: v, writable: false });
        inner.scope.counters.push(k);
      }),
      ...(r.chance(30) ? [`  return ${k} === 2;`] : []),
      '});',
    );
  }

  private jump(): void {
    const { r, scope } = this;
    const ways = this.loops.length > 0 ? ['break;', 'continue;'] : [];
    const label = this.loops.find((l) => l !== null);
    if (label) ways.push(`break ${label};`, `continue ${label};`);
    if (ways.length === 0) return this.change();
    this.lines.push(`if (${scope.n.condition(1)}) ${r.pick(ways)}`);
  }
}
