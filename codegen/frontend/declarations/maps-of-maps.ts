import { ts } from 'ts-morph';
import {
  innerMapsDiffer,
  notConstant,
  typeArgumentNeeded,
} from '../../diagnostics/catalogue/state.js';
import type { MapIr } from '../../ir/module.js';
import { U32, sameType } from '../../ir/types.js';
import type { Frontend } from '../context.js';
import { foldNode } from '../fold.js';
import { spanOf } from '../program.js';
import { resolveType } from '../types.js';

/** `arrayOfMaps([q0, q1])` and `hashOfMaps<K, M>(entries, q0)`: M is the type of what it is made for. */
export function declareMapOfMaps(
  fe: Frontend,
  symbol: ts.Symbol,
  name: string,
  call: ts.CallExpression,
): void {
  const span = spanOf(call);
  fe.entities.set(symbol, { kind: 'error' });
  const isArray = fe.calledBuiltin(call) === 'arrayOfMaps';
  const given = isArray
    ? call.arguments[0] && ts.isArrayLiteralExpression(call.arguments[0])
      ? [...call.arguments[0].elements]
      : []
    : call.arguments.slice(1, 2);
  const members = given.flatMap((node) => {
    const found = fe.symbolOf(node);
    const entity = found && fe.entities.get(found);
    return entity?.kind === 'map' ? [{ map: entity.map, node }] : [];
  });
  const first = members[0]?.map;
  if (!first || members.length !== given.length) {
    fe.report(
      notConstant(spanOf(call.arguments[isArray ? 0 : 1] ?? call), 'what a map of maps holds'),
    );
    return;
  }
  const other = members.find(({ map }) => !sameShape(map, first));
  if (other) {
    fe.report(innerMapsDiffer(spanOf(other.node), other.map.tsName, first.tsName));
    return;
  }
  const keyNode = call.typeArguments?.[0];
  const key = isArray ? U32 : keyNode && resolveType(fe, keyNode);
  const size = isArray
    ? BigInt(given.length)
    : call.arguments[0] && foldNode(fe, call.arguments[0]);
  if (!key) {
    fe.report(typeArgumentNeeded(span, 'hashOfMaps', '<K, M>'));
    return;
  }
  if (size === undefined || size <= 0n) {
    fe.report(notConstant(spanOf(call.arguments[0] ?? call), 'the size of a map'));
    return;
  }
  const claimed = fe.names.claimState(name);
  const map: MapIr = {
    name: claimed,
    tsName: name,
    kind: isArray ? 'arrayOfMaps' : 'hashOfMaps',
    key,
    value: U32,
    maxEntries: size,
    perCpuSized: false,
    inner: { ...first, name: `${claimed}_inner` },
    ...(isArray ? { members: members.map((m) => m.map) } : {}),
    span,
  };
  fe.maps.push(map);
  fe.entities.set(symbol, { kind: 'map', map });
}

/** bpf_map_meta_equal() in kernel/bpf/map_in_map.c, and what an array needs besides. */
function sameShape(a: MapIr, b: MapIr): boolean {
  const same = (x: MapIr['key'], y: MapIr['key']): boolean =>
    x === undefined || y === undefined ? x === y : sameType(x, y);
  return (
    a.kind === b.kind &&
    same(a.key, b.key) &&
    same(a.value, b.value) &&
    a.perCpuSized === b.perCpuSized &&
    (a.kind !== 'array' || a.maxEntries === b.maxEntries)
  );
}
