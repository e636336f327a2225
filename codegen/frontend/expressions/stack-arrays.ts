import type { Expr } from '../../ir/nodes.js';
import { endsOfArray, endsOfArraysIn } from '../../ir/settling.js';
import { regionOf } from '../convert.js';
import { operation } from '../make.js';

/** An array that is about to be stored to at a variable index: settled if it is on the stack. */
export function settledArray(array: Expr): Expr {
  if (regionOf(array) !== 'stack') return array;
  const ends = endsOfArray(array.type);
  if (ends.length === 0) return array;
  return operation({ kind: 'settledArray', offsets: ends }, [array], array.type, array.span);
}

/** The address of an object on the stack for a function that may store at a variable index of its arrays. */
export function settledAddress(address: Expr): Expr {
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
