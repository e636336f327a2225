import { allFunctions } from '../ir/functions.js';
import type { ModuleIr } from '../ir/module.js';
import type { Expr, Stmt } from '../ir/nodes.js';
import { effectsOfNode } from '../ir/effects.js';
import { rewriteLists } from '../ir/rewrite.js';
import { VOID } from '../ir/types.js';
import { walkStmt } from '../ir/walk.js';

/**
 * `seq += 1; a = x; b = y; seq += 1;`: who reads it elsewhere tells by the number whether a and b belong together. clang, which sees
 * no reader, would add both steps at once; the compiler's barrier behind the first and before the second keeps them apart.
 */
export function keepSequenceNumbers(module: ModuleIr): void {
  for (const fn of allFunctions(module)) rewriteLists(fn.body, apart);
}

function apart(list: Stmt[]): Stmt[] {
  const steps = list.flatMap((stmt, at) => {
    const place = steppedBy(stmt);
    return place === undefined ? [] : [{ at, place }];
  });
  if (steps.length < 2) return list;
  const behind = new Set<number>();
  const before = new Set<number>();
  steps.forEach((first, i) => {
    const next = steps.slice(i + 1).find((s) => s.place === first.place);
    if (!next || !list.slice(first.at + 1, next.at).some(writesMemory)) return;
    behind.add(first.at);
    before.add(next.at);
  });
  if (behind.size === 0) return list;
  return list.flatMap((stmt, i) => [
    ...(before.has(i) ? [barrier(stmt)] : []),
    stmt,
    ...(behind.has(i) ? [barrier(stmt)] : []),
  ]);
}

function barrier({ span }: Stmt): Stmt {
  const op = { kind: 'barrier' as const, barrier: 'compiler' as const };
  return { kind: 'expr', expr: { kind: 'op', op, args: [], type: VOID, span }, span };
}

/** What a statement counts on, where that is in memory that others see. */
function steppedBy(stmt: Stmt): string | undefined {
  if (stmt.kind !== 'expr') return undefined;
  const { expr } = stmt;
  if (expr.kind !== 'assign' && expr.kind !== 'step') return undefined;
  const place = placeOf(expr.target);
  if (place === undefined || expr.kind === 'step' || expr.op !== '=') return place;
  return readsPlace(expr.value, place) ? place : undefined;
}

function placeOf(e: Expr): string | undefined {
  switch (e.kind) {
    case 'global':
      return `global ${e.global.name}`;
    case 'member': {
      const base = e.base.kind === 'var' ? e.base.local.name : placeOf(e.base);
      const seen = e.base.kind !== 'var' || e.base.type.kind === 'ptr';
      return base !== undefined && seen ? `${base}.${e.field}` : undefined;
    }
    case 'deref':
      return e.pointer.kind === 'var' ? `*${e.pointer.local.name}` : undefined;
    default:
      return undefined;
  }
}

function readsPlace(value: Expr, place: string): boolean {
  let found = false;
  const stmt: Stmt = { kind: 'expr', expr: value, span: value.span };
  walkStmt(stmt, { expr: (e) => (found ||= placeOf(e) === place) });
  return found;
}

function writesMemory(stmt: Stmt): boolean {
  let found = false;
  walkStmt(stmt, {
    expr: (e) => {
      if (e.kind === 'assign' || e.kind === 'step') found ||= placeOf(e.target) !== undefined;
      else found ||= effectsOfNode(e).writes !== undefined;
    },
  });
  return found;
}
