import { ts } from 'ts-morph';
import { spread } from '../diagnostics/catalogue/syntax.js';
import { maybeUndefined } from '../diagnostics/catalogue/types.js';
import type { Expr } from '../ir/nodes.js';
import { VOID, describeType, isInteger, type CType } from '../ir/types.js';
import type { Entity, Frontend, TypeEnv } from './context.js';
import { asReference, regionOf, settle } from './convert.js';
import { lowerExpr } from './expressions/index.js';
import { kptrPlace } from './kptr-places.js';
import { entityOf } from './expressions/names.js';
import { mayBeUndefined } from './expressions/presence.js';
import type { FunctionNode } from './functions.js';
import { addressOf, errorExpr } from './make.js';
import { spanOf } from './program.js';
import type { FunctionScope } from './scope.js';
import { isKptr } from './structs.js';
import { asValue, resolveType } from './types.js';

export interface Argument {
  expr?: Expr;
  /** Left out, of a parameter without default. */
  absent?: boolean;
  /** Left out, where the default is made from other parameters: `f(a: u32, b = a * 2)`. */
  byCallee?: boolean;
  entity?: Entity;
  /** The address of a place for a kernel object, which the function may move objects into and out of. */
  place?: 'there' | 'may be missing';
}

/** What a call gives for a parameter. */
export function lowerArgument(
  fx: FunctionScope,
  param: ts.ParameterDeclaration,
  node: ts.Expression | undefined,
  env: TypeEnv,
): Argument {
  if (param.dotDotDotToken) {
    fx.fe.report(spread(spanOf(param)));
    return { expr: errorExpr(spanOf(param)) };
  }
  const source = isUndefined(node) ? param.initializer : (node ?? param.initializer);
  if (!source) {
    // An optional parameter that is not given.
    const type = param.type ? asValue(resolveType(fx.fe, param.type, env)) : VOID;
    const span = spanOf(param);
    const expr: Expr =
      type.kind === 'ptr' ? { kind: 'null', type, span } : { kind: 'const', value: 0n, type, span };
    return { expr, absent: true };
  }
  if (source === param.initializer && mentionsParameter(fx.fe, source, param))
    return { byCallee: true };
  const entity = entityOf(fx, source);
  if (entity) return { entity };
  const generic = param.type ? mentionsTypeParameter(fx.fe, param.type) : true;
  const expected =
    param.type && !generic ? asValue(resolveType(fx.fe, param.type, env)) : undefined;
  if (param.questionToken && expected && isInteger(expected) && mayBeUndefined(fx.fe, source))
    fx.fe.report(maybeUndefined(spanOf(source), source.getText()));
  const lowered = lowerExpr(fx, source, expected);
  const place = param.type && isKptr(fx.fe, param.type) ? kptrPlace(lowered) : undefined;
  if (place) return { expr: place.address, place: place.missing ? 'may be missing' : 'there' };
  const value = asReference(lowered);
  return { expr: isArray(value.type) ? addressOf(value, regionOf(value), value.span) : value };
}

function mentionsParameter(fe: Frontend, node: ts.Node, of: ts.ParameterDeclaration): boolean {
  if (ts.isIdentifier(node)) {
    const declaration = fe.symbolOf(node)?.valueDeclaration;
    if (declaration && ts.isParameter(declaration) && declaration.parent === of.parent) return true;
  }
  return ts.forEachChild(node, (child) => mentionsParameter(fe, child, of) || undefined) ?? false;
}

/** `undefined`, given for a parameter that may be left out. */
function isUndefined(node: ts.Expression | undefined): boolean {
  return node !== undefined && ts.isIdentifier(node) && node.text === 'undefined';
}

export function isArray(type: CType): boolean {
  return type.kind === 'array' || type.kind === 'chars';
}

function mentionsTypeParameter(fe: Frontend, node: ts.Node): boolean {
  if (ts.isTypeReferenceNode(node)) {
    const symbol = fe.symbolOf(node.typeName);
    if (symbol && symbol.flags & ts.SymbolFlags.TypeParameter) return true;
  }
  return ts.forEachChild(node, (child) => mentionsTypeParameter(fe, child) || undefined) ?? false;
}

/** What tells one compiled copy of a function from another. */
export function instanceKey(decl: FunctionNode, env: TypeEnv, args: Argument[]): string {
  const types = [...env.values()].map(describeType).join(',');
  const entities = args.flatMap((a) => (a.entity ? [entityKey(a.entity)] : [])).join(',');
  const absent = args.flatMap((a, i) => (a.absent || a.byCallee ? [`-${i}`] : [])).join('');
  const arenas = args.flatMap((a, i) => (isArenaEntry(a) ? [`~${i}`] : [])).join('');
  const places = args
    .flatMap((a, i) => (a.place ? [`${a.place === 'there' ? '@' : '?'}${i}`] : []))
    .join('');
  // What has no annotation takes its type from the call.
  const inferred = decl.parameters
    .flatMap((p, i) => (p.type || !args[i]?.expr ? [] : [describeType(settle(args[i].expr).type)]))
    .join(',');
  return `${decl.getSourceFile().fileName}:${decl.pos}<${types}>(${entities})${absent}${places}${arenas}${inferred}`;
}

/** An entry of an arena: a function that is given one keeps it apart from other memory. */
export function isArenaEntry({ expr, place }: Argument): boolean {
  return !place && expr?.type.kind === 'ptr' && expr.type.region === 'arena';
}

function entityKey(entity: Entity): string {
  switch (entity.kind) {
    case 'map':
      return entity.map.name;
    case 'timer':
      return entity.timer.map.name;
    case 'counter':
      return entity.counter.name;
    case 'spinLock':
    case 'global':
      return entity.global.name;
    case 'collection':
      return entity.collection.name;
    case 'kernelVariable':
      return entity.variable.name;
    case 'program':
      return entity.program.fn.name;
    case 'component':
      return entity.component.name;
    case 'function':
      return `${entity.decl.getSourceFile().fileName}:${entity.decl.pos}`;
    case 'constant':
    case 'error':
      return entity.kind;
  }
}
