import { ts } from 'ts-morph';
import { notConstant, unsupportedState } from '../../diagnostics/catalogue/state.js';
import type { Expr } from '../../ir/nodes.js';
import { isKernelConstant, questionsIn } from '../../ir/kernel-constant.js';
import type { GlobalIr, MacroIr } from '../../ir/module.js';
import { isKptrType, S32, type CType } from '../../ir/types.js';
import type { Frontend } from '../context.js';
import { coerce, settle, widestLiteral } from '../convert.js';
import { lowerExpr } from '../expressions/index.js';
import { arrayLiteral, openArrayOf } from '../expressions/lists.js';
import { constantMembers, foldNode } from '../fold.js';
import { dslFiles, spanOf } from '../program.js';
import { FunctionScope } from '../scope.js';
import { resolveType } from '../types.js';
import { checkGlobal } from './map-rules.js';

/** A scope for expressions at module level: initialisers, which must be constant. */
export function moduleScope(fe: Frontend, node: ts.Node): FunctionScope {
  return new FunctionScope(fe, node, { type: undefined, seen: [] }, new Map());
}

/** `const N = 4`, `let x: u64 = 0`, `const table: u32[] = [...]`, `const f = () => ...`. */
export function declareGlobal(
  fe: Frontend,
  symbol: ts.Symbol,
  node: ts.VariableDeclaration,
  isConst: boolean,
): void {
  const init = node.initializer;
  if (init && (ts.isArrowFunction(init) || ts.isFunctionExpression(init))) {
    fe.entities.set(symbol, { kind: 'function', decl: init });
    return;
  }
  const list = arrayLiteral(init);
  if (list) return declareTable(fe, symbol, node, list, isConst);
  // Names for numbers: what uses them has the values.
  if (isConst && constantMembers(fe, node)) return;
  if (isConst && init && !ts.isObjectLiteralExpression(init))
    return declareConstant(fe, symbol, node, init);
  declareVariable(fe, symbol, node);
}

function declareConstant(
  fe: Frontend,
  symbol: ts.Symbol,
  node: ts.VariableDeclaration,
  init: ts.Expression,
): void {
  const scope = moduleScope(fe, node);
  const declared = node.type && resolveType(fe, node.type);
  const lowered = lowerExpr(scope, init, declared);
  if (lowered.type.kind === 'error') {
    fe.entities.set(symbol, { kind: 'error' });
    return;
  }
  if (!isConstantExpr(lowered) && !isKernelConstant(lowered)) {
    fe.report(notConstant(spanOf(init), `'${symbol.name}'`));
    fe.entities.set(symbol, { kind: 'error' });
    return;
  }
  const typed = declared ? coerce(fe, lowered, declared) : lowered;
  const name = macroName(fe, symbol.name);
  const constant: MacroIr = { name, value: typed };
  fe.macros.push(constant);
  // The name is kept in C, the value for what must be known while compiling.
  const named: Expr =
    typed.kind === 'const'
      ? { ...typed, name, named: typed.type }
      : { kind: 'constant', constant, type: settle(typed).type, span: typed.span };
  fe.entities.set(symbol, { kind: 'constant', value: named });
}

/** Made of literals, constants and values that CO-RE fills in. */
export function isConstantExpr(expr: Expr): boolean {
  switch (expr.kind) {
    case 'const':
    case 'enum':
    case 'null':
      return true;
    // Data has no place for what only the running kernel can answer.
    case 'constant':
      return questionsIn(expr).length === 0;
    case 'global':
      return expr.type.kind === 'int';
    case 'unary':
      return isConstantExpr(expr.operand);
    case 'binary':
      return isConstantExpr(expr.left) && isConstantExpr(expr.right);
    case 'cast':
      return isConstantExpr(expr.value);
    case 'init':
      return expr.fields.every((f) => isConstantExpr(f.value));
    default:
      return false;
  }
}

function declareTable(
  fe: Frontend,
  symbol: ts.Symbol,
  node: ts.VariableDeclaration,
  init: ts.ArrayLiteralExpression,
  isConst: boolean,
): void {
  const span = spanOf(node);
  const type = tableType(fe, node, init);
  if (!type) {
    fe.report(
      unsupportedState(
        span,
        'an array without an element type',
        'annotate it: const t: u32[] = [1, 2]',
      ),
    );
    fe.entities.set(symbol, { kind: 'error' });
    return;
  }
  const value = lowerExpr(moduleScope(fe, node), init, type);
  add(fe, symbol, { type, init: value, storage: isConst ? 'table' : 'data' }, node);
}

