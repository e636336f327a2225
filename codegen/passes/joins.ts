import { runs } from '../ir/effects.js';
import { programLabel, reachedBy } from '../ir/functions.js';
import { forget, useLocal } from '../ir/make.js';
import type { FunctionIr, ModuleIr, ProgramIr } from '../ir/module.js';
import type { Expr, Local, Stmt } from '../ir/nodes.js';
import { rewriteLists } from '../ir/rewrite.js';
import { partsOf } from '../ir/walk.js';
import { changedIn, onStack } from './forgetting.js';
import { isLoop, LastUses } from './last-uses.js';

/** Branches that have left something behind, at one place, up to which a verifier may follow all ways: a thousand. */
const FEW = 10;

/**
 * A verifier follows each way through a program until it meets a state that it knows. Where branches leave numbers behind
 * that it can tell apart, thirty of them in a row are a billion ways: what they have changed is made unknown
 * where they meet, so that the ways are one again. Programs with few such branches stay as they are.
 */
export function forgetAtJoins(module: ModuleIr): void {
  const counts = new JoinCounts();
  const wanted = new Set<FunctionIr>();
  for (const program of module.programs)
    if (counts.ofProgram(program) > FEW) reachedBy(program.fn, 'ever', wanted);
  for (const fn of wanted) forgetIn(fn);
}

/** What a verifier has to tell apart in a program, for `scxts check --stats`. */
export interface PathEstimate {
  /** As the author calls it. */
  program: string;
  /** Branches whose outcomes a verifier may have to keep apart at one place: up to 2 to this power ways. */
  branches: number;
  /** They are made one where they meet, since there are too many. */
  joined: boolean;
}

export function estimatePaths(module: ModuleIr): PathEstimate[] {
  const counts = new JoinCounts();
  return module.programs.map((program) => {
    const branches = counts.ofProgram(program);
    return { program: programLabel(program), branches, joined: branches > FEW };
  });
}

function forgetIn(fn: FunctionIr): void {
  const uses = new LastUses(fn);
  rewriteLists(fn.body, (list) =>
    list.flatMap((stmt) => [stmt, ...joined(stmt, uses).map(forget)]),
  );
}

/** How many branches at most have left behind what is still of use, at any place of a function and of all that it calls. */
export class JoinCounts {
  private readonly known = new Map<FunctionIr, number>();

  ofProgram({ fn }: ProgramIr): number {
    return this.of(fn);
  }

  private of(fn: FunctionIr): number {
    const found = this.known.get(fn);
    if (found !== undefined) return found;
    // Recursion is an error elsewhere.
    this.known.set(fn, 0);
    const most = new Carried(fn, (called) => this.of(called)).most;
    this.known.set(fn, most);
    return most;
  }
}

/** Follows what branches have left behind through the statements of a function, in the order of the text. */
class Carried {
  most = 0;
  private readonly uses: LastUses;
  /** For each branch: the variables that differ by the way that was taken. */
  private left: Set<Local>[] = [];

  constructor(
    fn: FunctionIr,
    private readonly inside: (fn: FunctionIr) => number,
  ) {
    this.uses = new LastUses(fn);
    for (const stmt of fn.body) this.stmt(stmt);
  }

  private stmt(stmt: Stmt): void {
    const { exprs, stmts } = partsOf(stmt);
    for (const e of exprs) this.expr(e);
    for (const s of stmts) this.stmt(s);
    if (stmt.kind === 'decl' && stmt.init) this.assigned(stmt.local, stmt.init, false);
    // What a loop changes is unknown behind it.
    if (isLoop(stmt)) for (const place of changedIn(stmt)) this.drop(onStack(place)?.local);
    const places = joined(stmt, this.uses).flatMap((place) => onStack(place)?.local ?? []);
    if (places.length > 0) this.left.push(new Set(places));
    this.left = this.left.filter((of) => [...of].some((l) => this.uses.usedAfter(l, stmt)));
    this.note(0);
  }

  private expr(e: Expr): void {
    const { exprs, stmts } = partsOf(e);
    for (const s of stmts) this.stmt(s);
    for (const inner of exprs) this.expr(inner);
    if (e.kind === 'assign' && e.target.kind === 'var') {
      if (isUnknown(e.value)) this.drop(e.target.local);
      else this.assigned(e.target.local, e.value, e.op !== '=');
    }
    const called = runs(e);
    if (called) this.note(this.inside(called));
  }

  private assigned(to: Local, value: Expr, keeps: boolean): void {
    const from = localsIn(value);
    if (!keeps && !from.has(to)) this.drop(to);
    for (const of of this.left) if ([...from].some((l) => of.has(l))) of.add(to);
  }

  private drop(local: Local | undefined): void {
    if (local) for (const of of this.left) of.delete(local);
  }

  private note(more: number): void {
    this.most = Math.max(this.most, this.left.length + more);
  }
}

/** Variables whose values are part of another's: not those that the kernel was given, or that were only compared. */
function localsIn(value: Expr): Set<Local> {
  const found = new Set<Local>();
  const visit = (e: Expr): void => {
    if (e.kind === 'var') found.add(e.local);
    const isNew = e.kind === 'call' && e.callee.kind === 'kernel';
    if (isNew || e.kind === 'deref' || (e.kind === 'binary' && COMPARES.has(e.op))) return;
    partsOf(e).exprs.forEach(visit);
  };
  visit(value);
  return found;
}

const COMPARES: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=']);

/** Numbers that a statement leaves different on the ways through it, and that are used after it. */
function joined(stmt: Stmt, uses: LastUses): Expr[] {
  const used = (local: Local): boolean => uses.usedAfter(local, stmt);
  const changed = (): Expr[] =>
    isForgotten(stmt)
      ? []
      : changedIn(stmt).filter((place) => {
          const found = onStack(place);
          return place.type.kind === 'int' && found !== undefined && used(found.local);
        });
  switch (stmt.kind) {
    case 'if':
    case 'switch':
      return changed();
    case 'decl': {
      const { local, init, span } = stmt;
      const isNumber = local.type.kind === 'int';
      return init && isNumber && used(local) && hasWays(init) ? [useLocal(local, span)] : [];
    }
    case 'expr':
      return hasWays(stmt.expr) ? changed() : [];
    default:
      return [];
  }
}

/** It makes a number unknown itself. */
function isForgotten(stmt: Stmt): boolean {
  return stmt.kind === 'expr' && stmt.expr.kind === 'assign' && isUnknown(stmt.expr.value);
}

function isUnknown(value: Expr): boolean {
  return value.kind === 'op' && value.op.kind === 'unknownZero';
}

/** Whether there are several ways through an expression. */
function hasWays(expr: Expr): boolean {
  if (expr.kind === 'cond' || expr.kind === 'logical' || expr.kind === 'elvis') return true;
  if (expr.kind === 'call' && expr.callee.kind === 'function')
    return expr.callee.fn.body.some(branches);
  const { exprs, stmts } = partsOf(expr);
  return exprs.some(hasWays) || stmts.some(branches);
}

function branches(stmt: Stmt): boolean {
  if (stmt.kind === 'if' || stmt.kind === 'switch') return true;
  const { exprs, stmts } = partsOf(stmt);
  return exprs.some(hasWays) || stmts.some(branches);
}
