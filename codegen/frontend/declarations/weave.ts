import { insertedTwice } from '../../diagnostics/catalogue/components.js';
import { decidedTwice } from '../../diagnostics/catalogue/state.js';
import { reachedBy } from '../../ir/functions.js';
import type { FunctionIr } from '../../ir/module.js';
import type { Expr, Local, Stmt } from '../../ir/nodes.js';
import { S32, type CType } from '../../ir/types.js';
import { surface } from '../../kernel/index.js';
import type { OpsCallback } from '../../kernel/ops.js';
import { isNewer } from '../../kernel/versions.js';
import { parseCType } from '../builtins/c-types.js';
import type { Frontend } from '../context.js';
import { lowerFunction, type FunctionNode } from '../functions.js';
import type { FunctionScope } from '../scope.js';
import { declStmt, exprStmt, useLocal } from '../make.js';
import { spanOf } from '../program.js';

/** One definition of a callback: the scheduler's own, or a component's. */
export interface Contribution {
  owner: string;
  decl: FunctionNode;
}

/** Callbacks whose result is a decision that only one can make; others that return give 0 or -errno. */
const DECISIONS = new Set(['select_cpu', 'yield', 'core_sched_before']);

/** Compiles a callback; several definitions run one after the other, the scheduler's own last. */
export function compileCallback(
  fe: Frontend,
  scheduler: string,
  op: OpsCallback,
  from: Contribution[],
): void {
  const types = op.params.map((p): CType => {
    const type = parseCType({ fe }, p.ctype);
    return type.kind === 'ptr' && p.nullable ? { ...type, nullable: true } : type;
  });
  const returns = parseCType({ fe }, op.returns);
  const [first, second] = from;
  if (!first) return;
  if (second && DECISIONS.has(op.name)) {
    fe.report(decidedTwice(spanOf(second.decl), op.name, first.owner, second.owner));
    return;
  }
  const floor = floorOf(op, fe.minKernel);
  const configure = (scope: FunctionScope): void => {
    scope.floor = floor;
  };
  const name = `${scheduler}_${op.name}`;
  const fn = second
    ? weave(fe, name, op, types, returns, from, configure)
    : lowerFunction(fe, first.decl, { name, isKept: true, paramTypes: types, returns, configure });
  fe.programs.push({
    section: `${op.sleepable ? 'struct_ops.s' : 'struct_ops'}/${op.name}`,
    fn,
    callback: op.name,
    kind: 'struct_ops',
    sleepable: op.sleepable,
    tsName: op.name,
    span: fn.span,
  });
}

/** The oldest kernel that calls a callback. */
export function floorOf(op: OpsCallback, minKernel: string): string {
  const since = surface().ops[op.name]?.kernels[0];
  return since && isNewer(since, minKernel) ? since : minKernel;
}

/** Whether a function may insert a task into a dispatch queue, itself or in what it calls. */
function inserts(fn: FunctionIr): boolean {
  return [...reachedBy(fn, 'now')].some(({ calls }) =>
    calls.some(({ target }) => target.kind === 'kernel' && /^scx_bpf_dsq_insert/.test(target.name)),
  );
}

function weave(
  fe: Frontend,
  name: string,
  op: OpsCallback,
  types: CType[],
  returns: CType,
  from: Contribution[],
  configure: (scope: FunctionScope) => void,
): FunctionIr {
  const parts = from.map(({ owner, decl }) => {
    const fn = lowerFunction(fe, decl, {
      name: `${owner}_${op.name}_part`,
      paramTypes: types,
      returns,
      configure,
    });
    fe.functions.push(fn);
    return fn;
  });
  if (op.name === 'enqueue') {
    const [one, two] = parts.flatMap((fn, i) => (inserts(fn) ? [i] : []));
    if (one !== undefined && two !== undefined)
      fe.report(
        insertedTwice(spanOf(from[two]!.decl), op.name, from[one]!.owner, from[two]!.owner),
      );
  }
  const own = parts[parts.length - 1]!;
  const { span } = own;
  const params = op.params.map((p, i): Local => ({
    name: p.name,
    type: types[i]!,
    span,
    assigned: false,
  }));
  const call = (fn: FunctionIr): Expr => ({
    kind: 'call',
    callee: { kind: 'function', fn },
    args: fn.params.map((_, i) => useLocal(params[i]!, span)),
    type: returns,
    span,
  });
  const body: Stmt[] = [];
  if (returns.kind === 'void') {
    for (const fn of parts) body.push(exprStmt(call(fn), span));
  } else {
    // The first that refuses ends it.
    const ret: Local = { name: 'ret', type: S32, span, assigned: true };
    parts.slice(0, -1).forEach((fn, i) => {
      const value = call(fn);
      body.push(
        i === 0
          ? declStmt(ret, value, span)
          : exprStmt({
              kind: 'assign',
              op: '=',
              target: useLocal(ret, span),
              value,
              type: S32,
              span,
            }),
      );
      body.push({
        kind: 'if',
        test: useLocal(ret, span),
        then: { kind: 'return', value: useLocal(ret, span), span },
        span,
      });
    });
    body.push({ kind: 'return', value: call(own), span });
  }
  const calls = parts.map((fn) => ({
    target: { kind: 'function' as const, fn },
    span: fn.span,
    guarded: false,
  }));
  return { name, params, returns, body, noinline: false, span, calls };
}
