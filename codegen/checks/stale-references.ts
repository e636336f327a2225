import { staleReference } from '../diagnostics/catalogue/meaning.js';
import { DiagnosticBag, type Diagnostic } from '../diagnostics/diagnostic.js';
import { runs } from '../ir/effects.js';
import { allFunctions } from '../ir/functions.js';
import type { FunctionIr, ModuleIr } from '../ir/module.js';
import type { Expr, Local, Stmt } from '../ir/nodes.js';
import type { Span } from '../ir/span.js';
import { partsOf } from '../ir/walk.js';
import { mayContain, placesOf, seenOutside, textOf, type Place } from './places.js';

/**
 * A struct that is assigned into a place is copied there. A reference to what was in that place would now show the
 * copy, where TypeScript still has the object of before.
 */
export function checkStaleReferences(module: ModuleIr): Diagnostic[] {
  const bag = new DiagnosticBag();
  const summaries = new Map<FunctionIr, Place[]>();
  for (const fn of allFunctions(module)) new Walk(fn, summaries, bag).run();
  return bag.all;
}

interface Reference {
  places: readonly Place[];
  /** Where what it referred to was overwritten. */
  stale?: Span;
}
type State = Map<Local, Reference>;

function joined(a: State | undefined, b: State | undefined): State | undefined {
  if (!a || !b) return a ?? b;
  const out: State = new Map(a);
  for (const [local, { places, stale }] of b) {
    const other = out.get(local);
    const known = new Set(other?.places.map(textOf));
    const more = places.filter((p) => !known.has(textOf(p)));
    const since = other?.stale ?? stale;
    out.set(local, {
      places: [...(other?.places ?? []), ...more],
      ...(since ? { stale: since } : {}),
    });
  }
  return out;
}

/** Whether a round of a loop has left all as it found it: another round finds no more, and loops in loops stay cheap. */
function same(a: State | undefined, b: State | undefined): boolean {
  if (!a || !b) return a === b;
  if (a.size !== b.size) return false;
  for (const [local, { places, stale }] of a) {
    const other = b.get(local);
    if (!other || other.stale !== stale || other.places.length !== places.length) return false;
    const known = new Set(other.places.map(textOf));
    if (!places.every((p) => known.has(textOf(p)))) return false;
  }
  return true;
}

/** One function, statement by statement; loops twice where a round leaves something to the next. */
class Walk {
  private state: State | undefined = new Map();
  private readonly exits: { breaks: (State | undefined)[]; continues: (State | undefined)[] }[] =
    [];
  /** What the function overwrites outside of itself. */
  private readonly overwritten: Place[] = [];

  constructor(
    private readonly fn: FunctionIr,
    private readonly summaries: Map<FunctionIr, Place[]>,
    private readonly bag: DiagnosticBag | undefined,
  ) {}

  run(): Place[] {
    for (const param of this.fn.params)
      if (param.type.kind === 'ptr')
        this.state?.set(param, { places: [{ root: param, path: [], type: param.type }] });
    this.list(this.fn.body);
    return this.overwritten;
  }

  private readonly of = (local: Local): readonly Place[] => this.state?.get(local)?.places ?? [];

  private list(stmts: Stmt[]): void {
    for (const stmt of stmts) this.stmt(stmt);
  }

  private stmt(stmt: Stmt): void {
    if (!this.state) return;
    switch (stmt.kind) {
      case 'decl':
        if (stmt.init) this.expr(stmt.init);
        return this.bind(stmt.local, stmt.init);
      case 'if': {
        this.expr(stmt.test);
        const before = this.copy();
        this.stmt(stmt.then);
        const then = this.state;
        this.state = before;
        if (stmt.else) this.stmt(stmt.else);
        this.state = joined(then, this.state);
        return;
      }
      case 'for':
      case 'while':
      case 'do':
      case 'iterate':
        return this.loop(stmt);
      case 'switch': {
        this.expr(stmt.value);
        const before = this.copy();
        const exit = { breaks: [before], continues: [] };
        this.exits.push(exit);
        for (const { body } of stmt.cases) {
          this.state = joined(this.state, before && new Map(before));
          this.list(body);
        }
        this.exits.pop();
        this.state = exit.breaks.reduce(joined, this.state);
        return;
      }
      case 'break':
        this.exits.at(-1)?.breaks.push(this.state);
        this.state = undefined;
        return;
      case 'continue':
        this.exits.at(-1)?.continues.push(this.state);
        this.state = undefined;
        return;
      case 'return':
        if (stmt.value) this.expr(stmt.value);
        this.state = undefined;
        return;
      default: {
        const { exprs, stmts } = partsOf(stmt);
        exprs.forEach((e) => this.expr(e));
        this.list(stmts);
      }
    }
  }

  private copy(): State | undefined {
    return this.state && new Map(this.state);
  }

