import { enumByName } from '../kernel/index.js';
import type { Expr } from './nodes.js';
import type { CType } from './types.js';

/** What a constant may ask the kernel that its object is loaded on. */
export type Question =
  { kind: 'enum'; enumName: string; name: string } | { kind: 'ksym'; name: string };

/** The key of a question: what asks the same has the same. */
export function questionKey(q: Question): string {
  return q.kind === 'enum' ? `enum ${q.enumName} ${q.name}` : `ksym ${q.name}`;
}

/** The questions in an expression, each once. */
export function questionsIn(expr: Expr): Question[] {
  const found = new Map<string, Question>();
  const visit = (e: Expr): void => {
    if (e.kind === 'exists') {
      const { what } = e;
      if (what.kind === 'enum' || what.kind === 'ksym') found.set(questionKey(what), what);
      return;
    }
    for (const part of constantParts(e)) visit(part);
  };
  visit(expr);
  return [...found.values()];
}

/** Every set of answers to questions: bit i of the index is the answer to question i. */
export function combinations(questions: readonly Question[]): ReadonlySet<string>[] {
  return Array.from(
    { length: 1 << questions.length },
    (_, n) => new Set(questions.filter((_, i) => (n >> i) & 1).map(questionKey)),
  );
}

/**
 * Whether an expression has a value on each kernel that its object meets: made of numbers, of values of the kernel, and of
 * exists() for those and for functions.
 */
export function isKernelConstant(expr: Expr): boolean {
  switch (expr.kind) {
    case 'const':
    case 'enum':
      return true;
    case 'exists':
      return expr.what.kind === 'enum' || expr.what.kind === 'ksym';
    case 'constant':
    case 'unary':
    case 'binary':
    case 'logical':
    case 'cond':
    case 'cast':
    case 'convert':
      return constantParts(expr).every(isKernelConstant);
    default:
      return false;
  }
}

function constantParts(expr: Expr): Expr[] {
  switch (expr.kind) {
    case 'constant':
      return [expr.constant.value];
    case 'unary':
      return [expr.operand];
    case 'binary':
    case 'logical':
      return [expr.left, expr.right];
    case 'cond':
      return [expr.test, expr.then, expr.else];
    case 'cast':
    case 'convert':
      return [expr.value];
    default:
      return [];
  }
}

/** The value of a kernel constant where these questions are answered with yes; enum values as of the newest kernel. */
export function valueWhere(expr: Expr, holds: ReadonlySet<string>): bigint {
  const value = (e: Expr): bigint => valueWhere(e, holds);
  const is = (e: Expr): boolean => value(e) !== 0n;
  switch (expr.kind) {
    case 'const':
      return expr.value;
    case 'enum':
      return enumByName(expr.name)?.value ?? 0n;
    case 'exists': {
      const { what } = expr;
      return (what.kind === 'enum' || what.kind === 'ksym') && holds.has(questionKey(what))
        ? 1n
        : 0n;
    }
    case 'constant':
      return value(expr.constant.value);
    case 'cast':
    case 'convert':
      return wrapped(value(expr.value), expr.type);
    case 'unary': {
      if (expr.op === '!') return is(expr.operand) ? 0n : 1n;
      const operand = value(expr.operand);
      return wrapped(expr.op === '-' ? -operand : ~operand, expr.type);
    }
    case 'logical':
      return (expr.op === '&&' ? is(expr.left) && is(expr.right) : is(expr.left) || is(expr.right))
        ? 1n
        : 0n;
    case 'cond':
      return value(is(expr.test) ? expr.then : expr.else);
    case 'binary':
      return wrapped(computed(expr.op, value(expr.left), value(expr.right)), expr.type);
    default:
      throw new Error(`no constant: ${expr.kind}`);
  }
}

function computed(op: Extract<Expr, { kind: 'binary' }>['op'], a: bigint, b: bigint): bigint {
  switch (op) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return b === 0n ? 0n : a / b;
    case '%':
      return b === 0n ? a : a % b;
    case '&':
      return a & b;
    case '|':
      return a | b;
    case '^':
      return a ^ b;
    case '<<':
      return a << (b & 63n);
    case '>>':
      return a >> (b & 63n);
    case '==':
      return a === b ? 1n : 0n;
    case '!=':
      return a !== b ? 1n : 0n;
    case '<':
      return a < b ? 1n : 0n;
    case '<=':
      return a <= b ? 1n : 0n;
    case '>':
      return a > b ? 1n : 0n;
    case '>=':
      return a >= b ? 1n : 0n;
  }
}

function wrapped(value: bigint, type: CType): bigint {
  if (type.kind === 'bool') return value === 0n ? 0n : 1n;
  if (type.kind !== 'int') return value;
  return type.signed ? BigInt.asIntN(type.bits, value) : BigInt.asUintN(type.bits, value);
}

/** The expression without its questions: what remains where these are answered with yes, and all others with no. */
export function answered(expr: Expr, holds: ReadonlySet<string>): Expr {
  switch (expr.kind) {
    case 'cond':
      return answered(valueWhere(expr.test, holds) !== 0n ? expr.then : expr.else, holds);
    case 'constant':
      return questionsIn(expr).length > 0 ? answered(expr.constant.value, holds) : expr;
    case 'exists':
    case 'logical':
      return { ...expr, kind: 'const', value: valueWhere(expr, holds) };
    case 'unary':
      return { ...expr, operand: answered(expr.operand, holds) };
    case 'binary':
      return withoutZero({
        ...expr,
        left: answered(expr.left, holds),
        right: answered(expr.right, holds),
      });
    case 'cast':
    case 'convert':
      return { ...expr, value: answered(expr.value, holds) };
    default:
      return expr;
  }
}

/** `x | 0` as x: flags that are not there are not shown. */
function withoutZero(expr: Extract<Expr, { kind: 'binary' }>): Expr {
  const isZero = (e: Expr): boolean =>
    (e.kind === 'const' && e.value === 0n) ||
    ((e.kind === 'cast' || e.kind === 'convert') && isZero(e.value));
  if (expr.op !== '|') return expr;
  return isZero(expr.right) ? expr.left : isZero(expr.left) ? expr.right : expr;
}
