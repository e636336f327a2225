import type { Expr } from '../ir/nodes.js';
import type { Span } from '../ir/span.js';
import { ERROR } from '../ir/types.js';

export * from '../ir/make.js';

/** Places that could not be compiled since the last look: each has its diagnostic, or scxts has a fault. */
let failed: Span[] = [];

export function takeFailures(): Span[] {
  const taken = failed;
  failed = [];
  return taken;
}

export function failureCount(): number {
  return failed.length;
}

/** Takes back those after the first ones: what failed is compiled again. */
export function forgetFailures(count: number): void {
  failed.length = count;
}

export function errorExpr(span: Span): Expr {
  failed.push(span);
  return { kind: 'error', type: ERROR, span };
}
