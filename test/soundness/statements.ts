import { Expressions } from './expressions.js';
import { featureStatement } from './features.js';
import { kernelStatement } from './kernel-statements.js';
import { mapStatement } from './map-statements.js';
import { INTS, shapeText, type Context, type Module, type Names, type Shape } from './model.js';
import type { Random } from './random.js';

/** Writes the statements of one function body. */
export class Body {
  readonly lines: string[] = [];
  readonly names: Names;
  /** Jump targets around the current place, innermost last; an empty label is an unnamed loop. */
  readonly loops: string[];
  readonly e: Expressions;

  constructor(
    readonly r: Random,
    readonly module: Module,
    readonly context: Context,
    names: Names,
    /** Statements left; shared by all nested bodies, so that programs stay of a size. */
    readonly budget: { left: number; serial: number; loops: number },
    readonly depth = 0,
    loops: string[] = [],
    readonly state: { locked?: boolean; rcu?: boolean; callback?: boolean } = {},
  ) {
    this.names = {
      ints: [...names.ints],
      bools: [...names.bools],
      places: [...names.places],
      tasks: [...names.tasks],
    };
    this.loops = loops;
    this.e = new Expressions(r, module, this.names, !state.locked);
  }

  fresh(stem: string): string {
    return `${stem}${this.budget.serial++}`;
  }
  emit(...lines: string[]): void {
    this.lines.push(...lines.map((l) => `  ${l}`));
  }

  /** A nested block; `before` declares what is in scope in it. */
  nested(
    options: { loop?: string; state?: Body['state']; context?: Context; size?: number },
    before?: (inner: Body) => void,
  ): string[] {
    const inner = new Body(
      this.r,
      this.module,
      options.context ?? this.context,
      this.names,
      this.budget,
      this.depth + 1,
      options.loop === undefined ? this.loops : [...this.loops, options.loop],
      { ...this.state, ...options.state },
    );
    before?.(inner);
    inner.statements(options.size ?? this.r.between(1, 3));
    return inner.lines;
  }

  statements(count: number): void {
    for (let i = 0; i < count && this.budget.left > 0; i++) {
      this.budget.left--;
      this.statement();
    }
    if (this.lines.length === 0) this.assignment();
  }

  private statement(): void {
    const { r } = this;
    if (this.state.locked) {
      if (r.chance(25)) this.ifStatement();
      else this.assignment();
      return;
    }
    const kind = r.below(100);
    if (kind < 14) this.declaration();
    else if (kind < 32) this.assignment();
    else if (kind < 43) this.ifStatement();
    else if (kind < 48) this.switchStatement();
    else if (kind < 60 && this.depth < 4) this.loop();
    else if (kind < 64) this.jump();
    else if (kind < 76) mapStatement(this);
    else if (kind < 84) {
      if (!featureStatement(this)) mapStatement(this);
    } else if (kind < 96) kernelStatement(this);
    else this.small();
  }

  private declaration(): void {
    const { r, e } = this;
    const name = this.fresh('v');
    const kind = r.below(10);
    if (kind < 6) {
      const int = r.pick(INTS);
      const text = e.to(int, 2);
      const writable = r.chance(70);
      this.emit(`${writable ? 'let' : 'const'} ${name}: ${int} = ${text};`);
      this.names.ints.push({ name, int, writable });
    } else if (kind < 8) {
      // TypeScript may infer `true` from a condition that it can see through.
      this.emit(`let ${name}: bool = ${e.condition(2)};`);
      this.names.bools.push({ name, writable: true });
    } else if (kind === 8) {
      const shape: Shape = {
        kind: 'array',
        of: { kind: 'int', int: r.pick(['u8', 'u16', 'u32', 'u64']) },
        length: r.pick([2, 3, 4]),
      };
      this.emit(`let ${name}: ${shapeText(shape)} = zeroed();`);
      this.names.places.push({ name, shape, writable: true });
    } else {
      const places = [...this.names.places, ...this.module.globals.places];
      const structs = places.filter((p) => p.shape.kind === 'struct');
      if (structs.length === 0) return this.assignment();
      const of = r.pick(structs);
      if (of.shape.kind !== 'struct') return;
      const field = r.pick(of.shape.struct.fields);
      if (field.shape.kind === 'struct' || field.shape.kind === 'array') {
        this.emit(`const ${name} = ${of.name}.${field.name};`);
        this.names.places.push({ name, shape: field.shape, writable: of.writable });
      } else {
        const taken = field.shape.kind === 'int' ? this.names.ints : undefined;
        this.emit(`const { ${field.name}: ${name} } = ${of.name};`);
        if (field.shape.kind === 'int')
          taken?.push({ name, int: field.shape.int, writable: false });
        else this.names.bools.push({ name, writable: false });
      }
    }
  }

  assignment(): void {
    const { r, e } = this;
    const bools = [...this.names.bools, ...this.module.globals.bools].filter((b) => b.writable);
    if (bools.length > 0 && r.chance(10)) {
      this.emit(`${r.pick(bools).name} = ${e.condition(1)};`);
      return;
    }
    const place = e.place(true);
    if (!place) return this.emit('total++;');
    const { text, int } = place;
    switch (r.below(6)) {
      case 0:
        return this.emit(`${text}${r.pick(['++', '--'])};`);
      case 1:
        return this.emit(`${text} ${r.pick(['+=', '-=', '*=', '&=', '|=', '^='])} ${e.int(2)};`);
      case 2:
        return this.emit(`${text} ${r.pick(['/=', '%='])} ${e.int(1)};`);
      case 3:
        return this.emit(
          `${text} ${r.pick(['<<=', '>>='])} ${r.chance(50) ? '3' : `u8(${e.int(1)})`};`,
        );
      default:
        return this.emit(`${text} = ${e.to(int, 3)};`);
    }
  }

