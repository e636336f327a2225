import { ts } from 'ts-morph';
import {
  unsupportedState,
  memberRange,
  nameTooLong,
  unknownOps,
  notConstant,
} from '../../diagnostics/catalogue/state.js';
import { tooManyQuestions } from '../../diagnostics/catalogue/kernel.js';
import { memberSetTwice } from '../../diagnostics/catalogue/components.js';
import { closures } from '../../diagnostics/catalogue/syntax.js';
import {
  combinations,
  isKernelConstant,
  questionsIn,
  valueWhere,
} from '../../ir/kernel-constant.js';
import type { Expr } from '../../ir/nodes.js';
import { INT_TYPES } from '../../ir/types.js';
import { OPS, opsMember, type OpsCallback } from '../../kernel/ops.js';
import type { ComponentEntity, Frontend } from '../context.js';
import { coerce } from '../convert.js';
import { lowerExpr } from '../expressions/index.js';
import { functionDeclaration, type FunctionNode } from '../functions.js';
import { binary } from '../make.js';
import { spanOf } from '../program.js';
import { closest } from '../suggest.js';
import { componentOps, usedComponents } from './components.js';
import { moduleScope } from './globals.js';
import { compileCallback, type Contribution } from './weave.js';

/** Compiles the `scheduler({...})` of the entry file. */
export function compileScheduler(fe: Frontend, call: ts.CallExpression): void {
  const literal = call.arguments[0];
  if (!literal || !ts.isObjectLiteralExpression(literal)) {
    fe.report(
      unsupportedState(
        spanOf(call),
        'scheduler() without an object literal',
        "scheduler({ name: 'x', ... })",
      ),
    );
    return;
  }
  const name = schedulerName(fe, literal);
  fe.scheduler = { name, members: [], span: spanOf(call) };
  const callbacks: Callbacks = new Map();
  fe.components = componentsOf(fe, literal);
  for (const component of fe.components) {
    for (const property of componentOps(component))
      compileMember(fe, component.name, property, callbacks);
  }
  for (const property of literal.properties) compileMember(fe, name, property, callbacks);
  checkQuestions(fe);
  for (const [op, from] of callbacks) compileCallback(fe, name, op, from);
}

function checkQuestions(fe: Frontend): void {
  for (const member of fe.scheduler?.members ?? []) {
    const { length } = questionsIn(member.value);
    if (length > QUESTIONS) fe.report(tooManyQuestions(member.value.span, member.name, length));
  }
}

/** Names that C has for the callbacks and the scheduler itself: nothing else in the program may be called so. */
export function keepNames(fe: Frontend, call: ts.CallExpression): void {
  const literal = call.arguments[0];
  if (!literal || !ts.isObjectLiteralExpression(literal)) return;
  const name = literal.properties.flatMap((p) =>
    ts.isPropertyAssignment(p) &&
    p.name.getText() === 'name' &&
    ts.isStringLiteralLike(p.initializer)
      ? [p.initializer.text]
      : [],
  )[0];
  if (name === undefined) return;
  for (const op of OPS) if (op.kind === 'callback') fe.names.keep(`${name}_${op.name}`);
  fe.names.keep(`${name}_ops`);
}

/** Who defines a callback, components first. */
type Callbacks = Map<OpsCallback, Contribution[]>;

function componentsOf(fe: Frontend, literal: ts.ObjectLiteralExpression): ComponentEntity[] {
  const use = literal.properties.find((p) => p.name?.getText() === 'use');
  return use && ts.isPropertyAssignment(use) ? usedComponents(fe, use.initializer) : [];
}

function schedulerName(fe: Frontend, literal: ts.ObjectLiteralExpression): string {
  for (const property of literal.properties) {
    if (!ts.isPropertyAssignment(property) || property.name.getText() !== 'name') continue;
    const value = property.initializer;
    const text = ts.isStringLiteralLike(value) ? value.text : '';
    if (/^[A-Za-z_]\w{0,126}$/.test(text)) return text;
    fe.report(nameTooLong(spanOf(value), text));
    return 'scheduler';
  }
  return 'scheduler';
}

