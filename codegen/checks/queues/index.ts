import {
  affinityIgnored,
  lastWithoutEnqueue,
  queueNotCreated,
  queueNotEmptied,
  vtimeIntoBuiltin,
} from '../../diagnostics/catalogue/queues.js';
import { DiagnosticBag, type Diagnostic } from '../../diagnostics/diagnostic.js';
import { combinations, questionsIn, valueWhere } from '../../ir/kernel-constant.js';
import type { ModuleIr } from '../../ir/module.js';
import type { Expr } from '../../ir/nodes.js';
import { walkStmt } from '../../ir/walk.js';
import { enumByName } from '../../kernel/index.js';
import { checkTaskPaths } from './task-paths.js';
import { constantOf, isBuiltin, queueUses, running, type QueueUse } from './uses.js';

/** Mistakes with dispatch queues that constants and paths show; where something only runs shows, nothing is said. */
export function checkQueues(module: ModuleIr): Diagnostic[] {
  const bag = new DiagnosticBag();
  const uses = queueUses(module);
  checkOwnQueues(uses, bag);
  for (const { action, name, queue } of uses)
    if (action === 'fillByVtime' && isOfKernel(queue)) bag.add(vtimeIntoBuiltin(queue.span, name));
  checkFlags(module, bag);
  checkAffinity(module, uses, bag);
  checkTaskPaths(module, bag);
  return bag.all;
}

function checkOwnQueues(uses: readonly QueueUse[], bag: DiagnosticBag): void {
  const ids = (action: QueueUse['action']): (bigint | undefined)[] =>
    uses.filter((u) => u.action === action).map((u) => u.id);
  const created = new Set(ids('create'));
  const taken = new Set(ids('take'));
  for (const { action, queue, id } of uses) {
    if ((action !== 'fill' && action !== 'fillByVtime') || id === undefined || isBuiltin(id))
      continue;
    // One that is only known when it runs may be any.
    if (!created.has(id) && !created.has(undefined))
      bag.add(queueNotCreated(queue.span, shown(queue, id)));
    else if (!taken.has(id) && !taken.has(undefined))
      bag.add(queueNotEmptied(queue.span, shown(queue, id)));
  }
}

/** A queue as the author wrote it. */
function shown(queue: Expr, id: bigint): string {
  if (queue.kind === 'convert' || queue.kind === 'cast') return shown(queue.value, id);
  if (queue.kind === 'const' && queue.name) return queue.name;
  return queue.kind === 'constant' ? queue.constant.name : id.toString();
}

/** Whether it is a queue of the kernel, on whichever CPU. */
function isOfKernel(queue: Expr): boolean {
  const id = constantOf(queue);
  return id === undefined ? cpuOfLocal(queue) !== undefined : isBuiltin(id);
}

/** X of `SCX_DSQ_LOCAL_ON | X`. */
function cpuOfLocal(queue: Expr): Expr | undefined {
  if (queue.kind === 'convert' || queue.kind === 'cast') return cpuOfLocal(queue.value);
  if (queue.kind !== 'binary' || queue.op !== '|') return undefined;
  if (isLocalOn(queue.left)) return queue.right;
  return isLocalOn(queue.right) ? queue.left : undefined;
}

function isLocalOn(expr: Expr): boolean {
  const value = constantOf(expr);
  return value !== undefined && value === enumByName('SCX_DSQ_LOCAL_ON')?.value;
}

function checkFlags(module: ModuleIr, bag: DiagnosticBag): void {
  const flags = module.scheduler.members.find((m) => m.name === 'flags');
  const last = enumByName('SCX_OPS_ENQ_LAST')?.value ?? 0n;
  if (!flags || module.programs.some((p) => p.callback === 'enqueue')) return;
  const asked = combinations(questionsIn(flags.value).slice(0, 8));
  if (asked.some((holds) => (valueWhere(flags.value, holds) & last) !== 0n))
    bag.add(lastWithoutEnqueue(flags.value.span));
}

/** A CPU that a constant names, in a program that never asks what tasks may use. */
function checkAffinity(module: ModuleIr, uses: readonly QueueUse[], bag: DiagnosticBag): void {
  if (asksForAffinity(module)) return;
  for (const { action, name, queue } of uses) {
    if (action !== 'fill' || name !== 'scx_bpf_dsq_insert') continue;
    const cpu = cpuOfLocal(queue);
    const number = cpu && constantOf(cpu);
    if (number !== undefined) bag.add(affinityIgnored(queue.span, number.toString()));
  }
}

const AFFINITY: ReadonlySet<string> = new Set([
  'cpus_ptr',
  'cpus_mask',
  'nr_cpus_allowed',
  'flags',
]);

function asksForAffinity(module: ModuleIr): boolean {
  let asks = false;
  const expr = (e: Expr): void => {
    if (e.kind !== 'member' || !AFFINITY.has(e.field)) return;
    const { type } = e.base;
    const struct = type.kind === 'ptr' && type.to.kind === 'struct' ? type.to.struct.name : '';
    if (struct === 'task_struct') asks = true;
  };
  for (const fn of running(module)) for (const s of fn.body) walkStmt(s, { expr });
  return asks || module.programs.some((p) => p.callback === 'set_cpumask');
}
