import { notInArena } from '../diagnostics/catalogue/places.js';
import { stringBuilding } from '../diagnostics/catalogue/syntax.js';
import {
  booleanArithmetic,
  constantOutOfRange,
  incompatible,
  signMismatch,
} from '../diagnostics/catalogue/types.js';
import type { Expr, Stmt } from '../ir/nodes.js';
import { commonType, fits, isSized, promote, wrap } from '../ir/integers.js';
import { regionOf } from '../ir/regions.js';
import type { Span } from '../ir/span.js';
import {
  BOOL,
  S32,
  S64,
  U64,
  describeType,
  intType,
  isInteger,
  sameType,
  structOf,
  type BoolType,
  type CType,
  type Field,
  type IntType,
} from '../ir/types.js';
import { kernelFunction } from '../kernel/index.js';
import type { Frontend } from './context.js';
import { hasEffects } from './effects.js';
import { addressOf, binary, cast, constant, deref, errorExpr, operation } from './make.js';

export { isWritable, regionOf } from '../ir/regions.js';
export { fits, promote, wrap } from '../ir/integers.js';

/** The type a literal takes where nothing else decides: as C does, but never too narrow. */
export function literalType(value: bigint): IntType {
  if (fits(value, S32)) return S32;
  return fits(value, S64) ? S64 : U64;
}

/** A type that holds each of these, as far as there is one. */
export function widestLiteral(values: readonly bigint[]): IntType {
  return values
    .map(literalType)
    .reduce((a, b) => (b.bits > a.bits || (b.bits === a.bits && !b.signed) ? b : a), S32);
}

/** Gives a literal the type that its context asks for; anything else stays as it is. */
export function settle(expr: Expr, type?: CType): Expr {
  if (expr.type.kind !== 'untyped') return expr;
  const wanted = type && (type.kind === 'int' || type.kind === 'bool') ? type : undefined;
  if (expr.kind === 'const') {
    const to = wanted && fits(expr.value, wanted) ? wanted : literalType(expr.value);
    return { ...expr, type: to };
  }
  // Literals that are chosen at run time: 64 bits wide, unless a type is wanted that holds all of them.
  const range = literalsIn(expr);
  const all = wanted && range.every((v) => fits(v, wanted));
  const to = all ? wanted : range.every((v) => fits(v, S64)) ? S64 : U64;
  return retyped(expr, to);
}

/** The literals of which an expression without a type of its own is one. */
export function literalsIn(expr: Expr): bigint[] {
  switch (expr.kind) {
    case 'const':
      return [expr.value];
    case 'cond':
      return [...literalsIn(expr.then), ...literalsIn(expr.else)];
    case 'elvis':
      return [...literalsIn(expr.left), ...literalsIn(expr.right)];
    case 'block':
      return literalsIn(expr.result);
    default:
      return [];
  }
}

/** Gives such an expression, and the literals in it, a type. */
function retyped(expr: Expr, type: CType): Expr {
  switch (expr.kind) {
    case 'cond':
      return { ...expr, then: retyped(expr.then, type), else: retyped(expr.else, type), type };
    case 'elvis':
      return { ...expr, left: retyped(expr.left, type), right: retyped(expr.right, type), type };
    case 'block':
      return { ...expr, result: retyped(expr.result, type), type };
    default:
      return expr.type.kind === 'untyped' ? { ...expr, type } : expr;
  }
}

/** What pop() and peek() give is a number and a Ref in one: where a number is wanted, it is loaded. */
export function loaded(expr: Expr): Expr {
  const { type } = expr;
  return type.kind === 'ptr' && isInteger(type.to)
    ? { kind: 'deref', pointer: expr, type: type.to, span: expr.span }
    : expr;
}

