import { findRcuNeeds } from '../checks/rcu-needs.js';
import { opensSection } from '../checks/rcu.js';
import { Sleepers } from '../checks/sleeping.js';
import { runs } from '../ir/effects.js';
import { allFunctions } from '../ir/functions.js';
import type { FunctionIr, ModuleIr } from '../ir/module.js';
import type { Expr, Local, Stmt } from '../ir/nodes.js';
import { RCU, isSection } from '../ir/releases.js';
import type { Span } from '../ir/span.js';
import { S32 } from '../ir/types.js';
import { partsOf, walkExpr, walkStmt } from '../ir/walk.js';
import { isKernelWalk } from '../kernel/iterators.js';

/**
 * Puts an RCU section around what needs one and has none, so that the author of a callback need not know which
 * of them may sleep: around a walk, around a call that is given a pointer read from memory, or from such a
 * pointer's variable to the end of its block. What cannot be helped so is left for the checks to report.
 */
export function addRcuSections(module: ModuleIr): void {
  for (const fn of allFunctions(module))
    for (const stmt of fn.body) walkStmt(stmt, { stmt: dropSections });
  const { needs } = findRcuNeeds(module);
  if (needs.length === 0) return;
  const wanted = new Set(needs.flatMap(({ remedy }) => ('from' in remedy ? [remedy.from] : [])));
  if (wanted.size > 0) {
    const opens = opensSection(module);
    for (const fn of allFunctions(module)) guardVariables(fn, wanted, opens);
  }
  while (guardPlaces(module));
}

/** A walk holds RCU: a section of its body's own would end that, and the walk with it. */
function dropSections(walk: Stmt): void {
  if (walk.kind !== 'iterate' || !isKernelWalk(walk.iterator)) return;
  const opens = (s: Stmt): boolean => s.kind === 'decl' && isSection(s.local.cleanup, 'rcu');
  walkStmt(walk.body, {
    stmt: (s) => {
      if ((s.kind === 'block' || s.kind === 'seq') && s.body.some(opens))
        s.body = s.body.filter((inner) => !opens(inner));
    },
  });
}

/** Adds sections around walks and calls. False if there was nothing to add. */
function guardPlaces(module: ModuleIr): boolean {
  const { needs, held } = findRcuNeeds(module);
  if (needs.length === 0) return false;
  const opens = opensSection(module);
  const places = new Set<Stmt | Expr>();
  for (const { remedy } of needs) {
    if ('from' in remedy) continue;
    // What is also done where RCU is held cannot hold it itself; who calls it elsewhere can.
    const place = remedy.around.find((n) => !held.has(n));
    if (place && canHold(place, opens)) places.add(place);
  }
  let added = false;
  for (const fn of places.size > 0 ? allFunctions(module) : []) {
    let mine = false;
    const visit = (node: Stmt | Expr): void => {
      if (!places.delete(node)) return;
      guard(node);
      mine = true;
    };
    for (const stmt of fn.body) walkStmt(stmt, { stmt: visit, expr: visit });
    if (mine) noteSection(fn);
    added ||= mine;
  }
  return added;
}

/** Opens a section in front of the variables, where the rest of their block can be under RCU. */
function guardVariables(
  fn: FunctionIr,
  wanted: ReadonlySet<Local>,
  opens: ReadonlySet<FunctionIr>,
): void {
  const list = (body: Stmt[], scope: Stmt[]): void => {
    const at = body.findIndex((s) => s.kind === 'decl' && !s.local.cleanup && wanted.has(s.local));
    const decl = body[at];
    if (decl && scope.every((s) => canHold(s, opens))) {
      body.splice(at, 0, section(decl.span));
      noteSection(fn);
      return;
    }
    for (const stmt of body) {
      if (stmt.kind === 'seq') list(stmt.body, scope);
      else nested(stmt);
    }
  };
  const nested = (stmt: Stmt): void => {
    if (stmt.kind === 'block') list(stmt.body, stmt.body);
    else for (const s of partsOf(stmt).stmts) nested(s);
  };
  list(fn.body, fn.body);
}

/** Whether nothing in it sleeps or opens a section itself. */
function canHold(node: Stmt | Expr, opens: ReadonlySet<FunctionIr>): boolean {
  let can = true;
  const sleepers = new Sleepers();
  const expr = (e: Expr): void => {
    const fn = runs(e);
    if ((fn && opens.has(fn)) || sleepers.named(e) !== undefined) can = false;
  };
  const stmt = (s: Stmt): void => {
    if (s.kind === 'decl' && isSection(s.local.cleanup, 'rcu')) can = false;
  };
  if (isStatement(node)) walkStmt(node, { stmt, expr });
  else {
    // A kernel object that only RCU keeps would outlive the section.
    if (node.type.kind === 'ptr' && node.type.region === 'kernel' && !node.release) return false;
    walkExpr(node, { stmt, expr });
  }
  return can;
}

function isStatement(node: Stmt | Expr): node is Stmt {
  return !('type' in node);
}

/** Puts a section around a walk or call, in its place. */
function guard(node: Stmt | Expr): void {
  const inner = { ...node };
  const opened = section(node.span);
  const outer = isStatement(inner)
    ? { kind: 'block', body: [opened, inner], span: inner.span }
    : { kind: 'block', body: [opened], result: inner, type: inner.type, span: inner.span };
  for (const key of Object.keys(node))
    if (!(key in outer) && key !== 'release' && key !== 'moves') Reflect.deleteProperty(node, key);
  Object.assign(node, outer);
}

/** `using rcu = bpf_rcu_read_lock();` */
function section(span: Span): Stmt {
  const local: Local = { name: '__rcu', type: S32, span, cleanup: RCU, assigned: false };
  const init: Expr = {
    kind: 'call',
    callee: { kind: 'kernel', name: 'bpf_rcu_read_lock' },
    args: [],
    type: S32,
    span,
    release: RCU,
  };
  return { kind: 'decl', local, init, span };
}

function noteSection(fn: FunctionIr): void {
  const target = { kind: 'kernel', name: 'bpf_rcu_read_lock' } as const;
  fn.calls.push({ target, span: fn.span, guarded: false });
}
