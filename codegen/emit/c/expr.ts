import { layoutOf } from '../../ir/layout.js';
import { commonType, isSized, promote } from '../../ir/integers.js';
import type { Expr } from '../../ir/nodes.js';
import { sameType, structOf, type CType } from '../../ir/types.js';
import { cString } from './c-string.js';
import { typeName } from './c-type.js';
import { cFunction, nativeSymbols } from './compat/index.js';
import { printOperation } from './operations.js';
import type { Requests } from './requests.js';

/** Binding strength of C operators, higher binds tighter. */
const PRECEDENCE: Record<string, number> = {
  '||': 1,
  '&&': 2,
  '|': 3,
  '^': 4,
  '&': 5,
  '==': 6,
  '!=': 6,
  '<': 7,
  '<=': 7,
  '>': 7,
  '>=': 7,
  '<<': 8,
  '>>': 8,
  '+': 9,
  '-': 9,
  '*': 10,
  '/': 10,
  '%': 10,
};
const ASSIGN = -1;
const COND = 0;
export const UNARY = 11;
export const POSTFIX = 12;
const PRIMARY = 13;

/** How statements are printed inside `({ ... })`; set by stmt.ts, which needs this file. */
export interface ExprContext {
  readonly requests: Requests;
  block(body: Extract<Expr, { kind: 'block' }>): string;
}

export interface Printed {
  text: string;
  level: number;
}

export function printExpr(expr: Expr, context: ExprContext): string {
  return print(expr, context).text;
}

export function at(expr: Expr, level: number, context: ExprContext): string {
  const { text, level: own } = print(expr, context);
  return own < level ? `(${text})` : text;
}

/** A constant with the suffix that gives it exactly its type. */
export function constantText(value: bigint, type: CType): string {
  if (type.kind === 'bool') return value ? 'true' : 'false';
  const bits =
    type.kind === 'int' ? type.bits : value >= -0x80000000n && value <= 0x7fffffffn ? 32 : 64;
  const unsigned = type.kind === 'int' ? !type.signed && bits >= 32 : value > 0x7fffffffffffffffn;
  if (value === -(1n << 63n)) return '(-0x7fffffffffffffffLL - 1)';
  if (bits === 32 && value === -(1n << 31n)) return '(-0x7fffffff - 1)';
  const suffix = (unsigned ? 'U' : '') + (bits === 64 ? 'LL' : '');
  return `${digits(value)}${suffix}`;
}

function digits(value: bigint): string {
  return value > 0xfffffn && (value & 0xffn) === 0xffn
    ? `0x${value.toString(16)}`
    : value.toString();
}

/** The type that the macro of a constant has in C: its own, or that of its digits. */
function macroType({ value, named }: Extract<Expr, { kind: 'const' }>): CType {
  if (named && named.kind !== 'untyped') return named;
  const bits = value >= -0x80000000n && value <= 0x7fffffffn ? 32 : 64;
  return { kind: 'int', bits, signed: value <= 0x7fffffffffffffffn };
}

/** A macro where a value of the constant's type is wanted. */
function namedText(name: string, expr: Extract<Expr, { kind: 'const' }>): Printed {
  const has = macroType(expr);
  const isIt =
    expr.type.kind !== 'int' ||
    (expr.type.bits <= 32 && has.kind === 'bool') ||
    sameType(has, expr.type);
  return isIt
    ? { text: name, level: PRIMARY }
    : { text: `(${typeName(expr.type)})${name}`, level: UNARY };
}

/** A constant where C converts it to the right type anyway: beside an operand of that type, as an argument. */
function plain(expr: Expr, beside?: Expr): Expr {
  if (expr.kind !== 'const' || expr.type.kind !== 'int') return expr;
  if (expr.name !== undefined) return plainName(expr, beside);
  if (expr.value < -0x7fffffffn || expr.value > 0x7fffffffn) return expr;
  if (
    beside &&
    (beside.kind === 'const' ||
      beside.type.kind !== 'int' ||
      beside.type.bits !== expr.type.bits ||
      beside.type.signed !== expr.type.signed)
  )
    return expr;
  return { ...expr, type: { kind: 'int', bits: 32, signed: true } };
}

