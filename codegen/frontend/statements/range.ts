import type { ts } from 'ts-morph';
import type { Expr, Stmt } from '../../ir/nodes.js';
import type { Span } from '../../ir/span.js';
import { S32, type IntType } from '../../ir/types.js';
import { balance, fits, integerOperand, nonNegative, settle } from '../convert.js';
import { lowerExpr } from '../expressions/index.js';
import { binary, cast, conditional, constant, declStmt, operation, useLocal } from '../make.js';
import { pinned } from '../order.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';
import { lowerBody } from './index.js';
import { inLoop } from './jumps.js';

type Iteration = Extract<Stmt, { kind: 'iterate' }>;

/** Rounds that the kernel's iterator makes at most: BPF_MAX_LOOPS in include/linux/bpf.h. It makes none where more are asked for. */
const MOST_ROUNDS = 1n << 23n;

/** `range(n)`, `range(from, to)`: the kernel's numeric iterator, which the verifier need not unroll; it counts in an s32. */
export function lowerRange(
  fx: FunctionScope,
  node: ts.ForOfStatement,
  variable: ts.Identifier,
): Stmt[] {
  const call = node.expression as ts.CallExpression;
  const span = spanOf(call);
  const bounds = call.arguments.map((a) => integerOperand(fx.fe, lowerExpr(fx, a)));
  const [first, second] = bounds;
  if (!first || bounds.some((b) => b.type.kind === 'error')) return [];
  const both = second ? balance(first, second) : undefined;
  const from = both?.left ?? settle(constant(0, first.type, span));
  const to = both?.right ?? settle(first);
  const type = both?.type ?? to.type;
  if (type.kind !== 'int' || isSigned32(type, from, to))
    return counted(fx, node, variable, from, to);
  return wide(fx, node, variable, { from, to, type });
}

/** Whether the kernel's own counter does: what is narrower than an int never leaves it. */
function isSigned32(type: IntType, from: Expr, to: Expr): boolean {
  if (from.kind === 'const' && to.kind === 'const')
    return fits(from.value, S32) && fits(to.value, S32) && to.value - from.value <= MOST_ROUNDS;
  return type.bits < 32 || (type.bits === 32 && type.signed);
}

function counted(
  fx: FunctionScope,
  node: ts.ForOfStatement,
  variable: ts.Identifier,
  from: Expr,
  to: Expr,
): Stmt[] {
  const span = spanOf(node);
  // Known not to be negative: it compares with either sign.
  const local = fx.declare(variable.text, S32, spanOf(variable), {
    nonNegative: nonNegative(from),
  });
  fx.bind(fx.fe.checker.getSymbolAtLocation(variable), { kind: 'local', local });
  const stmt = inLoop<Iteration>(fx, node, false, (loop) => {
    const body = lowerBody(fx, node.statement);
    const { labels } = loop;
    return { kind: 'iterate', iterator: 'range', args: [from, to], local, body, labels, span };
  });
  return [stmt];
}

/** Counts in the type of the end: the kernel counts the rounds. */
function wide(
  fx: FunctionScope,
  node: ts.ForOfStatement,
  variable: ts.Identifier,
  { from, to, type }: { from: Expr; to: Expr; type: IntType },
): Stmt[] {
  const span = spanOf(node);
  const setup: Stmt[] = [];
  const [start, end] = [pinned(fx, from, setup), pinned(fx, to, setup)];
  const fromZero = start.kind === 'const' && start.value === 0n;
  const distance =
    fromZero && !type.signed
      ? end
      : conditional(
          binary('>', end, start, { kind: 'bool' }, span),
          fromZero ? end : binary('-', end, start, type, span),
          constant(0, type, span),
          type,
          span,
        );
  const most = constant(MOST_ROUNDS, type, span);
  const rounds = cast(operation({ kind: 'min' }, [distance, most], type, span), S32);
  const counter = fx.temp('round', S32, span);
  const local = fx.declare(variable.text, type, spanOf(variable), {
    nonNegative: nonNegative(start),
    ...(fromZero ? { small: true } : {}),
  });
  fx.bind(fx.fe.checker.getSymbolAtLocation(variable), { kind: 'local', local });
  const offset = cast(useLocal(counter, span), type);
  const value = fromZero ? offset : binary('+', start, offset, type, span);
  const stmt = inLoop<Iteration>(fx, node, false, (loop) => {
    const lowered = lowerBody(fx, node.statement);
    const inner = lowered.kind === 'block' ? lowered.body : [lowered];
    const body: Stmt = { kind: 'block', body: [declStmt(local, value, span), ...inner], span };
    const args = [constant(0, S32, span), rounds];
    const { labels } = loop;
    return { kind: 'iterate', iterator: 'range', args, local: counter, body, labels, span };
  });
  return inBlock([...setup, stmt], span);
}

function inBlock(stmts: Stmt[], span: Span): Stmt[] {
  return stmts.length === 1 ? stmts : [{ kind: 'block', body: stmts, span }];
}
