import { ts } from 'ts-morph';
import {
  recursion,
  structReturned,
  tooManyArguments,
  asyncCode,
  generator,
} from '../diagnostics/catalogue/syntax.js';
import type { FunctionIr } from '../ir/module.js';
import type { Expr, Local, Stmt } from '../ir/nodes.js';
import type { Release } from '../ir/releases.js';
import { S64, U64, VOID, isInteger, pointerTo, type CType, type IntType } from '../ir/types.js';
import type { Frontend, TypeEnv } from './context.js';
import { asReference, balance, coerce, fits, settle } from './convert.js';
import { instanceKey, isArenaEntry, isArray, lowerArgument, type Argument } from './arguments.js';
import { bindInferred } from './type-arguments.js';
import { lowerExpr } from './expressions/index.js';
import { readMaybe } from './kptr-places.js';
import { widened } from './infer.js';
import { addressOf, declStmt, deref, errorExpr, useLocal } from './make.js';
import { placeObjects } from './objects/returns.js';
import { after, inOrder } from './order.js';
import { spanOf } from './program.js';
import { FunctionScope, type ReturnTarget } from './scope.js';
import { leaves, lowerStatement } from './statements/index.js';
import { returnValue } from './statements/return.js';
import { bindPattern } from './statements/variables.js';
import { asValue, resolveType } from './types.js';

export type FunctionNode =
  ts.FunctionDeclaration | ts.ArrowFunction | ts.FunctionExpression | ts.MethodDeclaration;

/** The function that a symbol names: a declaration, or a const bound to an arrow function. */
export function functionDeclaration(fe: Frontend, symbol: ts.Symbol): FunctionNode | undefined {
  for (const declaration of symbol.declarations ?? []) {
    if (fe.isLanguageFile(declaration.getSourceFile())) return undefined;
    if (ts.isFunctionDeclaration(declaration) && declaration.body) return declaration;
    if (ts.isVariableDeclaration(declaration) && declaration.initializer) {
      const init = declaration.initializer;
      if (ts.isArrowFunction(init) || ts.isFunctionExpression(init)) return init;
    }
  }
  return undefined;
}

const inProgress = new WeakMap<Frontend, Set<ts.Node>>();

/** A call of a function of the program: compiles the function for these types, once. */
export function callUser(fx: FunctionScope, decl: FunctionNode, node: ts.CallExpression): Expr {
  const { fe } = fx;
  const span = spanOf(node);
  const active = inProgress.get(fe) ?? new Set();
  inProgress.set(fe, active);
  if (active.has(decl)) {
    fe.report(recursion(span, node.expression.getText()));
    return errorExpr(span);
  }
  const env = typeArguments(fx, decl, node);
  const args = decl.parameters.map((p, i) => lowerArgument(fx, p, node.arguments[i], env));
  if (args.some((a) => a.expr?.type.kind === 'error')) {
    return errorExpr(span);
  }
  bindInferred(fx.fe, decl, args, env);
  const fn = instantiate(fe, decl, env, args);
  if (!fn) return errorExpr(span);
  fx.noteCall({ kind: 'function', fn }, span);
  const passed: Expr[] = [];
  args.forEach((a) => {
    const param = fn.params[passed.length];
    if (a.entity || !a.expr || !param) return;
    passed.push(coerce(fe, a.expr, param.type));
  });
  if (fn.room) {
    // What the function makes and returns is an object of the caller.
    const { type } = fn.room;
    const made = fx.hoist('made', type.kind === 'ptr' ? type.to : type, span);
    passed.push(addressOf(useLocal(made, span), 'stack', span));
  }
  const setup: Stmt[] = [];
  const call: Expr = {
    kind: 'call',
    callee: { kind: 'function', fn },
    args: inOrder(fx, passed, setup),
    type: fn.returns,
    span,
  };
  return after(setup, fn.returnsOwned ? { ...call, release: fn.returnsOwned } : call);
}

