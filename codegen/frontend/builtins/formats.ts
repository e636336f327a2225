import { ts } from 'ts-morph';
import { textEnds } from '../../diagnostics/catalogue/meaning.js';
import {
  formatArgument,
  formatValue,
  tooManyFormatValues,
} from '../../diagnostics/catalogue/kernel.js';
import type { Expr } from '../../ir/nodes.js';
import type { FormatSink } from '../../ir/operations.js';
import { S32, S64, VOID, charsIn, describeType, type CType } from '../../ir/types.js';
import { asReference, coerce, settle } from '../convert.js';
import { lowerExpr } from '../expressions/index.js';
import { errorExpr, operation } from '../make.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';

interface Format {
  texts: string[];
  values: Expr[];
}

/** Whether a format has a conversion for a value of that type. */
function isPrintable(type: CType): boolean {
  switch (type.kind) {
    case 'bool':
    case 'int':
    case 'string':
    case 'ptr':
      return true;
    case 'opaque':
      // Text of the kernel, such as scx_exit_info's msg: bpf_bprintf_prepare() reads it safely.
      return type.text === true;
    default:
      return charsIn(type) !== undefined;
  }
}

function readFormat(fx: FunctionScope, node: ts.Expression): Format | undefined {
  if (ts.isStringLiteralLike(node)) return { texts: [node.text], values: [] };
  if (!ts.isTemplateExpression(node)) return undefined;
  const texts = [node.head.text];
  const values: Expr[] = [];
  for (const span of node.templateSpans) {
    const lowered = settle(lowerExpr(fx, span.expression));
    if (lowered.type.kind === 'error') return { texts, values: [lowered] };
    const value = lowered.type.kind === 'struct' ? asReference(lowered) : lowered;
    if (!isPrintable(value.type)) {
      fx.fe.report(formatValue(value.span, describeType(value.type)));
      return { texts, values: [errorExpr(value.span)] };
    }
    texts.push(span.literal.text);
    values.push(value);
  }
  return { texts, values };
}

/** scx_bpf_error(`...`), scx_bpf_exit(code, `...`), scx_bpf_dump(`...`), bpf_printk(`...`), bpf_seq_printf(seq, `...`). */
export function lowerFormat(fx: FunctionScope, node: ts.CallExpression): Expr {
  const span = spanOf(node);
  const name = fx.fe.builtinName(fx.fe.symbolOf(node.expression)) ?? '';
  const call = CALLS[name];
  if (!call) return errorExpr(span);
  const { sink, first, errno } = call;
  const message = node.arguments[first ? 1 : 0];
  const format = message && readFormat(fx, message);
  if (!format) {
    fx.fe.report(formatArgument(message ? spanOf(message) : span, name));
    return errorExpr(span);
  }
  const { texts, values } = format;
  if (texts.some((t) => t.includes('\0'))) {
    fx.fe.report(textEnds(spanOf(message)));
    return errorExpr(span);
  }
  if (values.some((v) => v.type.kind === 'error')) return errorExpr(span);
  if (values.length > 12) fx.fe.report(tooManyFormatValues(span, values.length));
  const lead = first && node.arguments[0] ? [first(fx, node.arguments[0])] : [];
  fx.noteCall({ kind: 'kernel', name }, spanOf(node.expression));
  const op = { kind: 'format' as const, sink, texts, lead: lead.length > 0 };
  return operation(op, [...lead, ...values], errno ? S32 : VOID, span);
}

interface FormatCall {
  sink: FormatSink;
  /** What comes before the message. */
  first?: (fx: FunctionScope, node: ts.Expression) => Expr;
  /** Gives an errno rather than nothing. */
  errno?: true;
}

const CALLS: Record<string, FormatCall> = {
  scx_bpf_error: { sink: 'scx_bpf_error' },
  scx_bpf_dump: { sink: 'scx_bpf_dump' },
  scx_bpf_exit: {
    sink: 'scx_bpf_exit',
    first: (fx, code) => coerce(fx.fe, lowerExpr(fx, code, S64), S64),
  },
  bpf_printk: { sink: 'bpf_printk', errno: true },
  bpf_seq_printf: { sink: 'bpf_seq_printf', first: (fx, seq) => lowerExpr(fx, seq), errno: true },
};
