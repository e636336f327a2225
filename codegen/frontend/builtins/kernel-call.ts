import type { ts } from 'ts-morph';
import { needsNewerKernel, untrustedArgument } from '../../diagnostics/catalogue/kernel.js';
import { goneLater } from '../../diagnostics/catalogue/places.js';
import type { Expr, Stmt } from '../../ir/nodes.js';
import { U64, VOID, pointerTo, type CType } from '../../ir/types.js';
import { acquiredBy } from '../../kernel/releases.js';
import type { KernelFunction, KernelParam } from '../../kernel/types.js';
import { NEWEST_KERNEL, isNewer } from '../../kernel/versions.js';
import { coerce } from '../convert.js';
import { lowerExpr } from '../expressions/index.js';
import {
  addressOf,
  constant,
  declStmt,
  errorExpr,
  exprStmt,
  operation,
  useLocal,
} from '../make.js';
import { after, inOrder } from '../order.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';
import { parseCType } from './c-types.js';
import { roomFor, structResult, type StructResult } from './struct-results.js';

/** A call of a kfunc, a helper or a compat wrapper, by its DSL name. */
export function lowerKernelCall(
  fx: FunctionScope,
  fn: KernelFunction,
  node: ts.CallExpression,
): Expr {
  const span = spanOf(node);
  fx.noteCall({ kind: 'kernel', name: fn.name }, spanOf(node.expression));
  if (isNewer(fn.since, fx.floorHere) && !fx.knows(fn.name))
    fx.fe.report(needsNewerKernel(spanOf(node.expression), fn.name, fn.since, fx.floorHere));
  else if (fn.until && isNewer(NEWEST_KERNEL, fn.until) && !fx.knows(fn.name))
    fx.fe.report(goneLater(spanOf(node.expression), fn.name, fn.until));
  const setup: Stmt[] = [];
  const outs = new Map<string, Expr>();
  const args: Expr[] = [];
  let given = 0;
  let filled: StructResult | undefined;
  for (const param of fn.params) {
    const type = parseCType(fx, param.ctype);
    if (param.hidden === 'size' && filled) {
      args.push(roomFor(filled, span));
      continue;
    }
    if (param.hidden !== undefined) {
      args.push(operation({ kind: 'context' }, [], type, span));
      continue;
    }
    filled =
      param.out && type.kind === 'ptr' ? structResult(fx, param.name, type, span) : undefined;
    if (filled) {
      setup.push(...filled.setup);
      outs.set(param.name, filled.pointer);
      args.push(filled.pointer);
      continue;
    }
    if (param.out) {
      const to: CType = type.kind === 'ptr' ? type.to : U64;
      const local = fx.declare(param.name, to, span);
      setup.push(declStmt(local, { kind: 'const', value: 0n, type: to, span }, span));
      outs.set(param.name, useLocal(local, span));
      args.push(addressOf(useLocal(local, span), 'stack', span));
      continue;
    }
    args.push(lowerArgument(fx, fn, param, node.arguments[given++], type, span));
  }
  if (args.some((a) => a.type.kind === 'error')) return errorExpr(span);
  const returns = returnType(fx, fn);
  const release = acquiredBy(fn);
  const first: Stmt[] = [];
  const call: Expr = {
    kind: 'call',
    callee: { kind: 'kernel', name: fn.name },
    args: inOrder(fx, args, first),
    type: returns,
    span,
    ...(release ? { release } : {}),
  };
  const folded = fn.fold && constantsOf(args, fn.fold);
  if (folded !== undefined) return constant(folded, returns, span);
  if (outs.size === 0) return after(first, call);
  setup.push(...first);
  return outRecord(fx, fn, setup, outs, call, span);
}

function constantsOf(
  args: readonly Expr[],
  fold: (values: readonly bigint[]) => bigint,
): bigint | undefined {
  const values = args.flatMap((a) => (a.kind === 'const' ? [a.value] : []));
  return values.length === args.length ? fold(values) : undefined;
}

/** Out-parameters become the fields of the result; the C return value is named by the table. */
function outRecord(
  fx: FunctionScope,
  fn: KernelFunction,
  setup: Stmt[],
  outs: Map<string, Expr>,
  call: Expr,
  span: Expr['span'],
): Expr {
  const values = new Map<string, Expr>();
  if (call.type.kind === 'void') setup.push(exprStmt(call, span));
  else {
    const local = fx.declare(fn.returns.name ?? 'ret', call.type, span);
    setup.push(declStmt(local, call, span));
    values.set(fn.returns.name ?? 'ret', useLocal(local, span));
  }
  for (const [key, value] of outs) values.set(key, value);
  const fields = new Map([...values].map(([k, v]): [string, CType] => [k, v.type]));
  return { kind: 'record', setup, values, type: { kind: 'record', fields }, span };
}

function lowerArgument(
  fx: FunctionScope,
  fn: KernelFunction,
  param: KernelParam,
  node: ts.Expression | undefined,
  type: CType,
  span: Expr['span'],
): Expr {
  if (!node) {
    return type.kind === 'ptr'
      ? { kind: 'null', type, span }
      : { kind: 'const', value: 0n, type, span };
  }
  const lowered = lowerExpr(fx, node, type);
  const value = coerce(fx.fe, lowered, type);
  const given = lowered.type;
  const wantsHeld = param.trusted && given.kind === 'ptr' && given.region === 'kernel';
  if (wantsHeld && given.trust === 'untrusted' && value.type.kind !== 'error') {
    fx.fe.report(untrustedArgument(spanOf(node), param.name, fn.name));
  }
  return value;
}

/** Whether the verifier lets kernel functions take the result, on every kernel that can come here. */
function isHeld(fx: FunctionScope, fn: KernelFunction): boolean {
  if (fn.returns.untrusted) return false;
  return !fn.heldSince || !isNewer(fn.heldSince, fx.floorHere) || fx.knows(fn.name);
}

function returnType(fx: FunctionScope, fn: KernelFunction): CType {
  const type = parseCType(fx, fn.returns.ctype);
  if (type.kind === 'void') return VOID;
  if (type.kind !== 'ptr') return type;
  return pointerTo(type.to, type.region, {
    nullable: fn.returns.nullable ?? false,
    trust: isHeld(fx, fn) ? (fn.returns.rcu ? 'rcu' : 'trusted') : 'untrusted',
  });
}
