import { callUnderLock, notHeld } from '../diagnostics/catalogue/ownership.js';
import { DiagnosticBag, type Diagnostic } from '../diagnostics/diagnostic.js';
import { allFunctions } from '../ir/functions.js';
import type { CollectionIr, FunctionIr, ModuleIr } from '../ir/module.js';
import { LOCK_SECTION } from '../ir/sections.js';
import type { Expr, Stmt } from '../ir/nodes.js';
import type { Span } from '../ir/span.js';
import { partsOf } from '../ir/walk.js';

/** C text of support that is made of loads, stores and arithmetic only. */
const PLAIN =
  /^(scxts_(div|mod|min|max|abs)_|array_get|array_elem|array_at|object_elem|object_get|scxts_settle|__sync_|sizeof|\(?[&(]|scxts_elem_addr)/;

/**
 * With a BPF spin lock held the verifier (check_helper_call(), check_kfunc_call() in kernel/bpf/verifier.c)
 * takes no call but those of lists and trees, whose operations in turn need their lock.
 */
export function checkLocks(module: ModuleIr): Diagnostic[] {
  const check = new Locks(module);
  for (const fn of allFunctions(module)) check.function(fn);
  return check.finish();
}

class Locks {
  private readonly bag = new DiagnosticBag();
  private readonly operations = new Map<string, CollectionIr>();
  /** Functions that are called with a lock held, and collection operations seen without one. */
  private readonly underLock = new Set<FunctionIr>();
  private readonly outside: { fn: FunctionIr; collection: CollectionIr; span: Span }[] = [];
  private readonly clean = new Map<FunctionIr, string | undefined>();

  constructor(module: ModuleIr) {
    for (const c of module.collections)
      for (const use of c.uses) this.operations.set(`${c.name}_${use}`, c);
  }

  finish(): Diagnostic[] {
    for (const { fn, collection, span } of this.outside) {
      if (this.underLock.has(fn) || !collection.lock) continue;
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
      if (stmt.kind === 'decl' && stmt.local.cleanup === LOCK_SECTION) held = true;
    }
  }

  private statement(fn: FunctionIr, stmt: Stmt, held: boolean): void {
    if (held && stmt.kind === 'iterate')
      this.bag.add(callUnderLock(stmt.span, 'a kernel iterator (range(), each)'));
    const { exprs, stmts } = partsOf(stmt);
    for (const e of exprs) this.expr(fn, e, held);
    if (stmt.kind === 'block') return this.block(fn, stmt.body, held);
    for (const s of stmts) this.block(fn, s.kind === 'block' ? s.body : [s], held);
  }

  private expr(fn: FunctionIr, e: Expr, held: boolean): void {
    if (e.kind === 'call' && e.callee.kind === 'support') {
      const collection = this.operations.get(e.callee.c);
      if (collection && !held) this.outside.push({ fn, collection, span: e.span });
    }
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

  /** What an expression itself calls that a lock forbids. */
  private called(e: Expr): string | undefined {
    if (e.kind === 'template') return PLAIN.test(e.c) ? undefined : nameOf(e.c);
    if (e.kind !== 'call') return undefined;
    const { callee } = e;
    switch (callee.kind) {
      case 'kernel':
        // time_before() and its like are arithmetic.
        return /^time_/.test(callee.name) ? undefined : `${callee.name}()`;
      case 'support':
        return this.operations.has(callee.c) || PLAIN.test(callee.c) ? undefined : nameOf(callee.c);
      case 'function':
        this.underLock.add(callee.fn);
        if (callee.fn.noinline) return `the @noinline function ${callee.fn.name}()`;
        return this.inside(callee.fn);
    }
  }

  /** What the body of a function calls that a lock forbids; the first such call. */
  private inside(fn: FunctionIr): string | undefined {
    if (this.clean.has(fn)) return this.clean.get(fn);
    this.clean.set(fn, undefined);
    let found: string | undefined;
    const expr = (e: Expr): void => {
      found ??= this.called(e);
      const parts = partsOf(e);
      parts.exprs.forEach(expr);
      parts.stmts.forEach(stmt);
    };
    const stmt = (s: Stmt): void => {
      if (s.kind === 'iterate') found ??= 'a kernel iterator (range(), each)';
      const parts = partsOf(s);
      parts.exprs.forEach(expr);
      parts.stmts.forEach(stmt);
    };
    fn.body.forEach(stmt);
    const result = found && `${fn.name}(), which calls ${found},`;
    this.clean.set(fn, result);
    return result;
  }
}

/** How a message names C that scxts itself makes. */
function nameOf(c: string): string {
  const name = /\w+/.exec(c)?.[0] ?? c;
  if (name === 'scxts_lock') return 'hold() of another lock';
  if (name === 'counter_add') return 'a counter';
  if (name.startsWith('new_')) return 'alloc()';
  if (name.startsWith('scxts_cleanup_')) return 'a release';
  return (
    name.replace(/_(get|set|create|delete|add|push|pop|peek|output|reserve|this|of)$/, '.$1') + '()'
  );
}
