/**
 * Random integer expressions of the language with their values by a reference of its own: C's rules
 * on BigInt, written from docs/language.md, sharing nothing with the compiler.
 */
export interface CInt {
  bits: number;
  signed: boolean;
}
export interface Value {
  value: bigint;
  type: CInt;
}
export type Env = Record<string, bigint>;
export interface Expression {
  text: string;
  type: CInt;
  /** Of a literal, which takes its type from what is beside it. */
  literal?: bigint;
  evaluate(env: Env): bigint;
}

export const TYPES: Record<string, CInt> = {
  u8: { bits: 8, signed: false },
  u16: { bits: 16, signed: false },
  u32: { bits: 32, signed: false },
  u64: { bits: 64, signed: false },
  s8: { bits: 8, signed: true },
  s16: { bits: 16, signed: true },
  s32: { bits: 32, signed: true },
  s64: { bits: 64, signed: true },
};
const NAMES = Object.keys(TYPES);
const S32 = TYPES['s32']!;

export function cut(value: bigint, type: CInt): bigint {
  return type.signed ? BigInt.asIntN(type.bits, value) : BigInt.asUintN(type.bits, value);
}
function promoted(type: CInt): CInt {
  return type.bits < 32 ? S32 : type;
}
function common(a: CInt, b: CInt): CInt {
  const [x, y] = [promoted(a), promoted(b)];
  if (x.signed === y.signed) return x.bits >= y.bits ? x : y;
  const [u, s] = x.signed ? [y, x] : [x, y];
  return u.bits >= s.bits ? u : s;
}
/** A literal beside a sized operand. */
function adopt(e: Expression, other: CInt): Expression {
  if (e.literal === undefined) return e;
  const wanted = promoted(other);
  const { literal } = e;
  const type =
    cut(literal, wanted) === literal ||
    (literal < 0n && !wanted.signed && literal >= -(1n << BigInt(wanted.bits - 1)))
      ? wanted
      : fit(literal);
  return { ...e, type, evaluate: () => cut(literal, type) };
}
function fit(value: bigint): CInt {
  return cut(value, S32) === value ? S32 : TYPES['s64']!;
}

/** A small generator of repeatable random numbers (mulberry32). */
export function random(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((((t ^ (t >>> 14)) >>> 0) / 4294967296) * n) | 0;
  };
}

const LITERALS = [
  0n,
  1n,
  2n,
  3n,
  5n,
  7n,
  10n,
  100n,
  255n,
  256n,
  1000n,
  65535n,
  0x7fffffffn,
  0x80000000n,
  0xffffffffn,
  -1n,
  -2n,
  -128n,
];

export function makeExpression(pick: (n: number) => number, depth: number): Expression {
  const sub = (): Expression => makeExpression(pick, depth - 1);
  const sized = (): Expression => {
    const e = sub();
    return e.literal === undefined ? e : convert(e, NAMES[pick(8)]!);
  };
  if (depth <= 0)
    return pick(4) === 0
      ? literal(LITERALS[pick(LITERALS.length)]!)
      : variable(`${NAMES[pick(8)]}${pick(2)}`);
  switch (pick(9)) {
    case 0:
      return unary(pick(2) === 0 ? '-' : '~', sized());
    case 1:
      return convert(sub(), NAMES[pick(8)]!);
    case 2: {
      const left = sized();
      const count =
        pick(2) === 0 ? literal(BigInt(pick(promoted(left.type).bits))) : variable(`u8${pick(2)}`);
      return shift(pick(3), left, count);
    }
    case 3: {
      const name = pick(2) === 0 ? 'u64' : 's64';
      return choose(compare(pick(6), convert(sub(), name), convert(sub(), name)), sized(), sized());
    }
    case 4: {
      const name = NAMES[2 + pick(2) + 4 * pick(2)]!;
      return extreme(pick(2) === 0 ? 'min' : 'max', convert(sub(), name), convert(sub(), name));
    }
    case 5:
      return logical(pick(2) === 0 ? '&&' : '||', sized(), sized());
    default:
      return binary('+-*/%&|^'[pick(8)]!, sized(), sub());
  }
}

