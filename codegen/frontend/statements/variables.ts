import { ts } from 'ts-morph';
import { cannotInfer } from '../../diagnostics/catalogue/types.js';
import { destructuring } from '../../diagnostics/catalogue/syntax.js';
import { dropInLoop } from '../../diagnostics/catalogue/ownership.js';
import { mapNotAtTop, usingNeeded, usingNotNeeded } from '../../diagnostics/catalogue/state.js';
import type { Expr, Local, Stmt } from '../../ir/nodes.js';
import { isSection } from '../../ir/releases.js';
import { BOOL, isAggregate, isInteger, pointerTo, structOf, type CType } from '../../ir/types.js';
import { asReference, coerce, nonNegative, regionOf, settle } from '../convert.js';
import { STATE_CONSTRUCTORS } from '../declarations/constructors.js';
import { lowerExpr } from '../expressions/index.js';
import { memberOfName } from '../expressions/access.js';
import { lowerChain } from '../expressions/chain.js';
import { asksForPresence } from '../expressions/presence.js';
import { arrayLiteral, lowerList, openArrayOf } from '../expressions/lists.js';
import { entityOf } from '../expressions/names.js';
import { isIteratorCall } from '../builtins/iterators.js';
import { moveOut, ownerOf } from '../builtins/moves.js';
import { inferLet } from '../infer.js';
import {
  addressOf,
  assign,
  constant,
  declStmt,
  errorExpr,
  exprStmt,
  isFresh,
  isPure,
  useLocal,
} from '../make.js';
import { spanOf } from '../program.js';
import { isReassigned } from '../reassigned.js';
import type { FunctionScope, HeldLock } from '../scope.js';
import { asValue, resolveType } from '../types.js';

export function lowerVariables(fx: FunctionScope, node: ts.Node): Stmt[] {
  return ts.isVariableStatement(node) ? lowerVariableList(fx, node.declarationList) : [];
}

export function lowerVariableList(fx: FunctionScope, list: ts.VariableDeclarationList): Stmt[] {
  return list.declarations.flatMap((d) => lowerVariable(fx, d, list));
}

function isUsing(list: ts.VariableDeclarationList): boolean {
  return (list.flags & ts.NodeFlags.BlockScoped) === ts.NodeFlags.Using;
}

function isConst(list: ts.VariableDeclarationList): boolean {
  return (list.flags & ts.NodeFlags.BlockScoped) === ts.NodeFlags.Const;
}

