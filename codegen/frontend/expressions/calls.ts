import { ts } from 'ts-morph';
import {
  closures,
  dynamicAccess,
  spread,
  standardLibrary,
  unusedValue,
} from '../../diagnostics/catalogue/syntax.js';
import { noSuchMethod, stateMustBeConst } from '../../diagnostics/catalogue/state.js';
import type { Expr } from '../../ir/nodes.js';
import { INT_TYPES, BOOL, describeType, type CType } from '../../ir/types.js';
import { BUILTIN_CALLS } from '../builtins/index.js';
import { lowerEntityMethod } from '../builtins/methods.js';
import { lowerKernelCall } from '../builtins/kernel-call.js';
import { MATH } from '../builtins/math.js';
import { lowerValueMethod } from '../builtins/value-methods.js';
import { integerOperand, truth, wrap } from '../convert.js';
import { callUser, functionDeclaration } from '../functions.js';
import { constant, errorExpr, not } from '../make.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';
import { kernelFunction } from '../../kernel/index.js';
import { libraryGlobal } from './access.js';
import { isOptional, lowerChain } from './chain.js';
import { lowerExpr } from './index.js';
import { entityOf } from './names.js';

export function lowerCall(fx: FunctionScope, node: ts.Node, expected?: CType): Expr {
  if (!ts.isCallExpression(node)) return errorExpr(spanOf(node));
  const spreadArgument = node.arguments.find((a) => ts.isSpreadElement(a));
  if (spreadArgument) {
    fx.fe.report(spread(spanOf(spreadArgument)));
    return errorExpr(spanOf(node));
  }
  const callee = node.expression;
  if (ts.isIdentifier(callee)) return lowerNamedCall(fx, node, callee, expected);
  if (ts.isPropertyAccessExpression(callee)) return lowerMethodCall(fx, node, callee, expected);
  fx.fe.report(
    ts.isElementAccessExpression(callee)
      ? dynamicAccess(spanOf(callee))
      : closures(spanOf(callee), 'this expression'),
  );
  return errorExpr(spanOf(node));
}

function lowerNamedCall(
  fx: FunctionScope,
  node: ts.CallExpression,
  callee: ts.Identifier,
  expected?: CType,
): Expr {
  const span = spanOf(node);
  const symbol = fx.fe.symbolOf(callee);
  const builtin = fx.fe.builtinName(symbol);
  if (builtin !== undefined) return lowerBuiltinCall(fx, node, builtin, expected);
  const entity = entityOf(fx, callee);
  if (entity?.kind === 'function') return callUser(fx, entity.decl, node);
  const declaration = symbol && functionDeclaration(fx.fe, symbol);
  if (declaration) return callUser(fx, declaration, node);
  const global = libraryGlobal(fx, callee);
  if (global) fx.fe.report(standardLibrary(span, global));
  else if (entity && entity.kind !== 'error')
    fx.fe.report(unusedValue(span, callee.text, entity.kind));
  // What 'scxts' does not export TypeScript has reported.
  else if (symbol?.declarations) fx.fe.report(closures(spanOf(callee), `'${callee.text}'`));
  return errorExpr(span);
}

function lowerBuiltinCall(
  fx: FunctionScope,
  node: ts.CallExpression,
  builtin: string,
  expected?: CType,
): Expr {
  const conversion = builtin === 'bool' ? BOOL : INT_TYPES[builtin];
  if (conversion && node.arguments[0]) return convertTo(fx, node, node.arguments[0], conversion);
  const special = BUILTIN_CALLS.get(builtin);
  if (special) return special(fx, node, expected);
  const fn = kernelFunction(builtin);
  if (fn) return lowerKernelCall(fx, fn, node);
  fx.fe.report(stateMustBeConst(spanOf(node), builtin));
  return errorExpr(spanOf(node));
}

/** `u32(x)`: C's conversion. `bool(x)` is `x != 0`. */
function convertTo(
  fx: FunctionScope,
  node: ts.CallExpression,
  argument: ts.Expression,
  type: CType,
): Expr {
  const span = spanOf(node);
  const lowered = lowerExpr(fx, argument, type.kind === 'int' ? type : undefined);
  if (lowered.type.kind === 'error') return errorExpr(span);
  if (type.kind === 'bool') {
    if (lowered.kind === 'const') return constant(lowered.value === 0n ? 0 : 1, BOOL, span);
    return lowered.type.kind === 'bool' ? lowered : not(not(truth(lowered), span), span);
  }
  const value = integerOperand(fx.fe, lowered);
  if (value.type.kind === 'error' || type.kind !== 'int') return errorExpr(span);
  if (value.kind === 'const') return constant(wrap(value.value, type), type, span);
  return { kind: 'cast', value, type, span };
}

function lowerMethodCall(
  fx: FunctionScope,
  node: ts.CallExpression,
  callee: ts.PropertyAccessExpression,
  expected?: CType,
): Expr {
  const span = spanOf(node);
  const method = callee.name.text;
  if (libraryGlobal(fx, callee.expression) === 'Math') {
    const math = MATH.get(method);
    if (math) return math(fx, node, expected);
    fx.fe.report(standardLibrary(spanOf(callee), `Math.${method}`));
    return errorExpr(span);
  }
  const global = libraryGlobal(fx, callee.expression);
  if (global) {
    fx.fe.report(standardLibrary(spanOf(callee), `${global}.${method}`));
    return errorExpr(span);
  }
  // `import * as x`: x.f() is a plain call.
  const symbol = fx.fe.symbolOf(callee.name);
  const builtin = fx.fe.builtinName(symbol);
  const viaModule = ts.isIdentifier(callee.expression) && isModule(fx, callee.expression);
  if (viaModule && builtin !== undefined) return lowerBuiltinCall(fx, node, builtin, expected);
  if (viaModule && symbol) {
    const declaration = functionDeclaration(fx.fe, symbol);
    if (declaration) return callUser(fx, declaration, node);
  }
  const entity = entityOf(fx, callee.expression);
  if (entity) return lowerEntityMethod(fx, entity, method, node, callee, expected);
  if (isOptional(node)) return lowerChain(fx, node) ?? errorExpr(span);
  const base = lowerExpr(fx, callee.expression);
  if (base.type.kind === 'error') return errorExpr(span);
  const result = lowerValueMethod(fx, base, method, node);
  if (result) return result;
  fx.fe.report(noSuchMethod(spanOf(callee.name), method, describeType(base.type)));
  return errorExpr(span);
}

function isModule(fx: FunctionScope, node: ts.Identifier): boolean {
  const symbol = fx.fe.symbolOf(node);
  return (
    symbol !== undefined &&
    (symbol.flags & (ts.SymbolFlags.ValueModule | ts.SymbolFlags.NamespaceModule)) !== 0
  );
}
