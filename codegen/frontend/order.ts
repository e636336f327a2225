import type { Expr, Stmt } from '../ir/nodes.js';
import type { Span } from '../ir/span.js';
import { disturbs, hasEffects } from './effects.js';
import { isAggregate } from '../ir/types.js';
import { declStmt, isFresh, useLocal } from './make.js';
import type { FunctionScope } from './scope.js';

/*
 * TypeScript evaluates from left to right, each operand once. C leaves the order of most operands open: where it
 * matters, what comes first gets a variable of its own.
 */

/** Gives a value a variable, unless it is the same whenever it is evaluated. */
export function pinned(fx: FunctionScope, value: Expr, setup: Stmt[]): Expr {
  if (value.kind === 'const' || value.kind === 'enum' || value.kind === 'string') return value;
  if (value.kind === 'null' || value.kind === 'error' || value.type.kind === 'void') return value;
  // Objects in their places are not copied by looking at them.
  if (value.type.kind === 'struct' || value.type.kind === 'array' || value.type.kind === 'chars')
    return value;
  const local = fx.temp('first', value.type, value.span);
  setup.push(declStmt(local, value, value.span));
  const { release } = value;
  return { ...useLocal(local, value.span), ...(release ? { release } : {}) };
}

/** A value by which a place is reached, before what follows changes what the way to it reads. */
export function pinnedPlace(fx: FunctionScope, place: Expr, setup: Stmt[]): Expr {
  switch (place.kind) {
    case 'member':
      return {
        ...place,
        base:
          place.base.type.kind === 'ptr'
            ? pinned(fx, place.base, setup)
            : pinnedPlace(fx, place.base, setup),
      };
    case 'index': {
      const base = pinnedPlace(fx, place.base, setup);
      return { ...place, base, index: pinned(fx, place.index, setup) };
    }
    case 'deref':
      return { ...place, pointer: pinned(fx, place.pointer, setup) };
    default:
      return place;
  }
}

/** The way to a place, evaluated once and before `later`; itself where that makes no difference. */
export function placeBefore(fx: FunctionScope, place: Expr, later: Expr[], setup: Stmt[]): Expr {
  if (place.kind === 'var') return place;
  const way = wayTo(place);
  const matters = way.some((w) => hasEffects(w) || later.some((l) => disturbs(l, w)));
  return matters ? pinnedPlace(fx, place, setup) : place;
}

/** The values that are evaluated to reach a place. */
function wayTo(place: Expr): Expr[] {
  switch (place.kind) {
    case 'member':
      return place.base.type.kind === 'ptr' ? [place.base] : wayTo(place.base);
    case 'index':
      return [...wayTo(place.base), place.index];
    case 'deref':
      return [place.pointer];
    default:
      return [];
  }
}

/** Operands in the order in which they are written: those that a later one disturbs come first, in `setup`. */
export function inOrder(fx: FunctionScope, operands: readonly Expr[], setup: Stmt[]): Expr[] {
  const disturbing = operands.map(
    (later, j) => j > 0 && operands.slice(0, j).some((earlier) => disturbs(later, earlier)),
  );
  const last = disturbing.lastIndexOf(true);
  return operands.map((operand, i) => (i < last ? pinned(fx, operand, setup) : operand));
}

/** `({ setup; result; })`, or the result alone. */
export function after(setup: Stmt[], result: Expr, span: Span = result.span): Expr {
  if (setup.length === 0) return result;
  const { release } = result;
  const block: Expr = { kind: 'block', body: setup, result, type: result.type, span };
  return release ? { ...block, release } : block;
}

/** A value that is evaluated here, whether or not it is used. */
export function evaluated(fx: FunctionScope, value: Expr, setup: Stmt[]): Expr {
  if (!isAggregate(value.type)) return pinned(fx, value, setup);
  if (!isFresh(value) && !(value.type.kind === 'struct' && hasEffects(value))) return value;
  const local = fx.temp('value', value.type, value.span);
  setup.push(declStmt(local, value, value.span));
  return useLocal(local, value.span);
}
