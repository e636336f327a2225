import { ts } from 'ts-morph';
import type { Expr } from '../../ir/nodes.js';
import { kernelFunction } from '../../kernel/index.js';
import { memberOfName } from '../expressions/access.js';
import { errorExpr } from '../make.js';
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

/** `const { buf } = ...`, `... .buf` */
function isTakenApart({ parent }: ts.Node): boolean {
  return (
    ts.isPropertyAccessExpression(parent) ||
    (ts.isVariableDeclaration(parent) && ts.isObjectBindingPattern(parent.name))
  );
}
