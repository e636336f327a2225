import type { Expr } from '../../ir/nodes.js';
import type { FormatSink, Op } from '../../ir/operations.js';
import { charsIn, type CType } from '../../ir/types.js';
import type { ExprContext } from './expr.js';

/** Where C calls it otherwise. */
const MACROS: Readonly<Partial<Record<FormatSink, string>>> = { bpf_seq_printf: 'BPF_SEQ_PRINTF' };
/** Those whose functions in the kernel take texts as scxts_format() makes them. */
const OWN: ReadonlySet<FormatSink> = new Set(['scx_bpf_error', 'scx_bpf_exit', 'scx_bpf_dump']);

/** The conversion for a value, after its exact type. */
function conversion(type: CType): string {
  switch (type.kind) {
    case 'bool':
      return '%d';
    case 'int':
      return `%${type.bits === 64 ? 'll' : ''}${type.signed ? 'd' : 'u'}`;
    case 'ptr':
      return charsIn(type) === undefined ? '%p' : '%s';
    default:
      return '%s';
  }
}

/** bpf_bprintf_prepare() in kernel/bpf/helpers.c takes nothing else in a format: what else a text has goes by `%s`. */
const UNPRINTABLE = /[^\x09-\x0d\x20-\x7e](?:.*[^\x09-\x0d\x20-\x7e])?/s;

function asFormat(text: string, literal: (text: string) => string, values: string[]): string {
  const plain = (part: string): string => part.replace(/%/g, '%%');
  const from = text.search(UNPRINTABLE);
  const [run] = UNPRINTABLE.exec(text) ?? [];
  if (run === undefined) return plain(text);
  values.push(literal(run));
  return `${plain(text.slice(0, from))}%s${plain(text.slice(from + run.length))}`;
}

/** The call that prints a text with values in it. */
export function formatCall(
  { sink, texts, lead }: Extract<Op, { kind: 'format' }>,
  args: string[],
  exprs: Expr[],
  c: ExprContext,
  literal: (text: string) => string,
): string {
  if (OWN.has(sink)) c.requests.features.add('format');
  const first = lead ? 1 : 0;
  const conversions = exprs.slice(first).map((e) => conversion(e.type));
  const values: string[] = [];
  const format = texts
    .map((text, i) => {
      const own = asFormat(text, literal, values);
      const value = args[first + i];
      if (value !== undefined) values.push(value);
      return own + (conversions[i] ?? '');
    })
    .join('');
  const all = [...args.slice(0, first), literal(format), ...values];
  return `${MACROS[sink] ?? sink}(${all.join(', ')})`;
}