function tableType(
  fe: Frontend,
  node: ts.VariableDeclaration,
  init: ts.ArrayLiteralExpression,
): CType | undefined {
  const length = init.elements.length;
  const of = openArrayOf(node.type);
  if (of) return { kind: 'array', of: resolveType(fe, of), length };
  if (node.type) {
    const type = resolveType(fe, node.type);
    return type.kind === 'array' ? type : undefined;
  }
  const values = init.elements.map((e) => foldNode(fe, e));
  const known = values.filter((v) => v !== undefined);
  return known.length < length ? undefined : { kind: 'array', of: widestLiteral(known), length };
}

function declareVariable(fe: Frontend, symbol: ts.Symbol, node: ts.VariableDeclaration): void {
  const span = spanOf(node);
  if (!node.type && !node.initializer) {
    fe.report(
      unsupportedState(span, `'${symbol.name}' has no type`, `let ${symbol.name}: u64 = 0;`),
    );
    fe.entities.set(symbol, { kind: 'error' });
    return;
  }
  const declared = node.type && resolveType(fe, node.type);
  if (declared?.kind === 'error') {
    fe.entities.set(symbol, { kind: 'error' });
    return;
  }
  const scope = moduleScope(fe, node);
  const lowered = node.initializer && lowerExpr(scope, node.initializer, declared);
  const type = declared ?? (lowered ? globalType(lowered) : S32);
  if (lowered?.type.kind === 'error' || type.kind === 'error') {
    fe.entities.set(symbol, { kind: 'error' });
    return;
  }
  if (type.kind !== 'ptr') checkGlobal(fe, symbol.name, type, span);
  const init = lowered && coerce(fe, lowered, type);
  if (init && !isConstantExpr(init))
    fe.report(
      notConstant(spanOf(node.initializer ?? node), `the initial value of '${symbol.name}'`),
    );
  add(
    fe,
    symbol,
    {
      type,
      ...(init ? { init } : {}),
      storage: 'data',
      kptr: isKptr(fe, node.type) || (type.kind === 'array' && isKptrType(type.of)),
    },
    node,
  );
}

/** A global without annotation is as wide as it may have to be: others write to it too. */
function globalType(expr: Expr): CType {
  const { type } = settle(expr);
  return type.kind === 'int' && expr.type.kind === 'untyped'
    ? { kind: 'int', bits: 64, signed: expr.kind === 'const' && expr.value < 0n }
    : type;
}

function isKptr(fe: Frontend, node: ts.TypeNode | undefined): boolean {
  if (!node) return false;
  if (ts.isUnionTypeNode(node)) return node.types.some((t) => isKptr(fe, t));
  return ts.isTypeReferenceNode(node) && fe.builtinName(fe.symbolOf(node.typeName)) === 'Kptr';
}

function add(
  fe: Frontend,
  symbol: ts.Symbol,
  what: Pick<GlobalIr, 'type' | 'storage'> & Partial<GlobalIr>,
  node: ts.Node,
): void {
  const global: GlobalIr = {
    name: fe.claimState(fe.prefixed(symbol.name), spanOf(node)),
    tsName: fe.prefixed(symbol.name),
    ...fe.owned(),
    span: spanOf(node),
    ...what,
  };
  fe.globals.push(global);
  fe.entities.set(symbol, { kind: 'global', global });
}

/** Constants become macros, which would replace members and variables of the same name: they are in capitals. */
function macroName(fe: Frontend, name: string): string {
  const capitals = /[a-z]/.test(name)
    ? name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase()
    : name;
  return fe.names.claim(memberNames(fe).has(capitals) ? `${capitals}_VALUE` : capitals);
}

const members = new WeakMap<Frontend, Set<string>>();

/** Names of the members of the program's structs. */
function memberNames(fe: Frontend): Set<string> {
  const known = members.get(fe);
  if (known) return known;
  const found = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isPropertySignature(node)) found.add(node.name.getText());
    else ts.forEachChild(node, visit);
  };
  for (const file of dslFiles(fe.loaded)) visit(file);
  members.set(fe, found);
  return found;
}
