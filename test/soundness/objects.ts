import { ts } from 'ts-morph';
import type { Random } from './random.js';

/** Values that a program leaves behind: two of each variable and place. */
export const VALUES = 24;

/** What every program of this kind starts from; `copied()` marks what is copied into a place. */
const PRELUDE = `interface X { a: u64; b: u64 }
let one: u64 = 1;
let g0: X = { a: 0, b: 0 };
let g1: X = { a: 0, b: 0 };
let d0: X = { a: 0, b: 0 };
let d1: X = { a: 0, b: 0 };
function mk(a: u64): X { return { a, b: a + 1 }; }
function id(x: X): X { return x; }
function wr(x: X, a: u64): u64 { x.a += a; return x.b; }
function cur(k: u64): X { return k > 50 ? g0 : g1; }
function pick(k: u64, x: X, y: X): X { if (k > 50) return x; return y; }
function maybe(k: u64): X | null { if (k > 50) return null; return { a: k, b: 2 }; }
function both(x: X, y: X): u64 { x.a++; y.b += 2; return x.a + y.a; }
`;

/** Writes the statements of one program that makes, names, swaps, passes and stores objects. */
class Objects {
  readonly lines: string[] = [];
  private readonly variables: { name: string; let: boolean }[] = [];
  private serial = 0;
  /** Whether it stores into places: then no name is of what a function gave, which might be such a place. */
  private readonly stores: boolean;

  constructor(private readonly r: Random) {
    this.stores = r.chance(50);
  }

  private number(): string {
    return this.r.chance(50) ? String(this.r.below(100)) : `(one + ${this.r.below(99)})`;
  }
  /** An object that something names; places that are overwritten as a whole are never named. */
  private known(): string {
    return this.r.pick(['g0', 'g1', ...this.variables.map((v) => v.name)]);
  }
  private object(depth = 2): string {
    const { r } = this;
    if (depth <= 0 || (this.stores && r.chance(60))) return this.known();
    if (this.stores) return `mk(${this.number()})`;
    switch (r.below(8)) {
      case 0:
        return `mk(${this.number()})`;
      case 1:
        return `id(${this.object(depth - 1)})`;
      case 2:
        return `cur(${this.number()})`;
      case 3:
        return `pick(${this.number()}, ${this.object(depth - 1)}, ${this.object(depth - 1)})`;
      case 4:
        return `(maybe(${this.number()}) ?? ${this.object(depth - 1)})`;
      case 5:
        return `(${this.number()} > 50 ? ${this.object(depth - 1)} : ${this.object(depth - 1)})`;
      default:
        return this.known();
    }
  }

  private declare(value: string): void {
    const name = `o${this.serial++}`;
    const isLet = this.r.chance(60);
    this.lines.push(`${isLet ? 'let' : 'const'} ${name}: X = ${value};`);
    this.variables.push({ name, let: isLet });
  }

  statement(depth: number): void {
    const { r } = this;
    const lets = this.variables.filter((v) => v.let).map((v) => v.name);
    switch (r.below(depth > 0 ? 10 : 9)) {
      case 0:
        if (this.serial < 6 && depth > 0)
          return this.declare(`{ a: ${this.number()}, b: ${this.number()} }`);
        break;
      case 1:
        if (this.serial < 6 && depth > 0) return this.declare(this.object());
        break;
      case 2:
        if (lets.length > 0) return void this.lines.push(`${r.pick(lets)} = ${this.object(1)};`);
        break;
      case 3:
        if (lets.length > 1) {
          const [x, y] = [r.pick(lets), r.pick(lets)];
          return void this.lines.push(`{ const t = ${x}; ${x} = ${y}; ${y} = t; }`);
        }
        break;
      case 4:
        if (!this.stores) break;
        return void this.lines.push(`${r.pick(['d0', 'd1'])} = copied(${this.object(1)});`);
      case 5:
        return void this.lines.push(`wr(${this.object(1)}, ${this.number()});`);
      case 6:
        return void this.lines.push(
          `${this.known()}.b += both(${this.known()}, ${this.known()}) % 97;`,
        );
      case 9: {
        this.lines.push(`if (${this.known()}.a > ${this.number()}) {`);
        for (let i = 0; i < r.between(1, 3); i++) this.statement(0);
        this.lines.push('}');
        return;
      }
      default:
    }
    this.lines.push(
      `${this.known()}.${r.pick(['a', 'b'])} ${r.pick(['=', '+=', '|=', '^='])} ${this.number()};`,
    );
  }

  /** The values of everything that has a name, from `at` on. */
  results(at: number): string[] {
    const names = ['g0', 'g1', 'd0', 'd1', ...this.variables.map((v) => v.name)];
    return names.flatMap((n, i) => [
      `out[${at + 2 * i}] = ${n}.a;`,
      `out[${at + 2 * i + 1}] = ${n}.b;`,
    ]);
  }
}

export interface ObjectPrograms {
  /** In the language; `run0`, `run1`, ... leave VALUES numbers each in `out`. */
  source: string;
  /** The statements of each, to be shown. */
  texts: string[];
  /** What JavaScript itself says of each. */
  expected: bigint[][];
}

/** `count` random programs of one object file, and what they give in JavaScript. */
export function objectPrograms(r: Random, count: number): ObjectPrograms {
  const texts: string[] = [];
  const bodies: string[] = [];
  for (let n = 0; n < count; n++) {
    const o = new Objects(r);
    for (let i = 0; i < r.between(4, 14); i++) o.statement(2);
    texts.push(o.lines.join('\n'));
    const start = ['g0', 'g1', 'd0', 'd1'].map((g, i) => `${g}.a = ${i + 1}; ${g}.b = ${i * 10};`);
    bodies.push([...start, ...o.lines, ...o.results(n * VALUES)].join('\n'));
  }
  const out = count * VALUES;
  const source = `${PRELUDE}let out: FixedArray<u64, ${out}> = zeroed();
${bodies.map((b, n) => `export const run${n} = syscall(() => {\n${b}\nreturn 0;\n});`).join('\n')}
export default scheduler({ name: 'objects' });
`.replace(/copied\((.*)\);$/gm, '$1;');
  return { source, texts, expected: bodies.map((b, n) => inJavaScript(b, n * VALUES, out)) };
}

/** Runs statements as JavaScript. Their numbers stay below 2^31, where it computes as the language does. */
function inJavaScript(body: string, at: number, size: number): bigint[] {
  const text = `${PRELUDE}
const copied = (x: X): X => ({ ...x });
const out: number[] = new Array(${size}).fill(0);
${body}
return out;`;
  const { outputText } = ts.transpileModule(`function all() {${text}}`, {
    compilerOptions: { target: ts.ScriptTarget.ES2022 },
  });
  const out = new Function(`${outputText}; return all();`)() as number[];
  return out.slice(at, at + VALUES).map(BigInt);
}