/** Type parameters that the call states. */
function typeArguments(
  fx: FunctionScope,
  decl: FunctionNode,
  node: ts.CallExpression,
): Map<ts.Symbol, CType> {
  const env = new Map<ts.Symbol, CType>();
  decl.typeParameters?.forEach((param, i) => {
    const symbol = fx.fe.checker.getSymbolAtLocation(param.name);
    const argument = node.typeArguments?.[i];
    if (symbol && argument) env.set(symbol, resolveType(fx.fe, argument, fx.env));
  });
  return env;
}

function isOptionalNumber(param: ts.ParameterDeclaration, type: CType): boolean {
  return param.questionToken !== undefined && isInteger(type);
}

/** The C type of a parameter: an array goes by its address, with its length. */
function asParameter(type: CType): CType {
  return isArray(type) ? pointerTo(type, 'any') : asValue(type);
}

/** One compiled copy of a function for given types and maps. */
function instantiate(
  fe: Frontend,
  decl: FunctionNode,
  env: TypeEnv,
  args: Argument[],
): FunctionIr | undefined {
  const key = instanceKey(decl, env, args);
  const known = fe.instances.get(key);
  if (known) return known;
  const active = inProgress.get(fe) ?? new Set();
  inProgress.set(fe, active);
  active.add(decl);
  try {
    const fn = lowerFunction(fe, decl, { name: functionName(decl), env, args });
    fe.instances.set(key, fn);
    fe.functions.push(fn);
    return fn;
  } finally {
    active.delete(decl);
  }
}

export function functionName(decl: FunctionNode): string {
  if (decl.name && ts.isIdentifier(decl.name)) return decl.name.text;
  return ts.isVariableDeclaration(decl.parent) && ts.isIdentifier(decl.parent.name)
    ? decl.parent.name.text
    : 'callback';
}

export interface FunctionOptions {
  name: string;
  /** The name is one that the module keeps for it. */
  isKept?: boolean;
  env?: TypeEnv;
  args?: Argument[];
  /** Types of parameters without annotation, by position. */
  paramTypes?: CType[];
  /** C names of the parameters, where they differ from the TypeScript ones. */
  paramNames?: string[];
  returns?: CType;
  parent?: FunctionScope;
  configure?: (scope: FunctionScope) => void;
}

function isNoinline(node: ts.Node): boolean {
  const owner =
    ts.isArrowFunction(node) || ts.isFunctionExpression(node) ? node.parent.parent.parent : node;
  return [...ts.getJSDocTags(node), ...ts.getJSDocTags(owner)].some(
    (t) => t.tagName.text === 'noinline',
  );
}

/** Variables are widened one after the other, as those do that are assigned to them. */
const MOST_ROUNDS = 8;

/** Lowers a function's signature and body, again where a variable turns out to be wider than it was thought to be. */
export function lowerFunction(
  fe: Frontend,
  decl: FunctionNode,
  options: FunctionOptions,
): FunctionIr {
  // The variables of a callback are those of the function around it.
  if (options.parent) return lowerOnce(fe, decl, options, new Map()).fn;
  const settled = new Map<ts.VariableDeclaration, IntType>();
  for (let round = 0; ; round++) {
    const mark = fe.mark();
    const { fn, wider } = lowerOnce(fe, decl, options, settled);
    if (wider.size === 0 || round === MOST_ROUNDS) return fn;
    for (const [node, type] of wider) settled.set(node, type);
    fe.restore(mark);
  }
}