function lowerVariable(
  fx: FunctionScope,
  node: ts.VariableDeclaration,
  list: ts.VariableDeclarationList,
): Stmt[] {
  const { fe } = fx;
  const span = spanOf(node);
  const stateName = fe.calledBuiltin(node.initializer);
  if (stateName && STATE_CONSTRUCTORS.has(stateName)) {
    fe.report(mapNotAtTop(spanOf(node.initializer ?? node), stateName));
    return [];
  }
  if (!ts.isIdentifier(node.name)) return lowerDestructuring(fx, node);
  const symbol = fe.checker.getSymbolAtLocation(node.name);
  const literal = arrayLiteral(node.initializer);
  const of = openArrayOf(node.type);
  if (literal && (of || !node.type)) {
    const init = lowerList(fx, literal, of && resolveType(fe, of, fx.env));
    if (init.type.kind === 'error') {
      fx.bind(symbol, { kind: 'value', value: init });
      return [];
    }
    const value = isReassigned(fe, node) ? addressOf(init, 'stack', span) : init;
    const local = fx.declare(node.name.text, value.type, span);
    fx.bind(symbol, { kind: 'local', local });
    return declared(local, value, span);
  }
  const stated = node.type && asValue(resolveType(fe, node.type, fx.env));
  if (!node.initializer) {
    const type = stated ?? inferLet(fx, node, 0n);
    const local = fx.declare(node.name.text, type, span);
    fx.bind(symbol, { kind: 'local', local });
    // Unset variables are zero, so that no path hands the verifier an uninitialised register.
    const zero: Expr =
      type.kind === 'ptr' ? { kind: 'null', type, span } : { ...constant(0, type, span) };
    return [
      declStmt(local, type.kind === 'struct' || type.kind === 'array' ? undefined : zero, span),
    ];
  }
  // An iterator bound before its loop: the loop gives the name its meaning.
  if (isIteratorCall(fx, node.initializer)) return [];
  const entity = entityOf(fx, node.initializer);
  if (entity) {
    fx.bind(symbol, { kind: 'entity', entity });
    return [];
  }
  const tracked = lowerOptionalNumber(fx, node, symbol);
  if (tracked) return tracked;
  const expectedStruct = node.type
    ? structLiteralType(resolveType(fe, node.type, fx.env), node.initializer)
    : undefined;
  let init = lowerExpr(fx, node.initializer, expectedStruct ?? stated);
  if (init.type.kind === 'error') {
    fx.bind(symbol, { kind: 'value', value: init });
    return [];
  }
  if (init.type.kind === 'null' && !stated) {
    const at = spanOf(node.name);
    fe.report(isUsing(list) ? usingNotNeeded(at) : cannotInfer(at, node.name.text, 'null alone'));
    fx.bind(symbol, { kind: 'value', value: errorExpr(span) });
    return [];
  }
  const owner = ownerOf(init);
  if (isUsing(list)) {
    if (!init.release && !owner) fe.report(usingNotNeeded(spanOf(node.name)));
    // `using m = n`: the object moves on to the name that releases it.
    else if (owner?.owns) init = moveOut(fx, init, (o) => ({ ...o, release: owner.owns! }));
    // What ends with a block cannot be handed on, so that only `using` can bind it.
  } else if (isSection(init.release)) {
    fe.report(usingNeeded(spanOf(node.initializer), node.initializer.getText()));
    return [];
  }
  if (init.kind === 'record') {
    const { setup, values } = pinRecord(fx, init, node.name.text);
    fx.bind(symbol, { kind: 'record', values });
    return setup;
  }
  return bindValue(
    fx,
    {
      name: node.name.text,
      symbol,
      declared: stated,
      constant: isConst(list),
      released: isUsing(list),
      node,
    },
    init,
  );
}

/** `const n = a?.n`, where the function asks later whether it is undefined: a second local says so. */
function lowerOptionalNumber(
  fx: FunctionScope,
  node: ts.VariableDeclaration,
  symbol: ts.Symbol | undefined,
): Stmt[] | undefined {
  if (!node.initializer || !symbol || !asksForPresence(fx.fe, node, symbol)) return undefined;
  const span = spanOf(node);
  const found = fx.temp(`has_${node.name.getText()}`, BOOL, span);
  const value = lowerChain(fx, node.initializer, (end) => {
    if (!isInteger(end.type)) return undefined;
    const note = exprStmt(assign(useLocal(found, span), constant(1, BOOL, span), span));
    const number: Expr = { kind: 'block', body: [note], result: end, type: end.type, span };
    return { value: number, otherwise: constant(0, end.type, span), type: end.type };
  });
  if (!value || value.type.kind === 'error') return undefined;
  const local = fx.declare(node.name.getText(), value.type, span, { presence: found });
  fx.bind(symbol, { kind: 'local', local });
  return [declStmt(found, constant(0, BOOL, span), span), declStmt(local, value, span)];
}

/** A local struct literal is held by value; the annotation `T` alone would mean a reference. */
function structLiteralType(type: CType, initializer: ts.Expression): CType | undefined {
  let node = initializer;
  while (ts.isParenthesizedExpression(node) || ts.isSatisfiesExpression(node))
    node = node.expression;
  return type.kind === 'struct' && ts.isObjectLiteralExpression(node) ? type : undefined;
}

interface Declared {
  name: string;
  symbol: ts.Symbol | undefined;
  declared: CType | undefined;
  constant: boolean;
  /** Bound with `using`. */
  released: boolean;
  node: ts.VariableDeclaration;
}

