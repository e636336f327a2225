import { ts } from 'ts-morph';
import type { Expr } from '../ir/nodes.js';
import { structOf, type CType } from '../ir/types.js';
import type { Frontend } from './context.js';
import { literalType } from './convert.js';
import type { Argument } from './arguments.js';
import type { FunctionNode } from './functions.js';
import { originOf } from './structs.js';

/** Type parameters that follow from the types of the arguments: `f<T>(x: T)`. */
export function bindInferred(
  fe: Frontend,
  decl: FunctionNode,
  args: Argument[],
  env: Map<ts.Symbol, CType>,
): void {
  const open = new Set(
    (decl.typeParameters ?? [])
      .flatMap((p) => fe.checker.getSymbolAtLocation(p.name) ?? [])
      .filter((s) => !env.has(s)),
  );
  if (open.size === 0) return;
  const match = (at: ts.TypeNode | undefined, is: CType | undefined, literal: bigint): void => {
    if (!at || !is) return;
    if (ts.isUnionTypeNode(at)) return at.types.forEach((t) => match(t, is, literal));
    if (!ts.isTypeReferenceNode(at)) return;
    const symbol = fe.symbolOf(at.typeName);
    if (symbol && open.has(symbol)) {
      const settled = is.kind === 'untyped' ? literalType(literal) : is;
      const target = settled.kind === 'ptr' && settled.to.kind === 'struct' ? settled.to : settled;
      if (!env.has(symbol)) env.set(symbol, target);
      return;
    }
    const of = typesOf(fe, symbol, is);
    at.typeArguments?.forEach((argument, i) => match(argument, of[i], literal));
  };
  decl.parameters.forEach((param, i) => {
    const { expr, entity } = args[i] ?? {};
    if (entity?.kind === 'map' && param.type && ts.isTypeReferenceNode(param.type)) {
      // HashMap<K, V>, QueueMap<V>: the value is the last.
      const stated = param.type.typeArguments ?? [];
      match(stated[stated.length - 1], entity.map.value, 0n);
      if (stated.length > 1) match(stated[0], entity.map.key, 0n);
    } else if (expr) match(param.type, expr.type, constantOf(expr));
  });
}

/** The type arguments that a type was made with. */
function typesOf(fe: Frontend, symbol: ts.Symbol | undefined, is: CType): (CType | undefined)[] {
  const origin = structOf(is) && originOf(structOf(is)!);
  if (origin) {
    const declaration = symbol?.declarations?.find(
      (d) =>
        d === origin.declaration || (ts.isTypeAliasDeclaration(d) && d.type === origin.declaration),
    );
    const generic =
      declaration &&
      (ts.isInterfaceDeclaration(declaration) || ts.isTypeAliasDeclaration(declaration))
        ? declaration.typeParameters
        : undefined;
    return (generic ?? []).map((p) => {
      const parameter = fe.checker.getSymbolAtLocation(p.name);
      return parameter && origin.types.get(parameter);
    });
  }
  // Ref<T>, FixedArray<T, N>.
  const inner = is.kind === 'ptr' ? is.to : is.kind === 'array' ? is.of : undefined;
  return [inner?.kind === 'array' ? inner.of : inner];
}

function constantOf(expr: Expr): bigint {
  return expr.kind === 'const' ? expr.value : 0n;
}