export function integerOperand(fe: Frontend, operand: Expr): Expr {
  const expr = loaded(operand);
  if (expr.type.kind === 'error' || isInteger(expr.type)) return expr;
  if (expr.type.kind === 'chars' || expr.type.kind === 'string')
    fe.report(stringBuilding(expr.span));
  else fe.report(booleanArithmetic(expr.span, describeType(expr.type)));
  return errorExpr(expr.span);
}

/** Brings two integer operands to what C would compute with; literals follow the other side. */
export function balance(
  left: Expr,
  right: Expr,
): { left: Expr; right: Expr; type: IntType } | undefined {
  let a = left;
  let b = right;
  if (a.type.kind === 'untyped' && b.type.kind !== 'untyped') a = settleBeside(a, b.type);
  else if (b.type.kind === 'untyped' && a.type.kind !== 'untyped') b = settleBeside(b, a.type);
  else {
    a = settle(a);
    b = settle(b);
  }
  const [ta, tb] = [a.type, b.type];
  if ((ta.kind !== 'int' && ta.kind !== 'bool') || (tb.kind !== 'int' && tb.kind !== 'bool'))
    return undefined;
  return { left: a, right: b, type: commonType(ta, tb) };
}

function settleBeside(literal: Expr, other: CType): Expr {
  if (other.kind !== 'int' && other.kind !== 'bool') return settle(literal);
  const wanted = promote(other);
  // -1 beside a u64 is all ones, as in C.
  if (
    literal.kind === 'const' &&
    literal.value < 0n &&
    !wanted.signed &&
    fits(literal.value, intType(wanted.bits, true))
  ) {
    return constant(wrap(literal.value, wanted), wanted, literal.span);
  }
  return settle(literal, wanted);
}

/** Whether a value is never negative although its C type is signed (a promoted u8, a literal). */
export function nonNegative(expr: Expr): boolean {
  const { type } = expr;
  if (expr.kind === 'const') return expr.value >= 0n;
  if (type.kind === 'bool' || (type.kind === 'int' && !type.signed)) return true;
  switch (expr.kind) {
    case 'binary':
      if (expr.op === '&') return nonNegative(expr.left) || nonNegative(expr.right);
      return '+/%|^>>'.includes(expr.op) && isNarrow(expr.left) && isNarrow(expr.right);
    case 'var':
      return expr.local.nonNegative ?? false;
    case 'call':
      return expr.callee.kind === 'kernel'
        ? (kernelFunction(expr.callee.name)?.neverNegative ?? false)
        : false;
    case 'cond':
      return nonNegative(expr.then) && nonNegative(expr.else);
    default:
      return false;
  }
}

function isNarrow(expr: Expr): boolean {
  const narrow = expr.type.kind === 'bool' || (expr.type.kind === 'int' && expr.type.bits < 32);
  return (narrow || expr.kind === 'const' || expr.kind === 'binary') && nonNegative(expr);
}

/** Beside a signed value, what is known to be small is taken for signed as well. */
export function asSigned(expr: Expr, { type }: Expr): Expr {
  const small = expr.kind === 'var' && expr.local.small === true;
  if (!small || type.kind !== 'int' || !type.signed) return expr;
  return cast(expr, type.bits === 64 ? S64 : S32);
}

/** Reports a comparison whose C meaning would surprise. */
export function checkComparison(fe: Frontend, left: Expr, right: Expr, span: Span): void {
  const [a, b] = [left.type, right.type];
  if (a.kind !== 'int' || b.kind !== 'int') return;
  if (a.signed === b.signed) return;
  const signedSide = a.signed ? left : right;
  if (nonNegative(signedSide)) return;
  fe.report(signMismatch(span, describeType(a), describeType(b)));
}

/**
 * Converts a value to the type of the place it goes to. Integers convert as in C; a struct held in a
 * variable becomes a pointer to it; what does not fit is reported at the value.
 */
