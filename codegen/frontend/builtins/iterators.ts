import { ts } from 'ts-morph';
import type { Expr, Stmt } from '../../ir/nodes.js';
import { S32, U32, U64, pointerTo, type CType } from '../../ir/types.js';
import { asReference, coerce } from '../convert.js';
import { lowerExpr } from '../expressions/index.js';
import { constant, errorExpr } from '../make.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';
import { structByName } from './c-types.js';

export interface IteratorCall {
  /** Macro that opens the loop in C. */
  head: string;
  args: Expr[];
  type: CType;
  setup: Stmt[];
}

type MakeIterator = (fx: FunctionScope, args: Expr[], span: Expr['span']) => IteratorCall;

function kernelPointer(fx: FunctionScope, struct: string): CType {
  return pointerTo({ kind: 'struct', struct: structByName(fx.fe, struct) }, 'kernel', { trust: 'rcu' });
}

const ITERATORS: Record<string, MakeIterator> = {
  scx_dsq: (fx, [id, flags], span) => ({
    head: 'scxts_each_scx_dsq',
    args: [coerce(fx.fe, id ?? errorExpr(span), U64), flags ? coerce(fx.fe, flags, U64) : constant(0, U64, span)],
    type: kernelPointer(fx, 'task_struct'),
    setup: [],
  }),
  css: (fx, [root, flags], span) => ({
    head: 'scxts_each_css',
    args: [asReference(root ?? errorExpr(span)), flags ? coerce(fx.fe, flags, U32) : constant(0, U32, span)],
    type: kernelPointer(fx, 'cgroup_subsys_state'),
    setup: [],
  }),
  task: (fx, [of, flags], span) => ({
    head: 'scxts_each_task',
    args: [of ? asReference(of) : { kind: 'null', type: kernelPointer(fx, 'task_struct'), span }, flags ? coerce(fx.fe, flags, U32) : constant(0, U32, span)],
    type: kernelPointer(fx, 'task_struct'),
    setup: [],
  }),
  cpu: (_fx, [mask], span) => ({
    head: 'scxts_each_cpu',
    args: [asReference(mask ?? errorExpr(span))],
    type: S32,
    setup: [],
  }),
};

/** The iterator that `each.x(...)` names, or one bound to a local before the loop. */
export function findIterator(fx: FunctionScope, node: ts.Expression): IteratorCall | undefined {
  if (ts.isIdentifier(node)) {
    const declaration = fx.fe.symbolOf(node)?.valueDeclaration;
    const init = declaration && ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
    return init ? findIterator(fx, init) : undefined;
  }
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
  const on = node.expression.expression;
  if (!ts.isIdentifier(on) || fx.fe.builtinName(fx.fe.symbolOf(on)) !== 'each') return undefined;
  const make = ITERATORS[node.expression.name.text];
  if (!make) return undefined;
  const args = node.arguments.map((a) => lowerExpr(fx, a));
  return make(fx, args, spanOf(node));
}
