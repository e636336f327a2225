import { ts } from 'ts-morph';
import { dynamicAccess, notInLanguage, unusedValue } from '../../diagnostics/catalogue/syntax.js';
import { incompatible, readonlyField } from '../../diagnostics/catalogue/types.js';
import type { Expr, Stmt } from '../../ir/nodes.js';
import type { Span } from '../../ir/span.js';
import {
  U32,
  describeType,
  isAggregate,
  isKptrType,
  structOf,
  type CType,
} from '../../ir/types.js';
import { linked, placeOfLink } from '../arena-links.js';
import { asReference, regionOf } from '../convert.js';
import { disturbs, hasEffects } from '../effects.js';
import {
  assign,
  conditional,
  constant,
  deref,
  exprStmt,
  isPure,
  useLocal,
  voidBlock,
} from '../make.js';
import { after, evaluated, pinned, pinnedPlace, placeBefore } from '../order.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';
import { memberOf } from './access.js';
import { element, readElement, type Checked } from './elements.js';
import { lowerExpr } from './index.js';
import { findBinding, globalRef } from './names.js';

/** A place that can be assigned. */
export interface Target {
  type: CType;
  /** The C lvalue, where there is a plain one. */
  lvalue?: Expr;
  /** Of a bitfield. */
  bits?: number;
  /** The declaration of a variable. */
  variable?: ts.VariableDeclaration;
  /** Otherwise the pointer to it, null where there is none. */
  pointer?: Expr;
  read(span: Span): Expr;
  /** `used`: what the assignment gives is looked at. */
  store(value: Expr, span: Span, used: boolean): Expr;
  /** With one of C's compound operators, of a plain lvalue. */
  storeAs(op: string, value: Expr, span: Span): Expr;
  /** The same place, found before `later` is evaluated. */
  before(later: Expr[], setup: Stmt[]): Target;
  /** The same place, found once for several uses, and before `later` is evaluated. */
  once(setup: Stmt[], later?: Expr[]): Target;
}

function plainTarget(fx: FunctionScope, lvalue: Expr): Target {
  return {
    type: lvalue.type,
    lvalue,
    read: () => linked(fx.fe, lvalue),
    store: (value, span, used) => storePlain(fx, lvalue, value, span, used),
    storeAs: (op, value, span) => assign(lvalue, value, span, op),
    before: (later, setup) => plainTarget(fx, placeBefore(fx, lvalue, later, setup)),
    once: (setup, later = []) =>
      plainTarget(
        fx,
        isPure(lvalue) ? placeBefore(fx, lvalue, later, setup) : pinnedPlace(fx, lvalue, setup),
      ),
  };
}

function storePlain(fx: FunctionScope, lvalue: Expr, value: Expr, span: Span, used: boolean): Expr {
  if (!used || !isAggregate(value.type)) return assign(lvalue, value, span);
  // The assignment gives what was assigned, and not the copy of it.
  const setup: Stmt[] = [];
  const object = evaluated(fx, value, setup);
  return after([...setup, exprStmt(assign(lvalue, object, span))], object, span);
}

/** An element that may be out of range: a write there is dropped, its value is evaluated. */
function elementPlace(fx: FunctionScope, found: Checked): Target {
  const { pointer, type } = found;
  const isFound = pointer.kind === 'var';
  const store = (value: Expr, span: Span, used: boolean): Expr => {
    const setup: Stmt[] = [];
    const address = isFound ? pointer : pinned(fx, pointer, setup);
    const stored = used || hasEffects(value) ? evaluated(fx, value, setup) : value;
    const then = exprStmt(assign(deref(address, span), stored, span));
    const drop: Stmt = { kind: 'if', test: address, then, span };
    return used ? after([...setup, drop], stored, span) : voidBlock([...setup, drop], span);
  };
  const foundIn = (setup: Stmt[]): Target =>
    elementPlace(fx, { ...found, pointer: pinned(fx, pointer, setup) });
  return {
    type,
    pointer,
    read: (span) =>
      isFound && !isAggregate(type)
        ? conditional(pointer, deref(pointer, span), constant(0, type, span), type, span)
        : readElement(fx, found, span),
    store,
    storeAs: (_op, value, span) => store(value, span, false),
    before: (later, setup) =>
      hasEffects(pointer) || later.some((l) => disturbs(l, pointer))
        ? foundIn(setup)
        : elementPlace(fx, found),
    once: (setup) => foundIn(setup),
  };
}