export function coerce(fe: Frontend, expr: Expr, to: CType): Expr {
  const from = expr.type;
  if (from.kind === 'error' || to.kind === 'error') return expr;
  if (to.kind === 'int' || to.kind === 'bool') return coerceInteger(fe, expr, to);
  if (to.kind === 'ptr') return coercePointer(fe, expr, to);
  if (to.kind === 'struct') {
    if (from.kind === 'struct' && from.struct === to.struct) return expr;
    if (from.kind === 'ptr' && from.to.kind === 'struct' && from.to.struct === to.struct) {
      // Whether it may be null has been TypeScript's to say.
      return deref(expr, expr.span);
    }
  }
  if (to.kind === 'array' || to.kind === 'chars') {
    // An array held by its address, as elements of arrays are.
    const held = from.kind === 'ptr' && (from.to.kind === 'array' || from.to.kind === 'chars');
    const value: Expr = held ? deref(expr, expr.span) : expr;
    if (sameType(value.type, to) || (to.kind === 'array' && isText(value.type, to))) return value;
  }
  if (to.kind === 'chars' && (from.kind === 'chars' || from.kind === 'string')) return expr;
  if (to.kind === 'string' && (from.kind === 'chars' || from.kind === 'string')) return expr;
  if (to.kind === 'opaque' || to.kind === 'void') return expr;
  if (to.kind === 'untyped' && isInteger(from)) return expr;
  fe.report(incompatible(expr.span, describeType(from), describeType(to)));
  return errorExpr(expr.span);
}

/** The same for a field, which may have fewer bits than its type. */
export function coerceToField(fe: Frontend, expr: Expr, field: Field): Expr {
  const value = coerce(fe, expr, field.type);
  return field.bits === undefined ? value : fitBits(fe, value, field.bits);
}

/** A constant that a bitfield cannot hold is a mistake; other values wrap. */
export function fitBits(fe: Frontend, value: Expr, bits: number): Expr {
  const { type } = value;
  if (value.kind !== 'const' || type.kind !== 'int') return value;
  const cut = type.signed ? BigInt.asIntN(bits, value.value) : BigInt.asUintN(bits, value.value);
  if (cut === value.value) return value;
  const what = `Bits<${describeType(type)}, ${bits}>`;
  fe.report(constantOutOfRange(value.span, String(value.value), what));
  return constant(cut, type, value.span);
}

/** `char[N]` where N bytes are wanted. */
function isText(from: CType, to: Extract<CType, { kind: 'array' }>): boolean {
  return (
    from.kind === 'chars' && from.length === to.length && to.of.kind === 'int' && to.of.bits === 8
  );
}

function coerceInteger(fe: Frontend, given: Expr, to: IntType | BoolType): Expr {
  const expr = to.kind === 'int' ? loaded(given) : given;
  const from = expr.type;
  if (expr.kind === 'const' && from.kind === 'untyped') {
    if (fits(expr.value, to)) return { ...expr, type: to };
    // -1 for "all ones" is what C programmers write; anything else that is cut off is a mistake.
    if (
      to.kind === 'int' &&
      !to.signed &&
      expr.value < 0n &&
      fits(expr.value, intType(to.bits, true))
    ) {
      return constant(wrap(expr.value, to), to, expr.span);
    }
    fe.report(constantOutOfRange(expr.span, String(expr.value), describeType(to)));
    return constant(wrap(expr.value, to), to, expr.span);
  }
  if (from.kind === 'untyped' && expr.kind === 'cond') {
    const [then, other] = [coerceInteger(fe, expr.then, to), coerceInteger(fe, expr.else, to)];
    return { ...expr, then, else: other, type: to };
  }
  if (isInteger(from)) return settle(expr, to);
  if (to.kind === 'bool' && from.kind === 'ptr') return truth(expr);
  if (from.kind === 'opaque' || from.kind === 'void') return expr;
  fe.report(incompatible(expr.span, describeType(from), describeType(to)));
  return errorExpr(expr.span);
}