/** The same of a macro: what is no wider than the other operand is converted to its type. */
function plainName(expr: Extract<Expr, { kind: 'const' }>, beside?: Expr): Expr {
  const has = macroType(expr);
  const bare: Expr = { ...expr, type: has };
  if (!beside || has.kind !== 'int') return bare;
  const alike = beside.kind !== 'const' && sameType(beside.type, expr.type);
  return alike && has.bits <= (expr.type.kind === 'int' ? expr.type.bits : 0) ? bare : expr;
}

/** What is converted, where C converts it by itself to the type that the IR says. */
export function unconverted(expr: Expr): Expr {
  return expr.kind === 'convert' ? unconverted(expr.value) : expr;
}

/** The operands of an operator without the conversions that C makes of them: those to the type in which it computes. */
function operands(left: Expr, right: Expr): [Expr, Expr] {
  const bare = [unconverted(left), unconverted(right)] as const;
  const [a, b, to] = [bare[0].type, bare[1].type, left.type];
  const isSame = !isSized(a) || !isSized(b) || !isSized(to) || sameType(commonType(a, b), to);
  return isSame ? [...bare] : [left, right];
}

/** The operand of an operator that has one, or the one of a shift that decides how wide it is. */
function promoted(operand: Expr): Expr {
  const bare = unconverted(operand);
  return isSized(bare.type) && sameType(promote(bare.type), operand.type) ? bare : operand;
}

