import type { FunctionIr, MapIr } from '../../ir/module.js';
import type { Stmt } from '../../ir/nodes.js';
import { S32 } from '../../ir/types.js';
import type { Frontend } from '../context.js';
import { constant, support } from '../make.js';

const ENOMEM = 12;

/** An arena that the program never populates is populated when its scheduler starts, before its own init(). */
export function populateArenas(fe: Frontend): void {
  const left = fe.maps.filter((m) => m.kind === 'arena' && !m.uses.has('populate'));
  if (left.length === 0 || !fe.scheduler) return;
  const init = fe.programs.find((p) => p.callback === 'init')?.fn ?? addInit(fe, left[0]!.span);
  for (const map of left) {
    map.uses.add('populate');
    init.calls.push({
      target: { kind: 'kernel', name: 'bpf_arena_alloc_pages' },
      span: map.span,
      guarded: false,
    });
  }
  init.body.unshift(...left.map(populate));
}

function populate({ name, span }: MapIr): Stmt {
  const failed: Stmt = { kind: 'return', value: constant(-ENOMEM, S32, span), span };
  return { kind: 'if', test: support(`${name}_populate`, [], S32, span), then: failed, span };
}

function addInit(fe: Frontend, span: MapIr['span']): FunctionIr {
  const fn: FunctionIr = {
    name: fe.names.claim(`${fe.scheduler!.name}_init`),
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