function coercePointer(fe: Frontend, expr: Expr, to: Extract<CType, { kind: 'ptr' }>): Expr {
  const from = expr.type;
  if (from.kind === 'null') return { ...expr, type: to };
  if (to.region === 'arena' && isElsewhere(expr)) {
    fe.report(notInArena(expr.span, describeType(to)));
    return errorExpr(expr.span);
  }
  if (from.kind === 'ptr' && (sameTarget(from.to, to.to) || to.to.kind === 'void')) return expr;
  if (isCpumask(from, to)) return cast(asReference(expr), { ...to, nullable: false });
  if (from.kind === 'struct' && sameTarget(from, to.to))
    return addressOf(expr, regionOf(expr), expr.span);
  if (from.kind === 'opaque') return { ...expr, type: to };
  if ((from.kind === 'array' || from.kind === 'chars') && sameTarget(from, to.to)) {
    return addressOf(expr, regionOf(expr), expr.span);
  }
  fe.report(incompatible(expr.span, describeType(from), describeType(to)));
  return errorExpr(expr.span);
}

/** Memory that is no arena's for certain. */
function isElsewhere(expr: Expr): boolean {
  const { type } = expr;
  const region = type.kind === 'ptr' ? type.region : regionOf(expr);
  return region !== 'arena' && region !== 'any';
}

/** A bpf_cpumask starts with a cpumask: kernel functions that only read take either. */
export function isCpumask(from: CType, to: CType): boolean {
  return structOf(from)?.name === 'bpf_cpumask' && structOf(to)?.name === 'cpumask';
}

function sameTarget(a: CType, b: CType): boolean {
  return sameType(a, b) || b.kind === 'void' || b.kind === 'opaque';
}

/** Whether it is an object, or the address of one, which is never null. */
export function isObject(expr: Expr): boolean {
  if (expr.type.kind === 'struct' || expr.type.kind === 'array' || expr.type.kind === 'chars')
    return true;
  return expr.kind === 'addr' || (expr.kind === 'cast' && isObject(expr.value));
}

/** What does not depend on a value that is evaluated all the same. */
export function evaluatedThen(expr: Expr, result: Expr): Expr {
  if (!hasEffects(expr)) return result;
  const body: Stmt[] = [{ kind: 'expr', expr, span: expr.span }];
  return { kind: 'block', body, result, type: result.type, span: expr.span };
}

/** A value as a condition: C's truth of integers and pointers is JavaScript's here. */
export function truth(expr: Expr): Expr {
  if (expr.kind === 'const' && isInteger(expr.type))
    return constant(expr.value === 0n ? 0 : 1, BOOL, expr.span);
  if (expr.type.kind === 'untyped') return settle(expr);
  return isObject(expr) ? evaluatedThen(expr, constant(1, BOOL, expr.span)) : expr;
}

/** x / y and x % y as BPF defines them: by zero gives 0 and x. The C operators leave it undefined. */
export function division(op: '/' | '%', left: Expr, right: Expr, type: IntType, span: Span): Expr {
  // The target has no signed division: that goes by the helper, constant divisor or not.
  if (!type.signed && right.kind === 'const' && right.value !== 0n) {
    return { kind: 'binary', op, left, right, type, span };
  }
  const kind = op === '/' ? 'divide' : 'remainder';
  return operation({ kind }, [left, right], type, span);
}

/** A shift with its count taken modulo the width, unless the count is a constant. */
export function shift(op: '<<' | '>>', left: Expr, right: Expr, type: IntType, span: Span): Expr {
  if (right.kind === 'const') return { kind: 'binary', op, left, right, type, span };
  const counts = isSized(right.type) ? promote(right.type) : S32;
  const mask = constant(type.bits - 1, counts, span);
  const masked = binary('&', right, mask, counts, span);
  return { kind: 'binary', op, left, right: masked, type, span };
}

/** The pointer through which a struct-typed expression is used as a value. */
export function asReference(expr: Expr): Expr {
  if (expr.type.kind !== 'struct') return expr;
  return addressOf(expr, regionOf(expr), expr.span);
}
