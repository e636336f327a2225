import { callUnderLock, notHeld, notHeldInValue } from '../diagnostics/catalogue/ownership.js';
import { DiagnosticBag, type Diagnostic } from '../diagnostics/diagnostic.js';
import { effectsOfNode, runs } from '../ir/effects.js';
import { allFunctions } from '../ir/functions.js';
import type { CollectionIr, FunctionIr, ModuleIr } from '../ir/module.js';
import type { Expr, Stmt } from '../ir/nodes.js';
import type { Span } from '../ir/span.js';
import { isSection } from '../ir/releases.js';
import { partsOf, walkStmt } from '../ir/walk.js';

/**
 * With a BPF spin lock held the verifier (check_helper_call(), check_kfunc_call() in kernel/bpf/verifier.c)
 * takes no call but those of lists and trees, whose operations in turn need their lock.
 */
export function checkLocks(module: ModuleIr): Diagnostic[] {
  const check = new Locks();
  for (const fn of allFunctions(module)) check.function(fn);
  return check.finish();
}

class Locks {
  private readonly bag = new DiagnosticBag();
  /** Functions that are called with a lock held, and collection operations seen without one. */
  private readonly underLock = new Set<FunctionIr>();
  private readonly outside: { fn: FunctionIr; collection: CollectionIr; span: Span }[] = [];
  private readonly clean = new Map<FunctionIr, string | undefined>();

  finish(): Diagnostic[] {
    for (const { fn, collection, span } of this.outside) {
      if (this.underLock.has(fn)) continue;
      if (!collection.global) this.bag.add(notHeldInValue(span, collection.tsName));
      else if (collection.lock)
        this.bag.add(notHeld(span, collection.tsName, collection.lock.tsName));
    }
    return this.bag.all;
  }

  function(fn: FunctionIr): void {
    this.block(fn, fn.body, false);
  }

  private block(fn: FunctionIr, body: Stmt[], outer: boolean): void {
    let held = outer;
    for (const stmt of body) {
      if (stmt.kind === 'seq') {
        this.block(fn, stmt.body, held);
        continue;
      }
      this.statement(fn, stmt, held);
      if (stmt.kind === 'decl' && isSection(stmt.local.cleanup, 'lock')) held = true;
    }
  }

  private statement(fn: FunctionIr, stmt: Stmt, held: boolean): void {
    const { call } = effectsOfNode(stmt);
    if (held && call) this.bag.add(callUnderLock(stmt.span, call));
    const { exprs, stmts } = partsOf(stmt);
    for (const e of exprs) this.expr(fn, e, held);
    if (stmt.kind === 'block') return this.block(fn, stmt.body, held);
    for (const s of stmts) this.block(fn, s.kind === 'block' ? s.body : [s], held);
  }

  private expr(fn: FunctionIr, e: Expr, held: boolean): void {
    const { underOwnLock: collection } = effectsOfNode(e);
    if (collection && !held) this.outside.push({ fn, collection, span: e.span });
    if (held) this.whileHeld(e);
    if (e.kind === 'block') {
      this.block(fn, e.body, held);
      return this.expr(fn, e.result, held);
    }
    if (e.kind === 'record') this.block(fn, e.setup, held);
    for (const part of partsOf(e).exprs) this.expr(fn, part, held);
  }

  private whileHeld(e: Expr): void {
    const bad = this.called(e);
    if (bad) this.bag.add(callUnderLock(e.span, bad));
  }

  /** What a node itself calls that a lock forbids. */
  private called(node: Expr | Stmt): string | undefined {
    const { call, underOwnLock } = effectsOfNode(node);
    if (call) return underOwnLock ? undefined : call;
    const fn = runs(node);
    if (!fn) return undefined;
    this.underLock.add(fn);
    return fn.noinline ? `the @noinline function ${fn.name}()` : this.inside(fn);
  }

  /** What the body of a function calls that a lock forbids; the first such call. */
  private inside(fn: FunctionIr): string | undefined {
    if (this.clean.has(fn)) return this.clean.get(fn);
    this.clean.set(fn, undefined);
    let found: string | undefined;
    const visit = (node: Expr | Stmt): void => {
      found ??= this.called(node);
    };
    for (const stmt of fn.body) walkStmt(stmt, { expr: visit, stmt: visit });
    const result = found && `${fn.name}(), which calls ${found},`;
    this.clean.set(fn, result);
    return result;
  }
}
