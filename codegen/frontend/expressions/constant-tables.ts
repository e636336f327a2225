import { ts } from 'ts-morph';
import { constantObjectAsValue } from '../../diagnostics/catalogue/types.js';
import type { GlobalIr } from '../../ir/module.js';
import type { Expr } from '../../ir/nodes.js';
import type { CType } from '../../ir/types.js';
import type { Frontend } from '../context.js';
import { widestLiteral } from '../convert.js';
import { constantObject, recordOf, type ConstantObject } from '../fold.js';
import { constant, useGlobal } from '../make.js';
import { spanOf } from '../program.js';
import { resolveType } from '../types.js';

type Declaration = ConstantObject['declaration'];
/** Keys up to which an object of constants is laid out as an array. */
const MOST_KEYS = 256;
const tables = new WeakMap<Frontend, Map<Declaration, GlobalIr>>();

/**
 * `slices[c.band]`, where `slices` is an object of constants by small integers: a table in C, in which keys that the
 * object does not have read as 0. Reports it if the keys are none.
 */
export function constantTable(fe: Frontend, node: ts.Expression): Expr | 'not one' | 'reported' {
  const object = constantObject(fe, node);
  if (!object) return 'not one';
  const { declaration, members } = object;
  const span = spanOf(node);
  const keys = [...members.keys()];
  if (keys.some((k) => !/^\d+$/.test(k) || Number(k) >= MOST_KEYS)) {
    fe.report(constantObjectAsValue(span, node.getText()));
    return 'reported';
  }
  const known = tables.get(fe) ?? new Map<Declaration, GlobalIr>();
  tables.set(fe, known);
  const table = known.get(declaration) ?? declareTable(fe, declaration, members);
  known.set(declaration, table);
  return useGlobal(table, span);
}

function declareTable(
  fe: Frontend,
  declaration: Declaration,
  members: ReadonlyMap<string, bigint>,
): GlobalIr {
  const span = spanOf(declaration);
  const length = Math.max(-1, ...[...members.keys()].map(Number)) + 1;
  const values = Array.from({ length }, (_, i) => members.get(String(i)) ?? 0n);
  // What Record<K, V> says, otherwise what holds all of the values.
  const stated = ts.isVariableDeclaration(declaration) ? declaration.type : undefined;
  const declared = stated && recordOf(stated)?.typeArguments?.[1];
  const of: CType = declared ? resolveType(fe, declared) : widestLiteral(values);
  const type: CType = { kind: 'array', of, length };
  const tsName = declaration.name.getText();
  const table: GlobalIr = {
    name: fe.claimState(fe.prefixed(tsName), span),
    tsName: fe.prefixed(tsName),
    ...fe.owned(),
    span,
    type,
    init: {
      kind: 'init',
      fields: values.map((value) => ({ name: undefined, value: constant(value, of, span) })),
      type,
      span,
    },
    storage: 'table',
  };
  fe.globals.push(table);
  return table;
}
