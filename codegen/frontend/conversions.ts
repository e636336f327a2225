import { allFunctions } from '../ir/functions.js';
import { isSized } from '../ir/integers.js';
import { convert } from '../ir/make.js';
import type { FunctionIr, ModuleIr } from '../ir/module.js';
import type { Expr, Stmt } from '../ir/nodes.js';
import { isWanted, wantedBy, wantedByStatement, type Wanted } from '../ir/operands.js';
import { replaceOperands } from '../ir/rewrite.js';
import { BOOL, type CType } from '../ir/types.js';
import { partsOf } from '../ir/walk.js';

/**
 * Makes each conversion of an integer a node of its own: where an operand is not of the type that what it is in wants
 * (ir/operands.ts).
 */
export function makeConversions(module: ModuleIr): void {
  const seen = new Set<Expr | Stmt>();
  for (const fn of allFunctions(module)) for (const stmt of fn.body) statement(stmt, fn, seen);
  const { globals, macros } = module;
  for (const global of globals) {
    if (!global.init) continue;
    expression(global.init, seen);
    global.init = wanted(global.init, global.type);
  }
  for (const macro of macros) expression(macro.value, seen);
}

function statement(stmt: Stmt, fn: FunctionIr, seen: Set<Expr | Stmt>): void {
  if (seen.has(stmt)) return;
  seen.add(stmt);
  inside(stmt, fn, seen);
  const of = wantedByStatement(stmt, fn.returns);
  replaceOperands(stmt, (operand, i) => wanted(operand, of[i]));
}

function expression(e: Expr, seen: Set<Expr | Stmt>, fn?: FunctionIr): void {
  if (seen.has(e)) return;
  seen.add(e);
  inside(e, fn, seen);
  const of = wantedBy(e);
  replaceOperands(e, (operand, i) => wanted(operand, of[i]));
}

function inside(node: Expr | Stmt, fn: FunctionIr | undefined, seen: Set<Expr | Stmt>): void {
  const { exprs, stmts } = partsOf(node);
  for (const e of exprs) expression(e, seen, fn);
  if (fn) for (const s of stmts) statement(s, fn, seen);
}

function wanted(operand: Expr, what: Wanted): Expr {
  if (isWanted(operand, what)) return operand;
  const to: CType | undefined = what === 'test' ? BOOL : what;
  return to && isSized(to) ? convert(operand, to) : operand;
}