  private loop(stmt: Extract<Stmt, { body: Stmt }>): void {
    const { exprs } = partsOf(stmt);
    if (stmt.kind === 'for' && stmt.init) this.stmt(stmt.init);
    for (let round = 0; round < 2; round++) {
      const before = this.copy();
      const exit: { breaks: (State | undefined)[]; continues: (State | undefined)[] } = {
        breaks: [],
        continues: [],
      };
      this.exits.push(exit);
      if (stmt.kind !== 'do') exprs.forEach((e) => this.expr(e));
      if (stmt.kind === 'iterate') this.bind(stmt.local, undefined);
      this.stmt(stmt.body);
      this.state = exit.continues.reduce(joined, this.state);
      if (stmt.kind === 'do') exprs.forEach((e) => this.expr(e));
      this.exits.pop();
      this.state = exit.breaks.reduce(joined, joined(this.state, before));
      if (same(this.state, before)) return;
    }
  }

  private bind(local: Local, value: Expr | undefined): void {
    if (local.type.kind !== 'ptr') return;
    this.state?.set(local, { places: value ? placesOf(value, this.of) : [] });
  }

  private expr(expr: Expr): void {
    if (!this.state) return;
    switch (expr.kind) {
      case 'var':
        return this.use(expr.local, expr.span);
      case 'cond': {
        this.expr(expr.test);
        const before = this.copy();
        this.expr(expr.then);
        const then = this.state;
        this.state = before;
        this.expr(expr.else);
        this.state = joined(then, this.state);
        return;
      }
      case 'logical':
      case 'elvis': {
        this.expr(expr.left);
        const before = this.copy();
        this.expr(expr.right);
        this.state = joined(before, this.state);
        return;
      }
      case 'assign':
        return this.assign(expr);
      default: {
        const { exprs, stmts } = partsOf(expr);
        this.list(stmts);
        exprs.forEach((e) => this.expr(e));
        this.called(expr);
      }
    }
  }

  private use(local: Local, span: Span): void {
    const reference = this.state?.get(local);
    if (!reference?.stale) return;
    this.bag?.add(staleReference(span, local.name, `line ${reference.stale.line}`));
    this.state?.set(local, { places: reference.places });
  }

  private assign(expr: Extract<Expr, { kind: 'assign' }>): void {
    const { target, value } = expr;
    if (target.kind === 'var') {
      this.expr(value);
      return this.bind(target.local, value);
    }
    partsOf(target).exprs.forEach((e) => this.expr(e));
    this.expr(value);
    if (target.type.kind !== 'struct' && target.type.kind !== 'array') return;
    const self =
      value.kind === 'deref' && value.pointer.kind === 'var' ? value.pointer.local : undefined;
    for (const place of placesOf(target, this.of)) this.overwrite(place, expr.span, self);
  }

  /** What a call of the program's function overwrites, and `m.set(k, ...)` of the entry that was looked up by k. */
  private called(expr: Expr): void {
    if (expr.kind === 'op' && expr.op.kind === 'map' && expr.op.operation === 'set') {
      for (const place of placesOf(expr, this.of))
        if (!place.path.includes('[?]')) this.overwrite(place, expr.span, undefined, true);
      return;
    }
    const fn = runs(expr);
    if (!fn) return;
    for (const place of this.summaryOf(fn)) {
      const index = fn.params.indexOf(place.root as Local);
      const argument = expr.kind === 'call' && index >= 0 ? expr.args[index] : undefined;
      const roots = argument
        ? placesOf(argument, this.of)
        : [index >= 0 ? { root: undefined, path: [], type: place.type } : undefined];
      for (const at of roots)
        this.overwrite(
          at ? { root: at.root, path: [...at.path, ...place.path], type: place.type } : place,
          expr.span,
        );
    }
  }

  private summaryOf(fn: FunctionIr): Place[] {
    const known = this.summaries.get(fn);
    if (known) return known;
    this.summaries.set(fn, []);
    const found = new Walk(fn, this.summaries, undefined).run();
    this.summaries.set(fn, found);
    return found;
  }

  private overwrite(place: Place, span: Span, except?: Local, exactly = false): void {
    const isParam = this.fn.params.includes(place.root as Local);
    const isLocal = place.root !== undefined && !isParam && this.isVariable(place.root);
    // An object of the function as a whole: that is where it is made.
    if (place.path.length === 0 && (isLocal || isParam)) return;
    if (!isLocal) this.overwritten.push({ ...place, path: place.path.map(seenOutside) });
    for (const [local, reference] of this.state ?? []) {
      if (local === except || reference.stale) continue;
      const hit = reference.places.some((p) =>
        exactly ? p.root === place.root && p.path[0] === place.path[0] : mayContain(place, p),
      );
      if (hit) this.state?.set(local, { ...reference, stale: span });
    }
  }

  private isVariable(root: unknown): boolean {
    return typeof root === 'object' && root !== null && 'assigned' in root;
  }
}
