import { ts } from 'ts-morph';
import { dynamicAccess, standardLibrary } from '../../diagnostics/catalogue/syntax.js';
import { goneLater } from '../../diagnostics/catalogue/places.js';
import { noSuchField } from '../../diagnostics/catalogue/types.js';
import { needsNewerKernel } from '../../diagnostics/catalogue/kernel.js';
import type { Expr } from '../../ir/nodes.js';
import {
  U32,
  describeType,
  structOf,
  type CType,
  type Field,
  type StructDef,
  isAggregate,
} from '../../ir/types.js';
import { NEWEST_KERNEL, isNewer } from '../../kernel/versions.js';
import { linked } from '../arena-links.js';
import { asReference } from '../convert.js';
import { constantObject, foldNode } from '../fold.js';
import { constantTable } from './constant-tables.js';
import { constant, deref, errorExpr, isFresh, member, untyped } from '../make.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';
import { closest } from '../suggest.js';
import { isOptional, lowerChain } from './chain.js';
import { element, readElement } from './elements.js';
import { lowerExpr } from './index.js';
import { lowerEntityProperty, lowerSymbol } from './names.js';

export function lowerPropertyAccess(
  fx: FunctionScope,
  node: ts.PropertyAccessExpression,
  expected?: CType,
): Expr {
  const span = spanOf(node);
  if (isOptional(node)) {
    const chain = lowerChain(fx, node);
    if (chain) return chain;
  }
  const enumValue = enumMember(fx, node);
  if (enumValue !== undefined) return untyped(enumValue, span);
  const named = namespaceMember(fx, node);
  if (named) return lowerSymbol(fx, named, node.name, expected);
  const global = libraryGlobal(fx, node.expression);
  if (global) {
    fx.fe.report(standardLibrary(span, `${global}.${node.name.text}`));
    return errorExpr(span);
  }
  const entity = lowerEntityProperty(fx, node);
  if (entity) return entity;
  return memberOf(fx, lowerExpr(fx, node.expression), node);
}

/** `Colour.RED` of a TypeScript enum, `LIMITS.soft` of an object of numbers. */
function enumMember(fx: FunctionScope, node: ts.PropertyAccessExpression): bigint | undefined {
  const declaration = fx.fe.symbolOf(node.name)?.valueDeclaration;
  if (declaration && ts.isEnumMember(declaration)) return foldNode(fx.fe, node);
  return constantObject(fx.fe, node.expression)?.members.get(node.name.text);
}

/** `x.name` where `import * as x`. */
function namespaceMember(
  fx: FunctionScope,
  node: ts.PropertyAccessExpression,
): ts.Symbol | undefined {
  if (!ts.isIdentifier(node.expression)) return undefined;
  const symbol = fx.fe.symbolOf(node.expression);
  const isModule =
    ((symbol?.flags ?? 0) & (ts.SymbolFlags.ValueModule | ts.SymbolFlags.NamespaceModule)) !== 0;
  return isModule ? fx.fe.symbolOf(node.name) : undefined;
}

/** Name of an object of the JavaScript library, e.g. `Math`, `console`. */
export function libraryGlobal(fx: FunctionScope, node: ts.Expression): string | undefined {
  if (!ts.isIdentifier(node)) return undefined;
  const symbol = fx.fe.symbolOf(node);
  const file = symbol?.declarations?.[0]?.getSourceFile();
  return symbol && file && fx.fe.loaded.program.isSourceFileDefaultLibrary(file)
    ? symbol.name
    : undefined;
}

/** `base.name`, whatever holds the object. */
export function memberOf(fx: FunctionScope, base: Expr, node: ts.PropertyAccessExpression): Expr {
  return memberOfName(fx, base, node.name.text, node.name, node);
}

