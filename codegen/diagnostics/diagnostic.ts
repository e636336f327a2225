import type { Span } from '../ir/span.js';

/** One message to the author of a program. `code` is stable: `SCXnnnn`, or `TSnnnn` for TypeScript's own. */
export interface Diagnostic {
  code: string;
  message: string;
  /** What to do about it. */
  hint?: string;
  span?: Span;
  /** Other places that matter, e.g. where an object was released. */
  related?: { message: string; span: Span }[];
  severity: 'error' | 'warning';
}

/** An entry of the catalogue (docs/diagnostics.md is generated from these). */
export interface CatalogueEntry {
  code: string;
  title: string;
  why: string;
  wrong: string;
  right: string;
}

const entries: CatalogueEntry[] = [];

/** Every entry defined so far, by code. Import `catalogue/index.js` to have them all. */
export function catalogueEntries(): readonly CatalogueEntry[] {
  return [...entries].sort((a, b) => a.code.localeCompare(b.code));
}

interface Definition<A extends unknown[]> extends Omit<CatalogueEntry, 'code'> {
  /** An error unless it says otherwise. */
  severity?: Diagnostic['severity'];
  message: (...args: A) => string;
  hint?: (...args: A) => string | undefined;
}

/** Defines a diagnostic and returns its factory. */
export function define<A extends unknown[]>(
  code: string,
  definition: Definition<A>,
): (span: Span | undefined, ...args: A) => Diagnostic {
  const { title, why, wrong, right, message, hint, severity = 'error' } = definition;
  entries.push({ code, title, why, wrong, right });
  return (span, ...args) => {
    const text = hint?.(...args);
    return {
      code,
      message: message(...args),
      severity,
      ...(text ? { hint: text } : {}),
      ...(span ? { span } : {}),
    };
  };
}

/** Collects diagnostics of one run, without repeating one at the same place. */
export class DiagnosticBag {
  readonly all: Diagnostic[] = [];
  private readonly seen = new Set<string>();

  add(diagnostic: Diagnostic): void {
    const key = this.keyOf(diagnostic);
    if (this.seen.has(key)) return;
    this.seen.add(key);
    this.all.push(diagnostic);
  }

  mark(): number {
    return this.all.length;
  }

  /** Takes back what was said since. */
  restore(mark: number): void {
    for (const diagnostic of this.all.splice(mark)) this.seen.delete(this.keyOf(diagnostic));
  }

  private keyOf(diagnostic: Diagnostic): string {
    const { span } = diagnostic;
    return `${diagnostic.code}:${span?.file}:${span?.start}:${span ? '' : diagnostic.message}`;
  }

  get failed(): boolean {
    return this.all.some((d) => d.severity === 'error');
  }
}
