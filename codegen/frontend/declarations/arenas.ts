import { allFunctions } from '../../ir/functions.js';
import type { FunctionIr, MapIr } from '../../ir/module.js';
import type { Expr, Stmt } from '../../ir/nodes.js';
import { S32 } from '../../ir/types.js';
import { walkStmt } from '../../ir/walk.js';
import type { Frontend } from '../context.js';
import { constant, operation } from '../make.js';

const ENOMEM = 12;

/** An arena that the program never populates is populated when its scheduler starts, before its own init(). */
export function populateArenas(fe: Frontend): void {
  const populated = populatedIn(allFunctions(fe));
  const left = fe.maps.filter((m) => m.kind === 'arena' && !m.part && !populated.has(m));
  if (left.length === 0 || !fe.scheduler) return;
  const init = fe.programs.find((p) => p.callback === 'init')?.fn ?? addInit(fe, left[0]!.span);
  init.body.unshift(...left.map(populate));
}

function populatedIn(functions: FunctionIr[]): Set<MapIr> {
  const found = new Set<MapIr>();
  const expr = (e: Expr): void => {
    if (e.kind === 'op' && e.op.kind === 'map' && e.op.operation === 'populate')
      found.add(e.op.map);
  };
  for (const fn of functions) for (const stmt of fn.body) walkStmt(stmt, { expr });
  return found;
}

function populate(map: MapIr): Stmt {
  const { span } = map;
  const test = operation({ kind: 'map', map, operation: 'populate', found: false }, [], S32, span);
  const failed: Stmt = { kind: 'return', value: constant(-ENOMEM, S32, span), span };
  return { kind: 'if', test, then: failed, span };
}

function addInit(fe: Frontend, span: MapIr['span']): FunctionIr {
  const fn: FunctionIr = {
    name: `${fe.scheduler!.name}_init`,
    params: [],
    returns: S32,
    body: [{ kind: 'return', value: constant(0, S32, span), span }],
    noinline: false,
    span,
    calls: [],
  };
  fe.programs.push({
    section: 'struct_ops.s/init',
    fn,
    callback: 'init',
    kind: 'struct_ops',
    sleepable: true,
    tsName: 'init',
    span,
  });
  return fn;
}
