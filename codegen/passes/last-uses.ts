import type { FunctionIr } from '../ir/module.js';
import type { Expr, Local, Stmt } from '../ir/nodes.js';
import { partsOf } from '../ir/walk.js';

/** Where the variables of a function are used for the last time: what they hold after that makes no difference. */
export class LastUses {
  private readonly ends = new Map<Stmt, number>();
  private readonly last = new Map<Local, number>();
  private next = 0;

  constructor(fn: FunctionIr) {
    for (const stmt of fn.body) this.number(stmt);
  }

  /** Whether a variable is used behind a statement, or before it in a later round of a loop around it. */
  usedAfter(local: Local, stmt: Stmt): boolean {
    const end = this.ends.get(stmt);
    return end === undefined || (this.last.get(local) ?? -1) > end;
  }

  private number(stmt: Stmt): void {
    const start = this.next++;
    const expr = (e: Expr): void => {
      if (e.kind === 'var') this.last.set(e.local, this.next);
      const { exprs, stmts } = partsOf(e);
      for (const s of stmts) this.number(s);
      exprs.forEach(expr);
    };
    const { exprs, stmts } = partsOf(stmt);
    exprs.forEach(expr);
    for (const s of stmts) this.number(s);
    const end = this.next++;
    this.ends.set(stmt, end);
    // What a round uses, the next one uses too.
    if (isLoop(stmt))
      for (const [local, at] of this.last) if (at >= start) this.last.set(local, this.next);
  }
}

export function isLoop({ kind }: Stmt): boolean {
  return kind === 'for' || kind === 'while' || kind === 'do' || kind === 'iterate';
}