  private ifStatement(): void {
    this.emit(`if (${this.e.condition(2)}) {`, ...this.nested({}));
    if (this.r.chance(35)) this.emit('} else {', ...this.nested({}));
    this.emit('}');
  }

  private switchStatement(): void {
    const { r, e } = this;
    this.emit(`switch (u32(${e.int(1)}) % 6) {`);
    for (const value of [0, 1, 4]) {
      if (r.chance(30)) this.emit(`case ${value}:`);
      else {
        this.emit(`case ${value}: {`, ...this.nested({ loop: 'switch' }));
        this.emit(...(r.chance(20) ? [`  ${this.leave()}`, '}'] : ['  break;', '}']));
      }
    }
    this.emit('default:', ...this.nested({ loop: 'switch', size: 1 }), '}');
  }

  private loop(): void {
    const { r, e } = this;
    if (this.budget.loops <= 0) return this.assignment();
    this.budget.loops--;
    const label = r.chance(30) ? this.fresh('l') : '';
    const head = label ? `${label}: ` : '';
    const i = this.fresh('i');
    const counter = (inner: Body): void => {
      inner.names.ints.push({ name: i, int: 'u32', writable: false });
    };
    const kind = r.below(6);
    if (kind === 0) {
      const bound = r.chance(50)
        ? String(r.pick([2, 4, 8, 16, 30, 100, 1000]))
        : `u32(${e.int(1)})`;
      this.emit(
        `${head}for (let ${i}: u32 = 0; ${i} < ${bound}; ${i} += ${r.pick([1, 1, 2, 3])}) {`,
        ...this.nested({ loop: label }, counter),
        '}',
      );
    } else if (kind === 1) {
      const bound = r.chance(60) ? String(r.pick([1, 3, 8, 64])) : `u8(${e.int(1)})`;
      this.emit(
        `${head}for (const ${i} of range(${bound})) {`,
        ...this.nested({ loop: label }, counter),
        '}',
      );
    } else if (kind === 2) {
      this.emit(`let ${i}: u32 = u32(${e.int(2)});`);
      this.emit(
        `${head}while (${i} > 0) {`,
        `  ${i} ${r.pick(['>>= 1', '/= 3', '-= 1', '&= u32(' + i + ' - 1)'])};`,
        ...this.nested({ loop: label }, counter),
        '}',
      );
    } else if (kind === 3) {
      this.emit(`let ${i}: u32 = 0;`);
      this.emit(
        `${head}do {`,
        `  ${i}++;`,
        ...this.nested({ loop: label }, counter),
        `} while (${i} < ${r.pick([3, 10, 200])} && ${e.condition(1)});`,
      );
    } else if (kind === 4) {
      const arrays = [...this.names.places, ...this.module.globals.places].filter(
        (p) => p.shape.kind === 'array',
      );
      if (arrays.length === 0) return this.assignment();
      const of = r.pick(arrays);
      if (of.shape.kind !== 'array') return;
      const { of: shape } = of.shape;
      this.emit(
        `${head}for (const ${i} of ${of.name}) {`,
        ...this.nested({ loop: label }, (inner) => {
          if (shape.kind === 'int')
            inner.names.ints.push({ name: i, int: shape.int, writable: false });
          else if (shape.kind === 'bool') inner.names.bools.push({ name: i, writable: false });
          else inner.names.places.push({ name: i, shape, writable: of.writable });
        }),
        '}',
      );
    } else {
      this.emit(
        `${head}for (const ${i} of [1, 5, ${r.below(100)}]) {`,
        ...this.nested({ loop: label }, counter),
        '}',
      );
    }
  }

  /** A way out of here: out of a loop or the function. */
  leave(): string {
    const { r } = this;
    const inLoop = this.loops.some((l) => l !== 'switch');
    const last = this.loops[this.loops.length - 1];
    if (inLoop && r.chance(65)) {
      const label = r.pick(this.loops.filter((l) => l !== 'switch'));
      if (label && r.chance(50)) return `${r.pick(['break', 'continue'])} ${label};`;
      if (last !== 'switch' && r.chance(50)) return 'break;';
      return 'continue;';
    }
    return this.context.leave(() => this.e.int(1));
  }

  private jump(): void {
    this.emit(`if (${this.e.condition(1)}) ${this.leave()}`);
  }

  private small(): void {
    const { r, e, module } = this;
    if (module.counters.length > 0 && r.chance(50)) {
      const c = r.pick(module.counters);
      this.emit(r.chance(50) ? `${c}.inc();` : `${c}.add(${e.to('u32', 1)});`);
    } else if (r.chance(50)) {
      this.emit(`bpf_printk(\`n=\${${e.int(1)}} x=\${${e.int(1)}}\`);`);
    } else {
      const wide = module.globals.ints.filter((g) => g.writable && /32|64/.test(g.int));
      if (wide.length === 0) return this.assignment();
      const g = r.pick(wide);
      const op = r.pick(['Add', 'Or', 'Xchg', 'And']);
      this.emit(`atomic${op}(${g.name}, ${e.to(g.int, 1)});`);
    }
  }
}