function bindValue(fx: FunctionScope, to: Declared, init: Expr): Stmt[] {
  const span = spanOf(to.node);
  if (to.constant && !to.declared && init.kind === 'const' && init.type.kind === 'untyped') {
    fx.bind(to.symbol, { kind: 'value', value: init });
    return [];
  }
  const { type, value } = typeOfLocal(fx, to, init);
  const { release } = init;
  const local = fx.declare(to.name, type, span, {
    ...(release && to.released ? { cleanup: release } : {}),
    ...(release && !isSection(release) ? { owns: release } : {}),
    ...(to.constant && type.kind === 'int' && type.signed && nonNegative(value)
      ? { nonNegative: true }
      : {}),
  });
  fx.bind(to.symbol, { kind: 'local', local });
  if (isSection(release, 'lock')) return holdLock(fx, local, value);
  const held = fx.locks.at(-1);
  if (held && local.cleanup && release?.kind === 'object')
    return dropAfterLock(fx, held, local, value, to.node);
  const stmts = declared(local, value, span);
  if (isRefToLiteral(to, init)) {
    // `const r: Ref<u32> = { value: 0 }`: the integer lives on the stack, the name is a pointer to it.
    const storage = fx.temp(to.name, init.type, span);
    const pointer: Expr = { kind: 'addr', of: useLocal(storage, span), type, span };
    return [declStmt(storage, refValue(init), span), declStmt(local, pointer, span)];
  }
  return stmts;
}

/** Leaves room in front of the locking for variables that are released after it. */
function holdLock(fx: FunctionScope, local: Local, value: Expr): Stmt[] {
  const before: Stmt[] = [];
  const lock = value.kind === 'op' && value.op.kind === 'lock' ? value.op.lock : undefined;
  fx.locks.push({ lock, before, loops: fx.loops.length });
  return [{ kind: 'seq', body: before, span: local.span }, declStmt(local, value, local.span)];
}

/** With the lock held nothing may be freed: the variable is declared outside of it, and so outlives it. */
function dropAfterLock(
  fx: FunctionScope,
  held: HeldLock,
  local: Local,
  value: Expr,
  node: ts.VariableDeclaration,
): Stmt[] {
  if (fx.loops.length > held.loops) fx.fe.report(dropInLoop(spanOf(node), local.name));
  const { span } = local;
  const none: Expr = { kind: 'null', type: local.type, span };
  held.before.push(declStmt(local, none, span));
  return [exprStmt(assign(useLocal(local, span), value, span), span)];
}

/** An array is initialised by its elements alone: what prepares them comes first. */
function declared(local: Local, value: Expr, span: Stmt['span']): Stmt[] {
  return value.kind === 'block' && value.type.kind === 'array'
    ? [{ kind: 'seq', body: [...value.body, declStmt(local, value.result, span)], span }]
    : [declStmt(local, value, span)];
}

function isRefToLiteral(to: Declared, init: Expr): boolean {
  return to.declared?.kind === 'ptr' && to.declared.to.kind !== 'struct' && init.kind === 'init';
}

function refValue(init: Expr): Expr {
  return init.kind === 'init' ? (init.fields[0]?.value ?? init) : init;
}

function typeOfLocal(fx: FunctionScope, to: Declared, init: Expr): { type: CType; value: Expr } {
  // Assigned later, it is another name for another object: a reference from the beginning.
  const isName = isReassigned(fx.fe, to.node);
  if (to.declared) {
    if (isName && to.declared.kind === 'array') {
      const type = pointerTo(to.declared, 'any');
      const value = coerce(fx.fe, init, to.declared);
      return { type, value: addressOf(value, regionOf(value), value.span) };
    }
    const byValue =
      !isName && to.declared.kind === 'ptr' && init.type.kind === 'struct' && isFresh(init);
    if (byValue && structOf(to.declared) === structOf(init.type))
      return { type: init.type, value: init };
    if (isRefToLiteral(to, init)) return { type: to.declared, value: init };
    if (to.declared.kind === 'array' && init.kind !== 'init') {
      // Another name for an array that is somewhere.
      const value = inPlace(coerce(fx.fe, init, to.declared));
      return { type: value.type, value };
    }
    return { type: to.declared, value: coerce(fx.fe, init, to.declared) };
  }
  if (init.kind === 'const' && init.type.kind === 'untyped' && ts.isIdentifier(to.node.name)) {
    const type = inferLet(fx, to.node, init.value);
    return { type, value: coerce(fx.fe, init, type) };
  }
  if (init.type.kind === 'struct') {
    if (isFresh(init) && !isName) return { type: init.type, value: init };
    const reference = asReference(init);
    return { type: reference.type, value: reference };
  }
  const value = settle(inPlace(init));
  return { type: value.type, value };
}

