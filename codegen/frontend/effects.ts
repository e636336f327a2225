import type { FunctionIr } from '../ir/module.js';
import type { Expr, Local } from '../ir/nodes.js';
import { effectsOf as effectsOfOperation } from '../ir/operations.js';
import { isAggregate } from '../ir/types.js';
import { partsOf, walkExpr, walkStmt, type Visitor } from '../ir/walk.js';

/** What evaluating an expression reads and changes: variables by name, everything else as one. */
export interface Effects {
  reads: Set<Local>;
  writes: Set<Local>;
  readsMemory: boolean;
  writesMemory: boolean;
}

const summaries = new WeakMap<FunctionIr, Pick<Effects, 'readsMemory' | 'writesMemory'>>();

/** What a function of the program does to memory that is not its own. */
function summaryOf(fn: FunctionIr): Pick<Effects, 'readsMemory' | 'writesMemory'> {
  const known = summaries.get(fn);
  if (known) return known;
  const found = none();
  summaries.set(fn, found);
  const visit: Visitor = { expr: (e) => note(e, found) };
  for (const stmt of fn.body) walkStmt(stmt, visit);
  return found;
}

function none(): Effects {
  return { reads: new Set(), writes: new Set(), readsMemory: false, writesMemory: false };
}

export function effectsOf(...exprs: Expr[]): Effects {
  const found = none();
  for (const expr of exprs) walkExpr(expr, { expr: (e) => note(e, found) });
  return found;
}

/** The variable that a place is part of; undefined for what is reached through a pointer. */
function rootOf(place: Expr): Local | undefined {
  if (place.kind === 'var') return place.local;
  if (place.kind === 'member' && place.base.type.kind !== 'ptr') return rootOf(place.base);
  return place.kind === 'index' ? rootOf(place.base) : undefined;
}

function note(expr: Expr, found: Effects): void {
  switch (expr.kind) {
    case 'var':
      found.reads.add(expr.local);
      // Others may have its address.
      if (isAggregate(expr.type)) found.readsMemory = true;
      return;
    case 'global':
    case 'deref':
      found.readsMemory = true;
      return;
    case 'member':
      if (expr.base.type.kind === 'ptr') found.readsMemory = true;
      return;
    case 'assign':
    case 'step': {
      const root = rootOf(expr.target);
      if (root) found.writes.add(root);
      if (!root || isAggregate(root.type)) found.writesMemory = true;
      return;
    }
    case 'call':
      if (expr.callee.kind === 'function') {
        const summary = summaryOf(expr.callee.fn);
        found.readsMemory ||= summary.readsMemory;
        found.writesMemory ||= summary.writesMemory;
      } else {
        found.readsMemory = true;
        // A kernel function that is given numbers changes nothing that the program reads.
        found.writesMemory ||= expr.args.some((a) => a.type.kind === 'ptr');
      }
      noteAddresses(expr, found);
      return;
    case 'op':
      noteOperation(expr, found);
      return;
    default:
      return;
  }
}

function noteOperation(expr: Extract<Expr, { kind: 'op' }>, found: Effects): void {
  const { call, reads, looks, writes, fences } = effectsOfOperation(expr.op);
  if (call !== undefined || reads || fences) found.readsMemory = true;
  if (fences) found.writesMemory = true;
  if (looks || (call === undefined && !writes)) return;
  found.writesMemory = true;
  noteAddresses(expr, found);
}

/** A call may change what it is given the address of. */
function noteAddresses(call: Expr, found: Effects): void {
  const visit = (e: Expr): void => {
    const root = e.kind === 'addr' ? rootOf(e.of) : undefined;
    if (root) found.writes.add(root);
    partsOf(e).exprs.forEach(visit);
  };
  visit(call);
}

/** Whether evaluating it changes anything. */
export function hasEffects(expr: Expr): boolean {
  const { writes, writesMemory } = effectsOf(expr);
  return writesMemory || writes.size > 0;
}

/** Whether what `later` changes is what `earlier` reads. */
export function disturbs(later: Expr, earlier: Expr): boolean {
  const after = effectsOf(later);
  if (!after.writesMemory && after.writes.size === 0) return false;
  const before = effectsOf(earlier);
  if (after.writesMemory && before.readsMemory) return true;
  return [...before.reads].some((local) => after.writes.has(local));
}
