import { effectsOfNode, runs } from '../ir/effects.js';
import type { FunctionIr } from '../ir/module.js';
import type { Expr } from '../ir/nodes.js';
import { walkStmt } from '../ir/walk.js';

/** What may sleep: calls that do so themselves, and functions of the program that make such calls. */
export class Sleepers {
  private readonly known = new Map<FunctionIr, boolean>();

  /** What an expression calls that may sleep, as messages name it; its operands are not looked at. */
  named(e: Expr): string | undefined {
    const effects = effectsOfNode(e);
    if (effects.sleeps) return effects.call;
    const fn = runs(e);
    if (!fn || !this.sleeps(fn)) return undefined;
    return effects.call ?? `${fn.name}()`;
  }

  /** Whether a function may sleep, itself or in what it runs. */
  sleeps(fn: FunctionIr): boolean {
    const known = this.known.get(fn);
    if (known !== undefined) return known;
    this.known.set(fn, false);
    let found = false;
    const expr = (e: Expr): void => {
      found ||= this.named(e) !== undefined;
    };
    for (const stmt of fn.body) walkStmt(stmt, { expr });
    this.known.set(fn, found);
    return found;
  }
}