function lowerOnce(
  fe: Frontend,
  decl: FunctionNode,
  options: FunctionOptions,
  settled: ReadonlyMap<ts.VariableDeclaration, IntType>,
): { fn: FunctionIr; wider: Map<ts.VariableDeclaration, IntType> } {
  const span = spanOf(decl);
  checkModifiers(fe, decl);
  const env = options.env ?? new Map<ts.Symbol, CType>();
  const declared = decl.type ? asValue(resolveType(fe, decl.type, env)) : options.returns;
  const returns: ReturnTarget = { type: declared, seen: [] };
  const scope = new FunctionScope(fe, decl, returns, env, options.parent, settled);
  options.configure?.(scope);
  const name = options.isKept ? options.name : fe.names.claim(options.name);
  const { params, taken } = bindParameters(scope, decl, options);
  const statements = lowerFunctionBody(scope, decl);
  const finished = finishReturns(scope, declared);
  const objects = placeObjects(scope, params, [...taken, ...statements], finished.type);
  const body = [
    ...scope.hoisted.map((local): Stmt => ({ kind: 'decl', local, span })),
    ...objects.declared,
    ...objects.body,
  ];
  if (objects.room) params.push(objects.room);
  const noinline = isNoinline(decl);
  if (noinline && params.length > 5) fe.report(tooManyArguments(span, options.name, params.length));
  if (noinline && objects.type.kind === 'struct') fe.report(structReturned(span, options.name));
  // A callback may end without a value where others of its ways give one: that is "go on".
  const scalar = objects.type.kind === 'bool' || objects.type.kind === 'int';
  if (scalar && decl.body && ts.isBlock(decl.body) && !leaves(decl.body)) {
    body.push({
      kind: 'return',
      value: { kind: 'const', value: 0n, type: objects.type, span },
      span,
    });
  }
  const fn: FunctionIr = {
    name,
    params,
    returns: objects.type,
    body,
    noinline,
    span,
    calls: scope.calls,
    ...(finished.owned ? { returnsOwned: finished.owned } : {}),
    ...(objects.gives ? { gives: objects.gives } : {}),
    ...(objects.room ? { room: objects.room } : {}),
  };
  return { fn, wider: options.parent ? new Map() : widened(scope) };
}

function checkModifiers(fe: Frontend, decl: FunctionNode): void {
  const isAsync = decl.modifiers?.find((m) => m.kind === ts.SyntaxKind.AsyncKeyword);
  if (isAsync) fe.report(asyncCode(spanOf(isAsync), 'async'));
  if (decl.asteriskToken) fe.report(generator(spanOf(decl.asteriskToken)));
}

/** Gives parameters their names; `taken` is what takes those apart that are patterns. */
function bindParameters(
  scope: FunctionScope,
  decl: FunctionNode,
  options: FunctionOptions,
): { params: Local[]; taken: Stmt[] } {
  const params: Local[] = [];
  const apart: (() => Stmt[])[] = [];
  decl.parameters.forEach((param, i) => {
    const symbol = scope.fe.checker.getSymbolAtLocation(param.name);
    const entity = options.args?.[i]?.entity;
    if (entity) {
      scope.bind(symbol, { kind: 'entity', entity });
      return;
    }
    const { initializer } = param;
    if (options.args?.[i]?.byCallee && initializer) {
      apart.push(() => bindDefault(scope, param, initializer));
      return;
    }
    const annotated = param.type && asParameter(resolveType(scope.fe, param.type, scope.env));
    const place = options.args?.[i]?.place;
    const type =
      inArena(annotated, options.args?.[i]) ??
      (place && annotated
        ? pointerTo(annotated, 'any', { nullable: place !== 'there' })
        : annotated) ??
      options.paramTypes?.[i] ??
      inferredParameter(options.args?.[i]);
    const pattern = ts.isIdentifier(param.name) ? undefined : param.name;
    const given = options.paramNames?.[i] ?? (pattern ? 'from' : param.name.getText());
    const local = scope.declare(given, type, spanOf(param));
    if (type.kind === 'array') local.byPointer = true;
    if (isOptionalNumber(param, type))
      local.presence = options.args?.[i]?.absent ? 'absent' : 'given';
    params.push(local);
    if (pattern) apart.push(() => bindPattern(scope, pattern, useLocal(local, spanOf(param))));
    else if (place)
      scope.bind(symbol, {
        kind: 'captured',
        local,
        place: (place === 'there' ? deref : readMaybe)(
          useLocal(local, spanOf(param)),
          spanOf(param),
        ),
      });
    else scope.bind(symbol, { kind: 'local', local });
  });
  return { params, taken: apart.flatMap((bind) => bind()) };
}

