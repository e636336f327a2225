import { ts } from 'ts-morph';
import {
  closures,
  notInLanguage,
  standardLibrary,
  unusedValue,
} from '../../diagnostics/catalogue/syntax.js';
import { usedBeforeValue } from '../../diagnostics/catalogue/meaning.js';
import { constantObjectAsValue } from '../../diagnostics/catalogue/types.js';
import type { GlobalIr } from '../../ir/module.js';
import type { Expr } from '../../ir/nodes.js';
import type { CType } from '../../ir/types.js';
import type { Entity, Frontend } from '../context.js';
import { kernelValue } from '../builtins/kernel-variables.js';
import { isIteratorCall } from '../builtins/iterators.js';
import { lowerBuiltinConstant } from '../builtins/constants.js';
import { linked } from '../arena-links.js';
import { constantObject } from '../fold.js';
import { errorExpr, nullExpr, useGlobal, useLocal } from '../make.js';
import { spanOf } from '../program.js';
import type { Binding, FunctionScope } from '../scope.js';

export function lowerIdentifier(fx: FunctionScope, node: ts.Node): Expr {
  const span = spanOf(node);
  if (!ts.isIdentifier(node)) return errorExpr(span);
  if (node.text === 'undefined') return nullExpr(span);
  const symbol = fx.fe.symbolOf(node);
  return symbol ? lowerSymbol(fx, symbol, node) : errorExpr(span);
}

/** The value that a resolved name stands for. */
export function lowerSymbol(
  fx: FunctionScope,
  symbol: ts.Symbol,
  node: ts.Node,
  _expected?: CType,
): Expr {
  const span = spanOf(node);
  const binding = findBinding(fx, symbol);
  if (binding) return lowerBinding(fx, binding, node);
  const entity = fx.fe.entities.get(symbol);
  if (entity) return lowerEntity(fx, entity, node);
  if (fx.fe.builtinName(symbol) !== undefined) return lowerBuiltinConstant(fx, symbol.name, node);
  const declaration = symbol.declarations?.[0];
  if (declaration && fx.fe.loaded.program.isSourceFileDefaultLibrary(declaration.getSourceFile())) {
    fx.fe.report(standardLibrary(span, symbol.name));
  } else if (declaration && ts.isFunctionLike(declaration)) {
    fx.fe.report(closures(span, `the function '${symbol.name}'`));
  } else if (isIterator(fx, declaration)) {
    const hint = `loop over it: for (const x of ${symbol.name}) { ... }`;
    fx.fe.report(notInLanguage(span, `the iterator '${symbol.name}' outside of its loop`, hint));
  } else if (constantObject(fx.fe, node)) {
    fx.fe.report(constantObjectAsValue(span, symbol.name));
  } else if (declaration && isGlobal(declaration)) {
    fx.fe.report(usedBeforeValue(span, symbol.name, circle(fx.fe, node, declaration)));
  }
  // Otherwise TypeScript has reported it.
  return errorExpr(span);
}

/** A variable at module level that is not declared yet: its module comes later. */
function isGlobal(declaration: ts.Declaration): boolean {
  return ts.isVariableDeclaration(declaration) && ts.isSourceFile(declaration.parent.parent.parent);
}

/** Why it is not: the two modules import each other. */
function circle(fe: Frontend, node: ts.Node, declaration: ts.Declaration): string {
  const [here, there] = [fe.nameOfFile(node), fe.nameOfFile(declaration)];
  return here === there ? '' : `${there} imports ${here}, which is run first`;
}

function isIterator(fx: FunctionScope, declaration: ts.Declaration | undefined): boolean {
  const init =
    declaration && ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
  return init !== undefined && isIteratorCall(fx, init);
}

/** Finds a local, in this function or, from a callback, in the one around it. */
export function findBinding(fx: FunctionScope, symbol: ts.Symbol): Binding | undefined {
  const own = fx.lookup(symbol);
  if (own) return own;
  if (!fx.parent) return undefined;
  const outer = findBinding(fx.parent, symbol);
  if (!outer || outer.kind === 'value' || outer.kind === 'entity') return outer;
  if (outer.kind === 'record' || !fx.capturePlace) return outer;
  const known = fx.captures.get(symbol);
  if (known) return { kind: 'captured', local: known.local, place: known.place };
  const span = outer.local.span;
  const place = fx.capturePlace(outer.local, span);
  const outerPlace = outer.kind === 'captured' ? outer.place : useLocal(outer.local, span);
  fx.captures.set(symbol, { local: outer.local, place, outer: outerPlace });
  return { kind: 'captured', local: outer.local, place };
}

function lowerBinding(fx: FunctionScope, binding: Binding, node: ts.Node): Expr {
  const span = spanOf(node);
  switch (binding.kind) {
    case 'local':
      return useLocal(binding.local, span);
    case 'captured':
      return { ...binding.place, span };
    case 'value':
      return { ...binding.value, span };
    case 'record':
      return {
        kind: 'record',
        setup: [],
        values: binding.values,
        type: { kind: 'record', fields: new Map([...binding.values].map(([k, v]) => [k, v.type])) },
        span,
      };
    case 'entity':
      return lowerEntity(fx, binding.entity, node);
  }
}

export function globalRef(global: GlobalIr, span: Expr['span']): Expr {
  return useGlobal(global, span);
}

function lowerEntity(fx: FunctionScope, entity: Entity, node: ts.Node): Expr {
  const span = spanOf(node);
  switch (entity.kind) {
    case 'constant':
      return { ...entity.value, span };
    case 'global':
      return linked(fx.fe, globalRef(entity.global, span));
    case 'error':
      return errorExpr(span);
    case 'function':
      fx.fe.report(closures(span, `the function '${node.getText()}'`));
      return errorExpr(span);
    default:
      fx.fe.report(
        unusedValue(
          span,
          node.getText(),
          entity.kind === 'collection' ? entity.collection.shape : entity.kind,
        ),
      );
      return errorExpr(span);
  }
}

/** The map, counter, timer... that an expression names, if it names one. */
export function entityOf(fx: FunctionScope, node: ts.Expression): Entity | undefined {
  if (ts.isParenthesizedExpression(node)) return entityOf(fx, node.expression);
  const at = ts.isPropertyAccessExpression(node) ? node.name : node;
  if (!ts.isIdentifier(at)) return undefined;
  const symbol = fx.fe.symbolOf(at);
  if (!symbol) return undefined;
  const binding = findBinding(fx, symbol);
  if (binding) return binding.kind === 'entity' ? binding.entity : undefined;
  const entity = fx.fe.entities.get(symbol);
  return entity?.kind === 'constant' || entity?.kind === 'global' ? undefined : entity;
}

/** A property of a handle that is read, not called: there are none. */
export function lowerEntityProperty(
  fx: FunctionScope,
  node: ts.PropertyAccessExpression,
): Expr | undefined {
  const entity = entityOf(fx, node.expression);
  if (!entity) return undefined;
  if (entity.kind === 'kernelVariable' && !entity.variable.perCpu && node.name.text === 'value')
    return kernelValue(entity.variable, spanOf(node));
  if (entity.kind !== 'error') {
    fx.fe.report(unusedValue(spanOf(node), node.expression.getText(), entity.kind));
  }
  return errorExpr(spanOf(node));
}