function print(expr: Expr, c: ExprContext): Printed {
  switch (expr.kind) {
    case 'const':
      if (expr.name) return namedText(expr.name, expr);
      return {
        text: constantText(expr.value, expr.type),
        level: expr.value < 0n ? UNARY : PRIMARY,
      };
    case 'string':
      return { text: stringText(expr.value), level: PRIMARY };
    case 'null':
      return { text: 'NULL', level: PRIMARY };
    case 'error':
      return { text: '0', level: PRIMARY };
    case 'var':
      return {
        text: expr.local.byPointer ? `(*${expr.local.name})` : expr.local.name,
        level: PRIMARY,
      };
    case 'global':
      return { text: expr.global.name, level: PRIMARY };
    case 'constant':
      return { text: expr.constant.name, level: PRIMARY };
    case 'enum':
      return { text: expr.name, level: PRIMARY };
    case 'unary': {
      const operand = at(
        expr.op === '!' ? unconverted(expr.operand) : promoted(expr.operand),
        UNARY,
        c,
      );
      const gap = operand.startsWith(expr.op) && expr.op === '-' ? ' ' : '';
      return { text: `${expr.op}${gap}${operand}`, level: UNARY };
    }
    case 'binary': {
      const level = PRECEDENCE[expr.op]!;
      // Mixed bit operators and shifts are parenthesised as -Wparentheses and readers want it.
      const inner = (e: Expr, min: number): string => {
        const mixed =
          e.kind === 'binary' &&
          e.op !== expr.op &&
          ('&|^<<>>'.includes(expr.op) || '&|^<<>>'.includes(e.op) || /[=<>]/.test(e.op));
        return mixed || e.kind === 'logical' ? `(${printExpr(e, c)})` : at(e, min, c);
      };
      const isShift = expr.op === '<<' || expr.op === '>>';
      const [a, b] = isShift
        ? [promoted(expr.left), unconverted(expr.right)]
        : operands(expr.left, expr.right);
      const left = isShift ? a : plain(a, b);
      const right = isShift ? plain(b) : plain(b, a);
      return {
        text: `${inner(left, level)} ${expr.op} ${inner(right, level + 1)}`,
        level,
      };
    }
    case 'logical': {
      const level = PRECEDENCE[expr.op]!;
      const inner = (e: Expr): string =>
        e.kind === 'logical' && e.op !== expr.op ? `(${printExpr(e, c)})` : at(e, level, c);
      const [left, right] = [unconverted(expr.left), unconverted(expr.right)];
      return { text: `${inner(left)} ${expr.op} ${inner(right)}`, level };
    }
    case 'cond': {
      const test = at(unconverted(expr.test), 1, c);
      const [then, other] = operands(expr.then, expr.else);
      return {
        text: `${test} ? ${at(plain(then, other), COND, c)} : ${at(plain(other, then), COND, c)}`,
        level: COND,
      };
    }
    case 'elvis': {
      const [left, right] = operands(expr.left, expr.right);
      return { text: `${at(left, 1, c)} ?: ${at(right, 1, c)}`, level: COND };
    }
    case 'assign':
      if (expr.target.type.kind === 'struct' && layoutOf(expr.target.type).size > INLINE_COPY)
        return { text: largeCopy(expr.target, expr.value, c), level: POSTFIX };
      if (expr.target.type.kind === 'array' || expr.target.type.kind === 'chars')
        return { text: arrayCopy(expr.target, expr.value, c), level: POSTFIX };
      return {
        text: `${place(expr.target, c)} ${expr.op} ${at(plain(unconverted(expr.value)), COND, c)}`,
        level: ASSIGN,
      };
    case 'step': {
      // `*p++` would step the pointer.
      const target = isBits(expr.target)
        ? memberText(expr.target, c)
        : at(expr.target, expr.prefix ? UNARY : POSTFIX, c);
      return { text: expr.prefix ? `${expr.op}${target}` : `${target}${expr.op}`, level: UNARY };
    }
    case 'call': {
      const { callee } = expr;
      const name = callee.kind === 'function' ? callee.fn.name : cFunction(callee.name);
      return {
        text: `${name}(${expr.args
          .map((a, i) => {
            const indirect = callee.kind === 'function' && callee.fn.params[i]?.byPointer;
            return indirect ? `&${at(a, UNARY, c)}` : argument(a, c);
          })
          .join(', ')})`,
        level: POSTFIX,
      };
    }
    case 'member':
      if (isKernelBits(expr)) return { text: bitsText(expr, c), level: UNARY };
      // C promotes a bitfield to int.
      if (isBits(expr))
        return { text: `(${typeName(expr.type)})${memberText(expr, c)}`, level: UNARY };
      return { text: memberText(expr, c), level: POSTFIX };
    case 'index':
      return { text: `${at(expr.base, POSTFIX, c)}[${printExpr(expr.index, c)}]`, level: POSTFIX };
    case 'deref':
      return { text: `*${at(expr.pointer, UNARY, c)}`, level: UNARY };
    case 'addr':
      return { text: `&${at(expr.of, UNARY, c)}`, level: UNARY };
    case 'cast':
    case 'convert':
      return { text: `(${typeName(expr.type)})${at(expr.value, UNARY, c)}`, level: UNARY };
    case 'object':
      return print({ ...expr, kind: 'addr', of: expr.value }, c);
    case 'init':
      return { text: initText(expr, c), level: POSTFIX };
    case 'block':
      return { text: c.block(expr), level: PRIMARY };
    case 'exists':
      return existsText(expr, c);
    case 'op':
      return printOperation(expr, c);
    case 'record':
      return { text: '0', level: PRIMARY };
  }
}

type Member = Extract<Expr, { kind: 'member' }>;

function memberText(expr: Member, c: ExprContext): string {
  return `${at(expr.base, POSTFIX, c)}${expr.base.type.kind === 'ptr' ? '->' : '.'}${expr.field}`;
}

/** A bitfield of the program. */
function isBits(expr: Expr): expr is Member {
  if (expr.kind !== 'member') return false;
  const struct = structOf(expr.base.type);
  return struct?.kernel === false && struct.field(expr.field)?.bits !== undefined;
}

/** What is assigned to. */
function place(target: Expr, c: ExprContext): string {
  return isBits(target) ? memberText(target, c) : at(target, UNARY, c);
}