/** A field by name, for property accesses and destructuring alike. `at` is where the name stands. */
export function memberOfName(
  fx: FunctionScope,
  base: Expr,
  name: string,
  at: ts.Node,
  whole: ts.Node = at,
): Expr {
  const span = spanOf(whole);
  if (base.type.kind === 'error') return errorExpr(span);
  if (base.kind === 'record') {
    const value = base.values.get(name);
    return value
      ? { kind: 'block', body: base.setup, result: value, type: value.type, span }
      : errorExpr(span);
  }
  if (name === 'length') {
    const array = base.type.kind === 'ptr' ? base.type.to : base.type;
    if (array.kind === 'array' || array.kind === 'chars') return untyped(array.length, span);
  }
  if (base.type.kind === 'ptr' && base.type.to.kind !== 'struct' && name === 'value')
    return deref(base, span);
  const struct = structOf(base.type);
  const index = struct?.elements?.at.get(name);
  if (struct?.elements && index !== undefined) {
    const array = memberOfName(fx, base, struct.elements.of, at, whole);
    const found = element(fx, array, constant(index, U32, span), span);
    return found ? readElement(fx, found, span) : errorExpr(span);
  }
  const field = struct?.field(name);
  if (!struct || !field) {
    const suggestion = struct
      ? closest(
          name,
          struct.fields().map((f) => f.name),
        )
      : undefined;
    fx.fe.report(noSuchField(spanOf(at), name, describeType(base.type), suggestion));
    return errorExpr(span);
  }
  checkKernelFloor(fx, struct, field, at, whole);
  // An array or object in what a call gives has to be somewhere.
  const placed = isFresh(base) && isAggregate(field.type) ? asReference(base) : base;
  return linked(fx.fe, fieldAccess(placed, struct, field, span));
}

/** Reading a field of kernel memory through an untested pointer gives 0, so no test is made here. */
export function fieldAccess(base: Expr, struct: StructDef, field: Field, span: Expr['span']): Expr {
  let { type } = field;
  if (type.kind === 'ptr' && struct.kernel && base.type.kind === 'ptr') {
    // A walk leaves the trusted world unless the declaration says that the verifier follows it.
    type = {
      ...type,
      trust: base.type.trust === 'untrusted' ? 'untrusted' : (type.trust ?? 'untrusted'),
    };
  }
  return member(base, field.name, type, span);
}

function checkKernelFloor(
  fx: FunctionScope,
  struct: StructDef,
  field: Field,
  at: ts.Node,
  whole: ts.Node,
): void {
  const { since, until } = field;
  const isLate = since !== undefined && isNewer(since, fx.floorHere);
  const isGone = until !== undefined && isNewer(NEWEST_KERNEL, until);
  const key = `${struct.name}.${field.name}`;
  if ((!isLate && !isGone) || fx.knows(key)) return;
  // What came to a struct with a field that is known to be there is there as well.
  const came = struct.fields().filter((f) => isLate && !isGone && f.since === since);
  if (came.some((f) => fx.knows(`${struct.name}.${f.name}`))) return;
  if (!isLate) {
    fx.fe.report(goneLater(spanOf(at), key, until ?? '', whole.getText()));
    return;
  }
  fx.fe.report(needsNewerKernel(spanOf(at), key, since, fx.floorHere, whole.getText()));
}

export function lowerElementAccess(fx: FunctionScope, node: ts.ElementAccessExpression): Expr {
  const span = spanOf(node);
  const folded = foldNode(fx.fe, node);
  if (folded !== undefined) return untyped(folded, span);
  if (isOptional(node)) return lowerChain(fx, node) ?? errorExpr(span);
  const table = constantTable(fx.fe, node.expression);
  if (table === 'reported') return errorExpr(span);
  const base = table === 'not one' ? asReference(lowerExpr(fx, node.expression)) : table;
  const index = lowerExpr(fx, node.argumentExpression, U32);
  if (base.type.kind === 'error' || index.type.kind === 'error') return errorExpr(span);
  const array = element(fx, base, index, span);
  if (!array) {
    fx.fe.report(dynamicAccess(span));
    return errorExpr(span);
  }
  return readElement(fx, array, span);
}
