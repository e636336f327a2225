import { ts } from 'ts-morph';
import { unknownLabel } from '../../diagnostics/catalogue/syntax.js';
import type { Stmt } from '../../ir/nodes.js';
import { spanOf } from '../program.js';
import type { FunctionScope, Loop } from '../scope.js';
import { lowerStatement } from './index.js';

/** The label of the statement being lowered next, taken by the loop that it names. */
const pendingLabels = new WeakMap<ts.Node, string>();

export function labelOf(node: ts.Node): string | undefined {
  return pendingLabels.get(node);
}

export function lowerLabeled(fx: FunctionScope, node: ts.Node): Stmt[] {
  if (!ts.isLabeledStatement(node)) return [];
  pendingLabels.set(node.statement, node.label.text);
  return lowerStatement(fx, node.statement);
}

function findLoop(
  fx: FunctionScope,
  label: string | undefined,
  acceptSwitch: boolean,
): Loop | undefined {
  for (let i = fx.loops.length - 1; i >= 0; i--) {
    const loop = fx.loops[i]!;
    if (label !== undefined ? loop.name === label : acceptSwitch || !loop.isSwitch) return loop;
  }
  return undefined;
}

export function lowerBreak(fx: FunctionScope, node: ts.Node): Stmt[] {
  if (!ts.isBreakStatement(node)) return [];
  const span = spanOf(node);
  const loop = findLoop(fx, node.label?.text, true);
  if (!loop) {
    fx.fe.report(unknownLabel(span, 'break'));
    return [];
  }
  if (loop === fx.loops[fx.loops.length - 1]) return [{ kind: 'break', span }];
  loop.labels.breakLabel ??= fx.names.claim(`${loop.name ?? 'loop'}_break`);
  return [{ kind: 'break', label: loop.labels.breakLabel, span }];
}

export function lowerContinue(fx: FunctionScope, node: ts.Node): Stmt[] {
  if (!ts.isContinueStatement(node)) return [];
  const span = spanOf(node);
  const loop = findLoop(fx, node.label?.text, false);
  if (!loop) {
    fx.fe.report(unknownLabel(span, 'continue'));
    return [];
  }
  const inner = [...fx.loops].reverse().find((l) => !l.isSwitch);
  const through = fx.loops.slice(fx.loops.indexOf(loop) + 1).some((l) => l.asChain);
  if (loop === inner && !through) return [{ kind: 'continue', span }];
  loop.labels.continueLabel ??= fx.names.claim(`${loop.name ?? 'loop'}_continue`);
  return [{ kind: 'continue', label: loop.labels.continueLabel, span }];
}

/** Lowers a loop body with the loop on the stack of jump targets. */
export function inLoop<T>(
  fx: FunctionScope,
  node: ts.Node,
  isSwitch: boolean,
  body: (loop: Loop) => T,
): T {
  const loop: Loop = { labels: {}, name: labelOf(node), isSwitch };
  fx.loops.push(loop);
  try {
    return body(loop);
  } finally {
    fx.loops.pop();
  }
}