function literal(value: bigint): Expression {
  return {
    text: value < 0n ? `(${value})` : `${value}`,
    type: fit(value),
    literal: value,
    evaluate: () => value,
  };
}
function variable(name: string): Expression {
  return { text: `x.${name}`, type: TYPES[name.slice(0, -1)]!, evaluate: (env) => env[name]! };
}
function convert(e: Expression, name: string): Expression {
  const type = TYPES[name]!;
  return {
    text: `${name}(${e.text})`,
    type,
    evaluate: (env) => cut(e.literal ?? e.evaluate(env), type),
  };
}
function unary(op: string, e: Expression): Expression {
  const type = promoted(e.type);
  return {
    text: `${op}(${e.text})`,
    type,
    evaluate: (env) => cut(op === '-' ? -e.evaluate(env) : ~e.evaluate(env), type),
  };
}
function shift(kind: number, left: Expression, count: Expression): Expression {
  const type = kind === 2 ? { ...promoted(left.type), signed: false } : promoted(left.type);
  const op = ['<<', '>>', '>>>'][kind]!;
  return {
    text: `((${left.text}) ${op} (${count.text}))`,
    type,
    evaluate: (env) => {
      const value = cut(left.evaluate(env), type);
      const by = count.evaluate(env) & BigInt(type.bits - 1);
      return cut(kind === 0 ? value << by : value >> by, type);
    },
  };
}
function compare(kind: number, a: Expression, b: Expression): Expression {
  const op = ['<', '<=', '>', '>=', '===', '!=='][kind]!;
  const test = (x: bigint, y: bigint): boolean =>
    [x < y, x <= y, x > y, x >= y, x === y, x !== y][kind]!;
  return {
    text: `((${a.text}) ${op} (${b.text}))`,
    type: S32,
    evaluate: (env) => (test(a.evaluate(env), b.evaluate(env)) ? 1n : 0n),
  };
}
function choose(test: Expression, a: Expression, b: Expression): Expression {
  const type = common(a.type, b.type);
  return {
    text: `(${test.text} ? ${a.text} : ${b.text})`,
    type,
    evaluate: (env) => cut((test.evaluate(env) ? a : b).evaluate(env), type),
  };
}
function extreme(which: 'min' | 'max', a: Expression, b: Expression): Expression {
  const type = common(a.type, b.type);
  return {
    text: `Math.${which}(${a.text}, ${b.text})`,
    type,
    evaluate: (env) => {
      const [x, y] = [cut(a.evaluate(env), type), cut(b.evaluate(env), type)];
      return x < y === (which === 'min') ? x : y;
    },
  };
}
function logical(op: '&&' | '||', a: Expression, b: Expression): Expression {
  // The value of && is its right side or 0.
  const type = op === '&&' ? promoted(b.type) : common(a.type, b.type);
  return {
    text: `(${a.text} ${op} ${b.text})`,
    type,
    evaluate: (env) => {
      const left = a.evaluate(env);
      const takesRight = op === '&&' ? left !== 0n : left === 0n;
      return cut(takesRight ? b.evaluate(env) : left, type);
    },
  };
}
function binary(op: string, left: Expression, right: Expression): Expression {
  const b = adopt(right, left.type);
  // A constant zero as divisor is rejected by the compiler.
  if (
    (op === '/' || op === '%') &&
    !right.text.includes('x.') &&
    (right.literal ?? right.evaluate({})) === 0n
  )
    return left;
  const type = common(left.type, b.type);
  return {
    text: `(${left.text} ${op} ${right.text})`,
    type,
    evaluate: (env) => {
      const x = cut(left.evaluate(env), type);
      const y = cut(b.evaluate(env), type);
      switch (op) {
        case '+':
          return cut(x + y, type);
        case '-':
          return cut(x - y, type);
        case '*':
          return cut(x * y, type);
        case '/':
          return y === 0n ? 0n : cut(x / y, type);
        case '%':
          return y === 0n ? x : cut(x % y, type);
        case '&':
          return cut(x & y, type);
        case '|':
          return cut(x | y, type);
        default:
          return cut(x ^ y, type);
      }
    },
  };
}
