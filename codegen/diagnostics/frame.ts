import { relative } from 'node:path';
import type { Diagnostic } from './diagnostic.js';
import { printable, printableLine } from '../../native/runtime/printable.js';
import type { Span } from '../ir/span.js';

/** Gives a file's text, or undefined where it cannot be had. */
export type SourceReader = (file: string) => string | undefined;

interface Position {
  line: number;
  column: number;
}

export function positionOf(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return { line, column: offset - (before.lastIndexOf('\n') + 1) + 1 };
}

function displayPath(file: string): string {
  const path = relative(process.cwd(), file);
  return printableLine(path.startsWith('..') ? file : path);
}

/** Columns of a line that are shown: of a longer one those around the place. */
const WIDTH = 160;

/** A long line from `start` on, and how far what was at a column has moved. */
function cropped(line: string, start: number): { text: string; moved: number } {
  if (line.length <= WIDTH) return { text: line, moved: 0 };
  const [before, after] = [start > 0 ? '…' : '', line.length > start + WIDTH ? '…' : ''];
  return {
    text: before + line.slice(start, start + WIDTH) + after,
    moved: before.length - start,
  };
}

/** The lines around a span with a caret line under it. Columns count UTF-16 units, tabs are one. */
function codeFrame(text: string, span: Span, paint: Painter): string {
  const lines = text.split('\n');
  const from = positionOf(text, span.start);
  const to = positionOf(text, Math.max(span.end, span.start + 1));
  const first = Math.max(1, from.line - 1);
  const last = Math.min(lines.length, from.line + 1);
  const gutter = String(last).length;
  const start = Math.max(0, from.column - 1 - WIDTH / 2);
  const out: string[] = [];
  for (let n = first; n <= last; n++) {
    const whole = printable((lines[n - 1] ?? '').replace(/\t/g, ' ').replace(/\r$/, ''));
    const { text: source, moved } = cropped(whole, start);
    const marker = n === from.line ? paint.error('>') : ' ';
    out.push(`${marker} ${paint.dim(String(n).padStart(gutter) + ' |')} ${source}`.trimEnd());
    if (n === from.line) {
      const column = from.column + moved;
      const width =
        to.line === from.line ? to.column - from.column : whole.length - from.column + 1;
      const carets = '^'.repeat(Math.max(1, Math.min(width, source.length - column + 1)));
      out.push(
        `  ${paint.dim(' '.repeat(gutter) + ' |')} ${' '.repeat(column - 1)}${paint.error(carets)}`,
      );
    }
  }
  return out.join('\n');
}

interface Painter {
  error: (text: string) => string;
  dim: (text: string) => string;
  bold: (text: string) => string;
}

const plain: Painter = { error: (t) => t, dim: (t) => t, bold: (t) => t };
const ansi = (code: number) => (text: string) => `\u001b[${code}m${text}\u001b[0m`;
const coloured: Painter = { error: ansi(31), dim: ansi(2), bold: ansi(1) };

function place(span: Span, read: SourceReader): string {
  const text = read(span.file);
  const at = text === undefined ? { line: span.line, column: 1 } : positionOf(text, span.start);
  return `${displayPath(span.file)}:${at.line}:${at.column}`;
}

/** A diagnostic as a person reads it: place, code, message, code frame, hint. */
export function formatDiagnostic(
  diagnostic: Diagnostic,
  read: SourceReader,
  options: { color?: boolean } = {},
): string {
  const paint = options.color ? coloured : plain;
  const { span, code, related, severity } = diagnostic;
  const message = printable(diagnostic.message);
  const hint = diagnostic.hint === undefined ? undefined : printable(diagnostic.hint);
  const head = `${paint.error(severity)} ${code}: ${message}`;
  const out = [span ? `${paint.bold(place(span, read))} - ${head}` : head];
  const text = span && read(span.file);
  if (span && text !== undefined) out.push('', codeFrame(text, span, paint), '');
  for (const other of related ?? [])
    out.push(`  ${place(other.span, read)}: ${printable(other.message)}`);
  if (hint) out.push(`  ${paint.bold('hint:')} ${hint.replace(/\n/g, '\n        ')}`);
  return out.join('\n');
}

/** A diagnostic for tools (`--format json`): positions resolved, offsets kept. */
export function diagnosticToJson(diagnostic: Diagnostic, read: SourceReader): object {
  const { span, related, ...rest } = diagnostic;
  const resolve = (s: Span) => {
    const text = read(s.file);
    const from = text === undefined ? undefined : positionOf(text, s.start);
    const to = text === undefined ? undefined : positionOf(text, s.end);
    return {
      file: s.file,
      line: from?.line ?? s.line,
      column: from?.column ?? 1,
      endLine: to?.line ?? s.line,
      endColumn: to?.column ?? 1,
    };
  };
  return {
    ...rest,
    ...(span ? { location: resolve(span) } : {}),
    ...(related
      ? { related: related.map((r) => ({ message: r.message, location: resolve(r.span) })) }
      : {}),
  };
}
