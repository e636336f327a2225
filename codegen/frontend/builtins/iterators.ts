import { ts } from 'ts-morph';
import type { Expr, IteratorKind, Local, Stmt } from '../../ir/nodes.js';
import { S32, U32, U64, pointerTo, type CType } from '../../ir/types.js';
import { asReference, coerce } from '../convert.js';
import { lowerExpr } from '../expressions/index.js';
import { constant, errorExpr, operation } from '../make.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';
import { structByName } from './c-types.js';

export interface IteratorCall {
  iterator: IteratorKind;
  args: Expr[];
  type: CType;
  /** Signed in C, but never negative. */
  nonNegative?: boolean;
  setup: Stmt[];
}

type MakeIterator = (fx: FunctionScope, args: Expr[], span: Expr['span']) => IteratorCall;

function kernelPointer(fx: FunctionScope, struct: string): CType {
  return pointerTo({ kind: 'struct', struct: structByName(fx.fe, struct) }, 'kernel', {
    trust: 'rcu',
  });
}

/** enum bpf_cgroup_iter_order in include/uapi/linux/bpf.h. */
const BPF_CGROUP_ITER_DESCENDANTS_PRE = 2;
/** kernel/bpf/task_iter.c. */
const BPF_TASK_ITER_ALL_THREADS = 1;
const BPF_TASK_ITER_PROC_THREADS = 2;

const ITERATORS: Record<string, MakeIterator> = {
  scx_dsq: (fx, [id, flags], span) => ({
    iterator: 'scx_dsq',
    args: [
      coerce(fx.fe, id ?? errorExpr(span), U64),
      flags ? coerce(fx.fe, flags, U64) : constant(0, U64, span),
    ],
    type: kernelPointer(fx, 'task_struct'),
    setup: [],
  }),
  css: (fx, [root, flags], span) => ({
    iterator: 'css',
    args: [
      asReference(root ?? errorExpr(span)),
      flags ? coerce(fx.fe, flags, U32) : constant(BPF_CGROUP_ITER_DESCENDANTS_PRE, U32, span),
    ],
    type: kernelPointer(fx, 'cgroup_subsys_state'),
    setup: [],
  }),
  task: (fx, [of, flags], span) => ({
    iterator: 'task',
    args: [
      of ? asReference(of) : { kind: 'null', type: kernelPointer(fx, 'task_struct'), span },
      flags
        ? coerce(fx.fe, flags, U32)
        : constant(of ? BPF_TASK_ITER_PROC_THREADS : BPF_TASK_ITER_ALL_THREADS, U32, span),
    ],
    type: kernelPointer(fx, 'task_struct'),
    setup: [],
  }),
  cpu: (fx, [mask], span) => ({
    iterator: 'cpu',
    args: [coerce(fx.fe, mask ?? errorExpr(span), kernelPointer(fx, 'cpumask'))],
    type: S32,
    nonNegative: true,
    setup: [],
  }),
};

/** `each.x(...)`. */
export function isIteratorCall(fx: FunctionScope, node: ts.Expression): boolean {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false;
  const on = node.expression.expression;
  return ts.isIdentifier(on) && fx.fe.builtinName(fx.fe.symbolOf(on)) === 'each';
}

/** The kernel's iterator object of a loop, for functions that take it. */
export function iteratorObject(
  fx: FunctionScope,
  item: Local,
  node: ts.Expression,
): Expr | undefined {
  const init = ts.isIdentifier(node) ? initializerOf(fx, node) : undefined;
  if (!init || !ts.isCallExpression(init) || !ts.isPropertyAccessExpression(init.expression))
    return undefined;
  const type = pointerTo(
    { kind: 'struct', struct: structByName(fx.fe, `bpf_iter_${init.expression.name.text}`) },
    'stack',
  );
  return operation({ kind: 'iterator', item }, [], type, spanOf(node));
}

function initializerOf(fx: FunctionScope, node: ts.Identifier): ts.Expression | undefined {
  const declaration = fx.fe.symbolOf(node)?.valueDeclaration;
  return declaration && ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
}

/** The iterator that `each.x(...)` names, or one bound to a local before the loop. */
export function findIterator(fx: FunctionScope, node: ts.Expression): IteratorCall | undefined {
  if (ts.isIdentifier(node)) {
    const init = initializerOf(fx, node);
    return init ? findIterator(fx, init) : undefined;
  }
  if (
    !isIteratorCall(fx, node) ||
    !ts.isCallExpression(node) ||
    !ts.isPropertyAccessExpression(node.expression)
  )
    return undefined;
  const make = ITERATORS[node.expression.name.text];
  if (!make) return undefined;
  const args = node.arguments.map((a) => lowerExpr(fx, a));
  return make(fx, args, spanOf(node));
}