function compileMember(
  fe: Frontend,
  owner: string,
  property: ts.ObjectLiteralElementLike,
  callbacks: Callbacks,
): void {
  const nameNode = property.name;
  if (!nameNode || !(ts.isIdentifier(nameNode) || ts.isStringLiteral(nameNode))) {
    fe.report(
      unsupportedState(
        spanOf(property),
        'this member',
        'name callbacks: enqueue(p, flags) { ... }',
      ),
    );
    return;
  }
  const name = nameNode.text;
  if (name === 'name') return;
  if (name === 'use') return; // done before all others
  const op = opsMember(name);
  if (!op) {
    fe.report(
      unknownOps(
        spanOf(nameNode),
        name,
        closest(
          name,
          OPS.map((o) => o.name),
        ),
      ),
    );
    return;
  }
  if (op.kind === 'callback') {
    const decl = callbackOf(fe, property);
    if (decl) callbacks.set(op, [...(callbacks.get(op) ?? []), { owner, decl }]);
    else fe.report(closures(spanOf(property), `'${name}'`));
    return;
  }
  const value = ts.isPropertyAssignment(property)
    ? property.initializer
    : ts.isShorthandPropertyAssignment(property)
      ? property.name
      : undefined;
  const type = INT_TYPES[op.type];
  if (!value || !type) return;
  const lowered = coerce(fe, lowerExpr(moduleScope(fe, property), value, type), type);
  if (lowered.type.kind === 'error') return;
  if (!isKernelConstant(lowered)) {
    fe.report(notConstant(spanOf(value), `'${name}'`));
    return;
  }
  const most = MOST[name];
  const largest = largestValue(lowered);
  if (most !== undefined && largest > BigInt(most))
    fe.report(memberRange(spanOf(value), name, String(largest), most));
  // Flags of components and of the scheduler add up.
  const before = fe.scheduler?.members.find((m) => m.name === name);
  if (before && name === 'flags')
    before.value = binary('|', before.value, lowered, type, spanOf(value));
  else if (!before) fe.scheduler?.members.push({ name, value: lowered, owner });
  else if (!sameConstant(before.value, lowered))
    fe.report(memberSetTwice(spanOf(value), name, before.owner, owner));
}

/** Things that a member may ask the kernel: native/runtime/members.ts has its value for each combination. */
const QUESTIONS = 8;

/** The largest value that a member has on any kernel. */
function largestValue(expr: Expr): bigint {
  const questions = questionsIn(expr).slice(0, QUESTIONS);
  return combinations(questions)
    .map((holds) => valueWhere(expr, holds))
    .reduce((a, b) => (a > b ? a : b));
}

/** SCX_WATCHDOG_MAX_TIMEOUT; dispatch_max_batch is an index of a per-CPU buffer, kept in an int. */
const MOST: Readonly<Record<string, number>> = {
  timeout_ms: 30_000,
  dispatch_max_batch: 2 ** 31 - 1,
};

function sameConstant(a: Expr, b: Expr): boolean {
  return a.kind === 'const' && b.kind === 'const' && a.value === b.value;
}

function callbackOf(fe: Frontend, property: ts.ObjectLiteralElementLike): FunctionNode | undefined {
  if (ts.isMethodDeclaration(property)) return property;
  if (ts.isShorthandPropertyAssignment(property)) {
    const symbol = fe.symbolOf(property.name);
    return symbol && functionDeclaration(fe, symbol);
  }
  if (!ts.isPropertyAssignment(property)) return undefined;
  const value = property.initializer;
  if (ts.isArrowFunction(value) || ts.isFunctionExpression(value)) return value;
  const symbol = ts.isIdentifier(value) ? fe.symbolOf(value) : undefined;
  return symbol && functionDeclaration(fe, symbol);
}
