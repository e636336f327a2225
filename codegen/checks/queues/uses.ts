import { reachedBy } from '../../ir/functions.js';
import { isKernelConstant, questionsIn, valueWhere } from '../../ir/kernel-constant.js';
import type { FunctionIr, ModuleIr } from '../../ir/module.js';
import type { Expr, Stmt } from '../../ir/nodes.js';
import { walkStmt } from '../../ir/walk.js';

/** What is done with a dispatch queue. */
export type QueueAction = 'create' | 'fill' | 'fillByVtime' | 'take';

export interface QueueUse {
  action: QueueAction;
  /** The kernel's function. */
  name: string;
  /** The argument that says which queue. */
  queue: Expr;
  /** Which it is, where a constant says so. */
  id: bigint | undefined;
}

/** Functions of the kernel that are given a queue: what they do, and which argument it is. */
const ACTIONS: Readonly<Record<string, readonly [QueueAction, number]>> = {
  scx_bpf_create_dsq: ['create', 0],
  scx_bpf_dsq_insert: ['fill', 1],
  scx_bpf_dsq_insert_vtime: ['fillByVtime', 1],
  scx_bpf_dsq_move: ['fill', 2],
  scx_bpf_dsq_move_vtime: ['fillByVtime', 2],
  scx_bpf_dsq_move_to_local: ['take', 0],
  scx_bpf_dsq_reenq: ['take', 0],
  scx_bpf_destroy_dsq: ['take', 0],
};

/** Bit 63 of an id: a queue of the kernel's own. */
const BUILTIN = 1n << 63n;

export function isBuiltin(id: bigint): boolean {
  return (id & BUILTIN) !== 0n;
}

/** The value of a constant that is the same on all kernels. */
export function constantOf(expr: Expr): bigint | undefined {
  return isKernelConstant(expr) && questionsIn(expr).length === 0
    ? BigInt.asUintN(64, valueWhere(expr, new Set()))
    : undefined;
}

/** All functions that run. */
export function running(module: ModuleIr): Set<FunctionIr> {
  const found = new Set<FunctionIr>();
  for (const { fn } of module.programs) reachedBy(fn, 'ever', found);
  return found;
}

/** Every use of a dispatch queue in what runs. */
export function queueUses(module: ModuleIr): QueueUse[] {
  const found: QueueUse[] = [];
  const note = (action: QueueAction, name: string, queue: Expr | undefined): void => {
    if (queue) found.push({ action, name, queue, id: constantOf(queue) });
  };
  const expr = (e: Expr): void => {
    if (e.kind !== 'call' || e.callee.kind !== 'kernel') return;
    const { name } = e.callee;
    if (!Object.hasOwn(ACTIONS, name)) return;
    const [action, at] = ACTIONS[name]!;
    note(action, name, e.args[at]);
  };
  const stmt = (s: Stmt): void => {
    // Who walks a queue can move what is in it.
    if (s.kind === 'iterate' && s.iterator === 'scx_dsq') note('take', 'each.scx_dsq', s.args[0]);
  };
  for (const fn of running(module)) for (const s of fn.body) walkStmt(s, { expr, stmt });
  return found;
}
