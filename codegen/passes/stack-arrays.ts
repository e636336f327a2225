import { allFunctions } from '../ir/functions.js';
import { operation } from '../ir/make.js';
import type { ModuleIr } from '../ir/module.js';
import type { Expr } from '../ir/nodes.js';
import { regionOf } from '../ir/regions.js';
import { walkStmt } from '../ir/walk.js';
import { endsOfArray, endsOfArraysIn } from './settling.js';

/** Settles arrays on the stack where something may be stored to them at a variable index. */
export function settleStackArrays(module: ModuleIr): void {
  const expr = (e: Expr): void => {
    if (e.kind === 'call' && e.callee.kind === 'function') e.args = e.args.map(settledAddress);
    if (e.kind !== 'op') return;
    const [array, ...rest] = e.args;
    if (array && (e.op.kind === 'elementAddress' || e.op.kind === 'elementOrSpare'))
      e.args = [settledArray(array), ...rest];
  };
  for (const fn of allFunctions(module)) for (const stmt of fn.body) walkStmt(stmt, { expr });
}

/** An array that is about to be stored to at a variable index: settled if it is on the stack. */
function settledArray(array: Expr): Expr {
  if (regionOf(array) !== 'stack') return array;
  const ends = endsOfArray(array.type);
  if (ends.length === 0) return array;
  return operation({ kind: 'settledArray', offsets: ends }, [array], array.type, array.span);
}

/** The address of an object on the stack for a function that may store at a variable index of its arrays. */
function settledAddress(address: Expr): Expr {
  if (address.kind !== 'addr' || address.type.kind !== 'ptr') return address;
  if (address.type.region !== 'stack') return address;
  const ends = endsOfArraysIn(address.of.type);
  if (ends.length === 0) return address;
  return operation(
    { kind: 'settledAddress', offsets: ends },
    [address],
    address.type,
    address.span,
  );
}