/** A bitfield of the kernel, or a field as wide as the running kernel has it: C alone would take its own layout's bits. */
function isKernelBits(expr: Member): boolean {
  const struct = structOf(expr.base.type);
  return struct?.kernel === true && struct.field(expr.field)?.bits !== undefined;
}

function bitsText(expr: Member, c: ExprContext): string {
  const base =
    expr.base.type.kind === 'ptr' ? at(expr.base, COND, c) : `&${at(expr.base, UNARY, c)}`;
  return `(${typeName(expr.type)})${c.requests.use('scxts_read_bits')}(${base}, ${expr.field})`;
}

/** Bytes up to which clang copies by itself; it would call memcpy() for more, which BPF does not have. */
const INLINE_COPY = 1024;

function largeCopy(target: Expr, value: Expr, c: ExprContext): string {
  const word = `u${Math.min(layoutOf(target.type).align, 8) * 8}`;
  const to = `&${at(target, UNARY, c)}`;
  return value.kind === 'init' && value.fields.length === 0
    ? `${c.requests.use('scxts_zero_words')}(${word}, ${to})`
    : `${c.requests.use('scxts_copy_words')}(${word}, ${to}, &${at(value, UNARY, c)})`;
}

/** C has no assignment of arrays. Text out of the kernel is copied up to its end. */
function arrayCopy(target: Expr, value: Expr, c: ExprContext): string {
  const to = argument(target, c);
  const from = argument(value, c);
  if (value.type.kind === 'chars')
    return `bpf_probe_read_kernel_str(${to}, sizeof(${to}), ${from})`;
  if (layoutOf(target.type).size > INLINE_COPY) return largeCopy(target, value, c);
  return `__builtin_memcpy(${to}, ${from}, sizeof(${to}))`;
}

/** A text as a string of C. */
export function stringText(text: string): string {
  return `"${cString(text)}"`;
}

export function argument(expr: Expr, c: ExprContext): string {
  const text = at(plain(unconverted(expr)), COND, c);
  // A macro argument with a comma outside parentheses would be taken apart.
  return expr.kind === 'init' && text.includes('{') ? `(${text})` : text;
}

/** `(struct x){ .a = 1 }`. */
function initText(expr: Extract<Expr, { kind: 'init' }>, c: ExprContext): string {
  return `(${typeName(expr.type)})${bareInit(expr, c)}`;
}

/** The braces alone, for initialisers of declarations. */
export function bareInit(expr: Extract<Expr, { kind: 'init' }>, c: ExprContext): string {
  if (expr.fields.length === 0) return '{}';
  const parts = expr.fields.map(({ name, value: given }) => {
    const value = unconverted(given);
    const text = value.kind === 'init' ? bareInit(value, c) : at(plain(value), COND, c);
    return name === undefined ? text : `.${name} = ${text}`;
  });
  return `{ ${parts.join(', ')} }`;
}

function existsText({ what }: Extract<Expr, { kind: 'exists' }>, c: ExprContext): Printed {
  const call = (text: string): Printed => ({ text, level: POSTFIX });
  switch (what.kind) {
    case 'ksym': {
      // Under any of the names that kernels had for it.
      const has = c.requests.use('scxts_has');
      const tests = nativeSymbols(what.name).map((s) => `${has}(${s})`);
      return { text: tests.join(' || '), level: tests.length > 1 ? PRECEDENCE['||']! : POSTFIX };
    }
    case 'variable':
      return call(`${c.requests.use('scxts_has')}(&${what.variable.symbol})`);
    case 'field': {
      const { access } = what;
      const text = access.kind === 'member' ? memberText(access, c) : printExpr(access, c);
      return call(`bpf_core_field_exists(${text})`);
    }
    case 'enum':
      return call(`bpf_core_enum_value_exists(enum ${what.enumName}, ${what.name}___v)`);
    case 'type':
      return call(`bpf_core_type_exists(${what.struct.keyword} ${what.struct.name})`);
  }
}