/** A default that is made from other parameters is a variable of the function. */
function bindDefault(
  scope: FunctionScope,
  param: ts.ParameterDeclaration,
  initializer: ts.Expression,
): Stmt[] {
  const span = spanOf(param);
  const declared = param.type && asValue(resolveType(scope.fe, param.type, scope.env));
  const lowered = settle(asReference(lowerExpr(scope, initializer, declared)));
  const value = declared ? coerce(scope.fe, lowered, declared) : lowered;
  if (value.type.kind === 'error') return [];
  const local = scope.declare(param.name.getText(), declared ?? value.type, span);
  scope.bind(scope.fe.checker.getSymbolAtLocation(param.name), { kind: 'local', local });
  return [declStmt(local, value, span)];
}

/** The type of a parameter that is given an entry of an arena. */
function inArena(annotated: CType | undefined, arg: Argument | undefined): CType | undefined {
  return annotated?.kind === 'ptr' && annotated.region === 'any' && arg && isArenaEntry(arg)
    ? { ...annotated, region: 'arena' }
    : undefined;
}

function inferredParameter(arg: Argument | undefined): CType {
  return arg?.expr ? settle(arg.expr).type : { kind: 'error' };
}

function lowerFunctionBody(scope: FunctionScope, decl: FunctionNode): Stmt[] {
  if (!decl.body) return [];
  if (ts.isBlock(decl.body)) return decl.body.statements.flatMap((s) => lowerStatement(scope, s));
  return returnValue(scope, decl.body, spanOf(decl.body));
}

/** Decides the return type and converts what every `return` gives. */
function finishReturns(
  scope: FunctionScope,
  declared: CType | undefined,
): { type: CType; owned?: Release } {
  const { seen } = scope.returns;
  const owned = seen.find((s) => s.expr.release)?.expr.release;
  const joined = declared ?? joinReturns(scope);
  const inArena =
    joined.kind === 'ptr' &&
    joined.region === 'any' &&
    seen.length > 0 &&
    seen.every(
      ({ expr: { type: t } }) => t.kind === 'null' || (t.kind === 'ptr' && t.region === 'arena'),
    ) &&
    seen.some(({ expr: { type: t } }) => t.kind === 'ptr');
  const type = isArray(joined)
    ? pointerTo(joined, 'any')
    : inArena
      ? { ...joined, region: 'arena' as const }
      : joined;
  for (const { stmt, expr } of seen) {
    if (type.kind === 'void') delete stmt.value;
    else stmt.value = coerce(scope.fe, expr, type);
  }
  return { type, ...(owned ? { owned } : {}) };
}

function joinReturns(scope: FunctionScope): CType {
  const { seen } = scope.returns;
  const first = seen[0];
  if (!first) return VOID;
  let joined: Expr = asReference(first.expr);
  for (const { expr } of seen.slice(1)) joined = joinTwo(joined, asReference(expr));
  if (seen.every(({ expr }) => expr.type.kind === 'untyped')) return literals(seen);
  return settle(joined).type;
}

/** Of literals only: exact at the width that they have at run time. */
function literals(seen: ReturnTarget['seen']): CType {
  const fitting = seen.every(({ expr }) => expr.kind !== 'const' || fits(expr.value, S64));
  return fitting ? S64 : U64;
}

function joinTwo(a: Expr, b: Expr): Expr {
  if (isInteger(a.type) && isInteger(b.type)) {
    if (a.type.kind === 'untyped' && b.type.kind === 'untyped') {
      return a.kind === 'const' && b.kind === 'const' && abs(b.value) > abs(a.value) ? b : a;
    }
    if (a.type.kind === b.type.kind && a.type.kind === 'bool') return a;
    const both = balance(a, b);
    return both ? { ...both.left, type: both.type } : a;
  }
  if (a.type.kind === 'null')
    return { ...b, type: b.type.kind === 'ptr' ? { ...b.type, nullable: true } : b.type };
  if (
    a.type.kind === 'ptr' &&
    (b.type.kind === 'null' || (b.type.kind === 'ptr' && b.type.nullable))
  ) {
    return { ...a, type: { ...a.type, nullable: true } };
  }
  return a;
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}
