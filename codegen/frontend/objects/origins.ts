import type { Expr, Local, Stmt } from '../../ir/nodes.js';
import { useLocal } from '../../ir/make.js';
import { effectsOf } from '../../ir/operations.js';
import type { Span } from '../../ir/span.js';
import { walkStmt } from '../../ir/walk.js';

export type ObjectExpr = Extract<Expr, { kind: 'object' }>;

/** What is no object of the function: in a map, a global, the kernel. */
export const ELSEWHERE = { elsewhere: true } as const;

/** Where an object of a function is made: by an expression, or by a variable that holds it. A parameter is none of it. */
export type Site = ObjectExpr | Local | typeof ELSEWHERE;

export function isObjectExpr(site: Site): site is ObjectExpr {
  return 'kind' in site;
}

/** Which objects and parameters each variable and expression of a function may refer to. */
export class Origins {
  private readonly sources = new Map<Local, Set<Expr>>();
  private readonly known = new Map<Local, Set<Site>>();

  constructor(
    readonly params: readonly Local[],
    body: readonly Stmt[],
  ) {
    const captured: Local[] = [];
    const note = (local: Local, value: Expr): void => {
      const found = this.sources.get(local) ?? new Set();
      this.sources.set(local, found.add(value));
    };
    for (const stmt of body)
      walkStmt(stmt, {
        stmt: (s) => {
          if (s.kind !== 'decl' || !s.init) return;
          note(s.local, s.init);
          // The context of a callback: what it assigns may be any of what it has.
          if (s.init.kind === 'init')
            for (const { value } of s.init.fields)
              if (value.kind === 'addr' && value.of.kind === 'var') captured.push(value.of.local);
        },
        expr: (e) => {
          if (e.kind === 'assign' && e.target.kind === 'var') note(e.target.local, e.value);
        },
      });
    const references = captured.filter((l) => isReference(l));
    for (const to of references)
      for (const from of references) if (to !== from) note(to, useLocal(from, from.span));
  }

  /** Variables that may refer to an object of a site. */
  holders(site: Site): Local[] {
    return [...this.sources.keys()].filter((l) => isReference(l) && this.ofLocal(l).has(site));
  }

  /** What is stored through the pointer to a captured variable. */
  storedTo(place: Expr, body: readonly Stmt[]): Expr[] {
    const name = fieldOf(place);
    const found: Expr[] = [];
    for (const stmt of body)
      walkStmt(stmt, {
        expr: (e) => {
          if (e.kind === 'assign' && name !== undefined && fieldOf(e.target) === name)
            found.push(e.value);
        },
      });
    return found;
  }

  /** Where a variable gets an object of a site. */
  keepingPlace(keeper: Local, site: Site): Span | undefined {
    return [...(this.sources.get(keeper) ?? [])].find((e) => this.of(e).has(site))?.span;
  }

  /** The objects of this function that a variable may refer to, and the parameters that it may be. */
  ofLocal(local: Local): ReadonlySet<Site> {
    const known = this.known.get(local);
    if (known) return known;
    const found = new Set<Site>();
    const seen = new Set<Local>();
    const visit = (at: Local): void => {
      if (seen.has(at)) return;
      seen.add(at);
      if (this.params.includes(at)) found.add(at);
      for (const value of this.sources.get(at) ?? []) this.collect(value, found, visit);
    };
    visit(local);
    this.known.set(local, found);
    return found;
  }

  /** The same of an expression. */
  of(expr: Expr): ReadonlySet<Site> {
    const found = new Set<Site>();
    this.collect(expr, found, (local) => this.ofLocal(local).forEach((s) => found.add(s)));
    return found;
  }

  private collect(expr: Expr, found: Set<Site>, visit: (local: Local) => void): void {
    const go = (e: Expr): void => this.collect(e, found, visit);
    switch (expr.kind) {
      case 'object':
        found.add(expr);
        return;
      case 'var':
        if (isReference(expr.local)) visit(expr.local);
        else found.add(expr.local);
        return;
      case 'addr':
        return go(expr.of);
      case 'deref':
        return go(expr.pointer);
      case 'member':
        // What a pointer in an object refers to is somewhere else.
        if (expr.type.kind === 'ptr') found.add(ELSEWHERE);
        else go(expr.base);
        return;
      case 'index':
        return go(expr.base);
      case 'cast':
        return go(expr.value);
      case 'cond':
        go(expr.then);
        return go(expr.else);
      case 'elvis':
        go(expr.left);
        return go(expr.right);
      case 'block':
        return go(expr.result);
      case 'call': {
        const given = expr.args.filter((arg, i) => arg.type.kind === 'ptr' && givesBack(expr, i));
        given.forEach(go);
        if (givesOther(expr)) found.add(ELSEWHERE);
        return;
      }
      case 'op': {
        const { within = [] } = effectsOf(expr.op);
        for (const i of within) if (expr.args[i]) go(expr.args[i]);
        if (within.length === 0) found.add(ELSEWHERE);
        return;
      }
      case 'null':
      case 'const':
      case 'error':
        return;
      default:
        found.add(ELSEWHERE);
        return;
    }
  }
}

/** The name of `*context->name`. */
function fieldOf(place: Expr): string | undefined {
  return place.kind === 'deref' && place.pointer.kind === 'member'
    ? place.pointer.field
    : undefined;
}

/** Whether a variable refers to an object that is somewhere else. */
export function isReference({ type }: Local): boolean {
  return type.kind === 'ptr';
}

/** Whether what a call gives may be what its argument refers to. */
function givesBack(call: Extract<Expr, { kind: 'call' }>, index: number): boolean {
  if (call.type.kind !== 'ptr') return false;
  const { callee } = call;
  return callee.kind === 'function' && (callee.fn.gives?.params.has(index) ?? false);
}

/** Whether it may be something else than its arguments. */
function givesOther({ callee }: Extract<Expr, { kind: 'call' }>): boolean {
  return callee.kind === 'kernel' || (callee.fn.gives?.elsewhere ?? true);
}
