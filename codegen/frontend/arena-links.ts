import { noArena } from '../diagnostics/catalogue/places.js';
import type { Expr } from '../ir/nodes.js';
import type { CType } from '../ir/types.js';
import type { Frontend } from './context.js';
import { operation } from './make.js';

/** Whether a place of that type keeps the address of an entry of an arena: `ArenaPtr<T>`. */
export function isLink(type: CType): boolean {
  return type.kind === 'ptr' && type.region === 'arena';
}

/** What is read from a place: of an ArenaPtr the entry, which the verifier takes for one only once it is told so. */
export function linked(fe: Frontend, place: Expr): Expr {
  if (!isLink(place.type) || (place.kind === 'var' && !place.local.byPointer)) return place;
  const map = fe.maps.find((m) => m.kind === 'arena');
  if (!map) {
    fe.report(noArena(place.span));
    return place;
  }
  return operation(
    { kind: 'arenaLink', map: map.part?.of ?? map },
    [place],
    place.type,
    place.span,
  );
}

/** The place behind what linked() made of it. */
export function placeOfLink(read: Expr): Expr {
  return read.kind === 'op' && read.op.kind === 'arenaLink' ? read.args[0]! : read;
}