/** The place that the left side of an assignment denotes; undefined (reported) if it is none. */
export function lowerTarget(fx: FunctionScope, node: ts.Expression): Target | undefined {
  if (ts.isParenthesizedExpression(node)) return lowerTarget(fx, node.expression);
  if (ts.isIdentifier(node)) return identifierTarget(fx, node);
  if (ts.isPropertyAccessExpression(node)) return propertyTarget(fx, node);
  if (ts.isElementAccessExpression(node)) return elementTarget(fx, node);
  if (ts.isObjectLiteralExpression(node) || ts.isArrayLiteralExpression(node)) {
    fx.fe.report(
      notInLanguage(spanOf(node), 'destructuring into existing variables', 'assign each variable'),
    );
    return undefined;
  }
  fx.fe.report(notInLanguage(spanOf(node), 'assigning to this expression'));
  return undefined;
}

function identifierTarget(fx: FunctionScope, node: ts.Identifier): Target | undefined {
  const span = spanOf(node);
  const symbol = fx.fe.symbolOf(node);
  const binding = symbol && findBinding(fx, symbol);
  if (binding?.kind === 'local') {
    binding.local.assigned = true;
    return { ...plainTarget(fx, useLocal(binding.local, span)), ...declarationOf(symbol) };
  }
  if (binding?.kind === 'captured') {
    binding.local.assigned = true;
    return { ...plainTarget(fx, { ...binding.place, span }), ...declarationOf(symbol) };
  }
  const entity = symbol && fx.fe.entities.get(symbol);
  if (entity?.kind === 'global') return plainTarget(fx, globalRef(entity.global, span));
  if (entity && entity.kind !== 'error') fx.fe.report(unusedValue(span, node.text, entity.kind));
  return undefined;
}

function declarationOf(symbol: ts.Symbol | undefined): Pick<Target, 'variable'> {
  const declaration = symbol?.valueDeclaration;
  return declaration && ts.isVariableDeclaration(declaration) ? { variable: declaration } : {};
}

function propertyTarget(fx: FunctionScope, node: ts.PropertyAccessExpression): Target | undefined {
  const base = lowerExpr(fx, node.expression);
  const lvalue = placeOfLink(memberOf(fx, base, node));
  if (lvalue.type.kind === 'error') return undefined;
  if (lvalue.kind === 'block') {
    fx.fe.report(notInLanguage(spanOf(node), 'assigning to a result'));
    return undefined;
  }
  const field = structOf(base.type)?.field(node.name.text);
  if (field?.readonly || regionOf(lvalue) === 'rodata') {
    // TypeScript reports this too (TS2540), but only scxts knows why.
    fx.fe.report(readonlyField(spanOf(node.name), node.getText()));
    return undefined;
  }
  if (field?.kptr) {
    fx.fe.report(
      incompatible(
        spanOf(node),
        'a kernel object',
        `${describeType(lvalue.type)} (move it with kptrXchg)`,
      ),
    );
    return undefined;
  }
  const { bits } = field ?? {};
  return { ...plainTarget(fx, lvalue), ...(bits === undefined ? {} : { bits }) };
}

function elementTarget(fx: FunctionScope, node: ts.ElementAccessExpression): Target | undefined {
  const span = spanOf(node);
  const base = asReference(lowerExpr(fx, node.expression));
  const index = lowerExpr(fx, node.argumentExpression, U32);
  if (base.type.kind === 'error' || index.type.kind === 'error') return undefined;
  const found = element(fx, base, index, span);
  if (!found) {
    fx.fe.report(dynamicAccess(span));
    return undefined;
  }
  const rodata =
    base.type.kind === 'ptr' ? base.type.region === 'rodata' : regionOf(base) === 'rodata';
  if (rodata || isReadonlyArray(fx, node.expression) || found.kind === 'probe') {
    fx.fe.report(readonlyField(span, node.expression.getText()));
    return undefined;
  }
  if (isKptrType(found.type)) {
    const type = `${describeType(found.type)} (move it with kptrXchg)`;
    fx.fe.report(incompatible(span, 'a kernel object', type));
    return undefined;
  }
  return found.kind === 'direct' ? plainTarget(fx, found.lvalue) : elementPlace(fx, found);
}

function isReadonlyArray(fx: FunctionScope, node: ts.Expression): boolean {
  if (!ts.isIdentifier(node)) return false;
  const symbol = fx.fe.symbolOf(node);
  const entity = symbol && fx.fe.entities.get(symbol);
  return (
    entity?.kind === 'global' &&
    entity.global.storage !== 'data' &&
    entity.global.storage !== 'private'
  );
}
