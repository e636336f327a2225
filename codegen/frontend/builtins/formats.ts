import { ts } from 'ts-morph';
import {
  formatArgument,
  formatValue,
  tooManyFormatValues,
} from '../../diagnostics/catalogue/kernel.js';
import type { Expr } from '../../ir/nodes.js';
import { S32, S64, VOID, describeType } from '../../ir/types.js';
import { asReference, coerce, settle } from '../convert.js';
import { lowerExpr } from '../expressions/index.js';
import { errorExpr, template } from '../make.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';
import { charsIn } from './strings.js';

interface Format {
  text: string;
  values: Expr[];
}

/** The conversion for a value, after its exact type. */
function conversion(fx: FunctionScope, value: Expr): string | undefined {
  const { type } = value;
  switch (type.kind) {
    case 'bool':
      return '%d';
    case 'int': {
      const long = type.bits === 64 ? 'll' : '';
      return `%${long}${type.signed ? 'd' : 'u'}`;
    }
    case 'string':
      return '%s';
    case 'ptr':
      return charsIn(type) === undefined ? '%p' : '%s';
    case 'opaque':
      // Text of the kernel, such as scx_exit_info's msg: bpf_bprintf_prepare() reads it safely.
      if (/^(?:const )?char \*$/.test(type.ctype)) return '%s';
      fx.fe.report(formatValue(value.span, describeType(type)));
      return undefined;
    default:
      if (charsIn(type) !== undefined) return '%s';
      fx.fe.report(formatValue(value.span, describeType(type)));
      return undefined;
  }
}

function readFormat(fx: FunctionScope, node: ts.Expression): Format | undefined {
  const escape = (text: string): string => text.replace(/%/g, '%%');
  if (ts.isStringLiteralLike(node)) return { text: escape(node.text), values: [] };
  if (!ts.isTemplateExpression(node)) return undefined;
  let text = escape(node.head.text);
  const values: Expr[] = [];
  for (const span of node.templateSpans) {
    const lowered = settle(lowerExpr(fx, span.expression));
    if (lowered.type.kind === 'error') return { text, values: [lowered] };
    const value = lowered.type.kind === 'struct' ? asReference(lowered) : lowered;
    const spec = conversion(fx, value);
    if (!spec) return { text, values: [errorExpr(value.span)] };
    text += spec + escape(span.literal.text);
    values.push(value);
  }
  return { text, values };
}

/** scx_bpf_error(`...`), scx_bpf_exit(code, `...`), scx_bpf_dump(`...`), bpf_printk(`...`), bpf_seq_printf(seq, `...`). */
export function lowerFormat(fx: FunctionScope, node: ts.CallExpression): Expr {
  const span = spanOf(node);
  const name = fx.fe.builtinName(fx.fe.symbolOf(node.expression)) ?? '';
  const { macro = name, first, errno } = CALLS[name] ?? {};
  const message = node.arguments[first ? 1 : 0];
  const format = message && readFormat(fx, message);
  if (!format) {
    fx.fe.report(formatArgument(message ? spanOf(message) : span, name));
    return errorExpr(span);
  }
  if (format.values.some((v) => v.type.kind === 'error')) return errorExpr(span);
  if (format.values.length > 12) fx.fe.report(tooManyFormatValues(span, format.values.length));
  const text: Expr = { kind: 'string', value: format.text, type: { kind: 'string' }, span };
  const lead = first && node.arguments[0] ? [first(fx, node.arguments[0])] : [];
  fx.noteCall({ kind: 'kernel', name }, spanOf(node.expression));
  const slots = [...lead, text, ...format.values];
  const c = `${macro}(${slots.map((_, i) => `$${i}`).join(', ')})`;
  return template(c, slots, errno ? S32 : VOID, span);
}

interface FormatCall {
  /** Where C calls it otherwise. */
  macro?: string;
  /** What comes before the message. */
  first?: (fx: FunctionScope, node: ts.Expression) => Expr;
  /** Gives an errno rather than nothing. */
  errno?: true;
}

const CALLS: Record<string, FormatCall> = {
  scx_bpf_exit: { first: (fx, code) => coerce(fx.fe, lowerExpr(fx, code, S64), S64) },
  bpf_printk: { errno: true },
  bpf_seq_printf: { macro: 'BPF_SEQ_PRINTF', first: (fx, seq) => lowerExpr(fx, seq), errno: true },
};
