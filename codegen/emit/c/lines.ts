import { basename, relative } from 'node:path';
import type { Span } from '../../ir/span.js';
import { cString } from './c-string.js';

/** Line of what carries no code of its own, such as a closing brace: no directive is needed. */
export const CONTINUE = -1;

/**
 * Collects the lines of the C file. User code carries `#line`, so that clang, the object's line
 * information and the verifier's log speak of the TypeScript; a directive is written only where the
 * line would otherwise be counted wrong.
 */
export class LineWriter {
  /** Text, or the place of a directive that gives the line of this file itself. */
  private readonly lines: (string | undefined)[] = [];
  private indent = 0;
  /** What the compiler believes the next line to be, or undefined in generated code. */
  private believed: { file: string; line: number } | undefined;

  constructor(
    private readonly directory: string,
    private readonly ownName: string,
  ) {}

  /** A line of generated code. */
  own(text = ''): void {
    if (this.believed) {
      this.believed = undefined;
      this.lines.push(undefined);
    }
    for (const line of text.split('\n')) this.lines.push(this.indented(line));
  }

  /** A line of user code that stems from a place in the TypeScript. */
  user(span: Span, text: string): void {
    const file = this.display(span.file);
    const goesOn = span.line === CONTINUE && this.believed !== undefined;
    const line = goesOn ? this.believed!.line : Math.max(1, span.line);
    if (this.believed?.file !== file || this.believed.line !== line) {
      this.lines.push(`#line ${line} "${cString(file)}"`);
    }
    const parts = text.split('\n');
    for (const part of parts) this.lines.push(this.indented(part));
    this.believed = { file, line: line + parts.length };
  }

  nest<T>(body: () => T): T {
    this.indent++;
    try {
      return body();
    } finally {
      this.indent--;
    }
  }

  get depth(): number {
    return this.indent;
  }

  private indented(line: string): string {
    return line === '' || line.startsWith('#') ? line : '\t'.repeat(this.indent) + line;
  }

  private display(file: string): string {
    return relative(this.directory, file) || basename(file);
  }

  /** The text; `before` is how many lines of the file are in front of it. */
  toString(before = 0): string {
    const lines = this.lines.map(
      (line, i) => line ?? `#line ${before + i + 2} "${cString(this.ownName)}"`,
    );
    return lines.join('\n') + '\n';
  }
}