/** Structs and arrays are held by their address. */
function inPlace(expr: Expr): Expr {
  return isAggregate(expr.type) ? addressOf(expr, regionOf(expr), expr.span) : expr;
}

/** Gives each result of a call a local of its own. */
function pinRecord(
  fx: FunctionScope,
  record: Extract<Expr, { kind: 'record' }>,
  prefix?: string,
): { setup: Stmt[]; values: Map<string, Expr> } {
  const setup = [...record.setup];
  const values = new Map<string, Expr>();
  for (const [key, given] of record.values) {
    const value = inPlace(given);
    if (isPure(value)) {
      values.set(key, value);
      continue;
    }
    const local = fx.declare(prefix ? `${prefix}_${key}` : key, value.type, record.span);
    setup.push(declStmt(local, value, record.span));
    values.set(key, useLocal(local, record.span));
  }
  return { setup, values };
}

function lowerDestructuring(fx: FunctionScope, node: ts.VariableDeclaration): Stmt[] {
  if (ts.isIdentifier(node.name) || !node.initializer) return [];
  const init = lowerExpr(fx, node.initializer);
  const stmts: Stmt[] = [];
  // What a function returned by value needs a place before its fields can be read.
  let base = init.type.kind === 'struct' && isFresh(init) ? init : asReference(init);
  if (init.kind === 'record') {
    const pinned = pinRecord(fx, init);
    stmts.push(...pinned.setup);
    base = { ...init, setup: [], values: pinned.values };
  } else if (!isPure(base) && base.type.kind !== 'error') {
    const local = fx.temp('from', base.type, spanOf(node));
    stmts.push(declStmt(local, base, spanOf(node)));
    base = useLocal(local, spanOf(node));
  }
  return [...stmts, ...bindPattern(fx, node.name, base)];
}

/** Names for the fields of a value. */
export function bindPattern(fx: FunctionScope, pattern: ts.BindingPattern, base: Expr): Stmt[] {
  if (ts.isArrayBindingPattern(pattern)) {
    fx.fe.report(destructuring(spanOf(pattern), 'taking an array apart'));
    return [];
  }
  return pattern.elements.flatMap((element) => bindElement(fx, element, base));
}

function bindElement(fx: FunctionScope, element: ts.BindingElement, base: Expr): Stmt[] {
  const span = spanOf(element);
  const nested = nestedPattern(element);
  if (nested) {
    const inner = asReference(memberOfName(fx, base, nested.key.text, nested.key));
    if (inner.type.kind === 'error') return [];
    const local = fx.temp('from', inner.type, span);
    return [
      declStmt(local, inner, span),
      ...bindPattern(fx, nested.pattern, useLocal(local, span)),
    ];
  }
  if (element.dotDotDotToken || element.initializer || !ts.isIdentifier(element.name)) {
    const what = element.dotDotDotToken
      ? 'a rest element'
      : element.initializer
        ? 'a default value here'
        : 'a nested pattern';
    fx.fe.report(destructuring(span, what));
    return [];
  }
  const key =
    element.propertyName && ts.isIdentifier(element.propertyName)
      ? element.propertyName
      : element.name;
  const symbol = fx.fe.checker.getSymbolAtLocation(element.name);
  if (base.type.kind === 'error') {
    fx.bind(symbol, { kind: 'value', value: base });
    return [];
  }
  const read = memberOfName(fx, base, key.text, key);
  const value = read.kind === 'block' && base.kind === 'record' ? read.result : inPlace(read);
  if (value.kind === 'var' && !value.local.assigned && base.kind === 'record') {
    fx.bind(symbol, { kind: 'local', local: value.local });
    return [];
  }
  const local = fx.declare(element.name.text, value.type, span);
  fx.bind(symbol, { kind: 'local', local });
  return [declStmt(local, settle(value), span)];
}

/** `{ key: { ... } }`. */
function nestedPattern(
  element: ts.BindingElement,
): { key: ts.Identifier; pattern: ts.ObjectBindingPattern } | undefined {
  const { name, propertyName } = element;
  if (element.initializer || !ts.isObjectBindingPattern(name)) return undefined;
  return propertyName && ts.isIdentifier(propertyName)
    ? { key: propertyName, pattern: name }
    : undefined;
}
