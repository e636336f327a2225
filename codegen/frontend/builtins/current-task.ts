import { ts } from 'ts-morph';
import type { Expr } from '../../ir/nodes.js';
import { S32, U64 } from '../../ir/types.js';
import { kernelFunction } from '../../kernel/index.js';
import { memberOfName } from '../expressions/access.js';
import { binary, cast, constant, errorExpr } from '../make.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';
import { lowerKernelCall } from './kernel-call.js';

/**
 * `bpf_get_current_comm()`: what the helper would copy, read in place. The helper itself is there for schedulers
 * from Linux 6.16 on only.
 */
export function lowerCurrentComm(fx: FunctionScope, node: ts.CallExpression): Expr {
  const span = spanOf(node);
  const current = kernelFunction('bpf_get_current_task_btf');
  if (!current) return errorExpr(span);
  const comm = memberOfName(fx, lowerKernelCall(fx, current, node), 'comm', node);
  if (!isTakenApart(node) || comm.type.kind === 'error') return comm;
  const fields = new Map([['buf', comm.type]]);
  return {
    kind: 'record',
    setup: [],
    values: new Map([['buf', comm]]),
    type: { kind: 'record', fields },
    span,
  };
}

/** `bpf_get_current_uid_gid()`, likewise: the helper gives the ids of the initial namespace, as they are stored. */
export function lowerCurrentIds(fx: FunctionScope, node: ts.CallExpression): Expr {
  const span = spanOf(node);
  const current = kernelFunction('bpf_get_current_task_btf');
  if (!current) return errorExpr(span);
  const id = (which: string): Expr => {
    const task = lowerKernelCall(fx, current, node);
    return ['cred', which, 'val'].reduce((base, name) => memberOfName(fx, base, name, node), task);
  };
  const [uid, gid] = [id('uid'), id('gid')];
  if (uid.type.kind === 'error' || gid.type.kind === 'error') return errorExpr(span);
  return binary(
    '|',
    binary('<<', cast(gid, U64), constant(32, S32, span), U64, span),
    uid,
    U64,
    span,
  );
}

/** `const { buf } = ...`, `... .buf` */
function isTakenApart({ parent }: ts.Node): boolean {
  return (
    ts.isPropertyAccessExpression(parent) ||
    (ts.isVariableDeclaration(parent) && ts.isObjectBindingPattern(parent.name))
  );
}
