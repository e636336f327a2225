import { ts } from 'ts-morph';
import {
  anyType,
  numberType,
  stringType,
  unsupportedType,
} from '../diagnostics/catalogue/types.js';
import {
  BOOL,
  ERROR,
  INT_TYPES,
  NULL,
  S32,
  STRING,
  U32,
  U64,
  VOID,
  pointerTo,
  type CType,
  type PtrType,
  type StructDef,
} from '../ir/types.js';
import type { Frontend, TypeEnv } from './context.js';
import { bitsOutsideStruct, notAligned } from '../diagnostics/catalogue/meaning.js';
import { foldNode } from './fold.js';
import { spanOf } from './program.js';
import { pascal } from '../pascal.js';
import { BUILTIN_STRUCTS, kernelStruct, userStruct } from './structs.js';

const NO_ENV: TypeEnv = new Map();

/**
 * The C type that a type annotation denotes. An interface gives the struct itself; where a variable
 * or parameter holds one, `asValue` turns it into the pointer that C passes around.
 */
export function resolveType(fe: Frontend, node: ts.TypeNode, env: TypeEnv = NO_ENV): CType {
  if (ts.isParenthesizedTypeNode(node)) return resolveType(fe, node.type, env);
  if (ts.isUnionTypeNode(node)) return resolveUnion(fe, node, env);
  if (ts.isTypeReferenceNode(node)) return resolveReference(fe, node, env);
  if (ts.isTypeLiteralNode(node)) {
    return { kind: 'struct', struct: userStruct(fe, node, anonymousName(node), env) };
  }
  if (ts.isTypeOperatorNode(node) && node.operator === ts.SyntaxKind.ReadonlyKeyword) {
    return resolveType(fe, node.type, env);
  }
  if (ts.isLiteralTypeNode(node)) return resolveLiteral(fe, node);
  if (ts.isIntersectionTypeNode(node)) {
    // `task_struct & Disposable`: what can be bound with `using`.
    const parts = node.types.filter((t) => !isDisposable(fe, t));
    if (parts.length === 1 && parts[0]) return resolveType(fe, parts[0], env);
  }
  switch (node.kind) {
    case ts.SyntaxKind.BooleanKeyword:
      return BOOL;
    case ts.SyntaxKind.VoidKeyword:
    case ts.SyntaxKind.UndefinedKeyword:
      return VOID;
    case ts.SyntaxKind.NumberKeyword:
    case ts.SyntaxKind.BigIntKeyword:
      fe.report(numberType(spanOf(node)));
      return ERROR;
    case ts.SyntaxKind.StringKeyword:
      if (fe.isLanguageFile(node.getSourceFile())) return STRING;
      fe.report(stringType(spanOf(node)));
      return ERROR;
    case ts.SyntaxKind.AnyKeyword:
    case ts.SyntaxKind.UnknownKeyword:
      fe.report(anyType(spanOf(node), node.getText()));
      return ERROR;
    default:
      fe.report(unsupportedType(spanOf(node), node.getText()));
      return ERROR;
  }
}

/** The C type of a variable or parameter of that type: structs are held by pointer. */
export function asValue(type: CType): CType {
  if (type.kind !== 'struct') return type;
  return type.struct.kernel
    ? pointerTo(type, 'kernel', { trust: 'trusted' })
    : pointerTo(type, 'any');
}

/** A struct without a name has that of what it is in: a member, a variable, a parameter (DrainArgs), a map (TasksKey, TasksValue). */
function anonymousName(node: ts.TypeLiteralNode): string {
  let inner: ts.Node = node;
  while (ts.isTypeReferenceNode(inner.parent) || ts.isUnionTypeNode(inner.parent))
    inner = inner.parent;
  const { parent } = inner;
  if (ts.isTypeAliasDeclaration(parent)) return parent.name.text;
  const isArgument = ts.isCallExpression(parent);
  const own = isArgument ? roleOf(inner, parent) : nameOf(parent);
  const owner =
    isArgument || ts.isParameter(parent)
      ? ts.findAncestor(parent.parent, (n) => nameOf(n) !== '')
      : undefined;
  return pascal(`${owner ? nameOf(owner) : ''}_${own}`) || 'Anonymous';
}

/** What the type is to the map that is made with it. */
function roleOf(type: ts.Node, { typeArguments }: ts.CallExpression): string {
  return typeArguments?.[1] && typeArguments[0] === type ? 'key' : 'value';
}

function nameOf(node: ts.Node): string {
  const named =
    ts.isVariableDeclaration(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isParameter(node) ||
    ts.isPropertySignature(node);
  return named && node.name && ts.isIdentifier(node.name) ? node.name.text : '';
}

function isDisposable(fe: Frontend, node: ts.TypeNode): boolean {
  return ts.isTypeReferenceNode(node) && node.typeName.getText() === 'Disposable';
}

function isNullish(node: ts.TypeNode): boolean {
  return (
    node.kind === ts.SyntaxKind.UndefinedKeyword ||
    (ts.isLiteralTypeNode(node) && node.literal.kind === ts.SyntaxKind.NullKeyword)
  );
}

function resolveUnion(fe: Frontend, node: ts.UnionTypeNode, env: TypeEnv): CType {
  const parts = node.types.filter((t) => !isNullish(t));
  if (parts.length === 1 && parts[0] && parts.length < node.types.length) {
    const type = resolveType(fe, parts[0], env);
    return nullable(type);
  }
  const types = parts.map((t) => resolveType(fe, t, env));
  const first = types[0];
  // Unions of literals: `0 | 1 | 2`, `true | false`.
  if (first && parts.every((t) => ts.isLiteralTypeNode(t))) return first;
  fe.report(unsupportedType(spanOf(node), node.getText()));
  return ERROR;
}

/** `T | null` as a value. */
export function nullable(type: CType): CType {
  const value = asValue(type);
  return value.kind === 'ptr' ? { ...value, nullable: true } : value;
}

function resolveLiteral(fe: Frontend, node: ts.LiteralTypeNode): CType {
  switch (node.literal.kind) {
    case ts.SyntaxKind.TrueKeyword:
    case ts.SyntaxKind.FalseKeyword:
      return BOOL;
    case ts.SyntaxKind.NullKeyword:
      return NULL;
    case ts.SyntaxKind.NumericLiteral:
      return S32;
    case ts.SyntaxKind.StringLiteral:
      return STRING;
    default:
      fe.report(unsupportedType(spanOf(node), node.getText()));
      return ERROR;
  }
}

/** Value of a type argument that must be a number: `16` or `typeof N`. */
export function typeArgumentNumber(
  fe: Frontend,
  node: ts.TypeNode | undefined,
): number | undefined {
  if (!node) return undefined;
  if (ts.isLiteralTypeNode(node) && ts.isNumericLiteral(node.literal)) {
    return Number(node.literal.text);
  }
  if (ts.isTypeQueryNode(node)) {
    const value = foldNode(fe, node.exprName as ts.Expression);
    if (value !== undefined) return Number(value);
  }
  const type = fe.checker.getTypeFromTypeNode(node);
  if (type.isNumberLiteral()) return type.value;
  return undefined;
}

/** Types of TypeScript's library that do not change the layout of their argument. */
const TRANSPARENT = new Set(['Readonly', 'NonNullable']);

function resolveReference(fe: Frontend, node: ts.TypeReferenceNode, env: TypeEnv): CType {
  const symbol = fe.symbolOf(node.typeName);
  const declaration = symbol?.declarations?.[0];
  if (!symbol || !declaration) return ERROR; // TypeScript has reported it
  const bound = env.get(symbol);
  if (bound) return bound;
  const name = symbol.name;
  if (fe.isLanguageFile(declaration.getSourceFile())) {
    return resolveBuiltin(fe, node, symbol, declaration, env);
  }
  // TypeScript's own library: what it declares has no layout in C.
  if (fe.loaded.program.isSourceFileDefaultLibrary(declaration.getSourceFile())) {
    const argument = node.typeArguments?.[0];
    if (argument && TRANSPARENT.has(name)) return resolveType(fe, argument, env);
    fe.report(unsupportedType(spanOf(node), node.getText()));
    return ERROR;
  }
  if (ts.isInterfaceDeclaration(declaration)) {
    return {
      kind: 'struct',
      struct: userStruct(fe, declaration, name, argumentEnv(fe, declaration, node, env)),
    };
  }
  if (ts.isTypeAliasDeclaration(declaration)) {
    return resolveType(fe, declaration.type, argumentEnv(fe, declaration, node, env));
  }
  if (ts.isEnumDeclaration(declaration) || ts.isEnumMember(declaration)) return S32;
  fe.report(unsupportedType(spanOf(node), node.getText()));
  return ERROR;
}

export function argumentEnv(
  fe: Frontend,
  declaration: ts.InterfaceDeclaration | ts.TypeAliasDeclaration,
  node: ts.NodeWithTypeArguments,
  env: TypeEnv,
): TypeEnv {
  const params = declaration.typeParameters;
  if (!params?.length) return NO_ENV;
  const out = new Map<ts.Symbol, CType>();
  params.forEach((param, i) => {
    const symbol = fe.checker.getSymbolAtLocation(param.name);
    const argument = node.typeArguments?.[i] ?? param.default;
    if (symbol && argument) out.set(symbol, resolveType(fe, argument, env));
  });
  return out;
}

type BuiltinResolver = (
  fe: Frontend,
  args: readonly ts.TypeNode[],
  env: TypeEnv,
  node: ts.TypeReferenceNode,
) => CType;

function first(fe: Frontend, args: readonly ts.TypeNode[], env: TypeEnv): CType {
  return args[0] ? resolveType(fe, args[0], env) : ERROR;
}

function kernelPointer(trust: PtrType['trust'], isNullable: boolean): BuiltinResolver {
  return (fe, args, env) =>
    pointerTo(first(fe, args, env), 'kernel', {
      nullable: isNullable,
      ...(trust ? { trust } : {}),
    });
}

function literalText(node: ts.TypeNode | undefined): string {
  return node && ts.isLiteralTypeNode(node) && ts.isStringLiteral(node.literal)
    ? node.literal.text
    : '';
}

/** Bytes to align to: a power of two, at most a page. */
export function alignment(fe: Frontend, node: ts.TypeNode | undefined): number | undefined {
  const bytes = typeArgumentNumber(fe, node);
  return bytes !== undefined && bytes >= 1 && bytes <= 4096 && Number.isInteger(Math.log2(bytes))
    ? bytes
    : undefined;
}

/** `Union<{ a: u64; b: u32 }>`, or `Union<Views>` of an interface. */
function unionStruct(fe: Frontend, node: ts.TypeNode, env: TypeEnv): StructDef | undefined {
  if (ts.isParenthesizedTypeNode(node)) return unionStruct(fe, node.type, env);
  if (ts.isTypeLiteralNode(node)) return userStruct(fe, node, anonymousName(node), env, 'union');
  if (!ts.isTypeReferenceNode(node)) return undefined;
  const symbol = fe.symbolOf(node.typeName);
  const declaration = symbol?.declarations?.[0];
  if (!symbol || !declaration || fe.isLanguageFile(declaration.getSourceFile())) return undefined;
  const inner =
    ts.isInterfaceDeclaration(declaration) || ts.isTypeAliasDeclaration(declaration)
      ? argumentEnv(fe, declaration, node, env)
      : env;
  if (ts.isTypeAliasDeclaration(declaration)) return unionStruct(fe, declaration.type, inner);
  return ts.isInterfaceDeclaration(declaration)
    ? userStruct(fe, declaration, symbol.name, inner, 'union')
    : undefined;
}

const BUILTIN_TYPES: Record<string, BuiltinResolver> = {
  bool: () => BOOL,
  FixedArray: (fe, args, env, node) => {
    const length = typeArgumentNumber(fe, args[1]);
    if (length === undefined) {
      fe.report(unsupportedType(spanOf(node), node.getText()));
      return ERROR;
    }
    return { kind: 'array', of: first(fe, args, env), length };
  },
  Ref: (fe, args, env) => pointerTo(first(fe, args, env), 'any'),
  CString: (fe, args) => ({ kind: 'chars', length: typeArgumentNumber(fe, args[0]) ?? 1 }),
  Union: (fe, args, env, node) => {
    const struct = args[0] && unionStruct(fe, args[0], env);
    if (struct) return { kind: 'struct', struct };
    fe.report(unsupportedType(spanOf(node), node.getText()));
    return ERROR;
  },
  // Of a member it says where that starts: structs.ts. A struct has a size that is a multiple of it.
  Aligned: (fe, args, env, node) => {
    const align = alignment(fe, args[1]);
    const type = first(fe, args, env);
    if (type.kind === 'struct' && !type.struct.kernel && !type.struct.builtin && align) {
      type.struct.align = Math.max(type.struct.align ?? 1, align);
      return type;
    }
    if (type.kind !== 'error') fe.report(notAligned(spanOf(node), node.getText()));
    return ERROR;
  },
  // Of a member it is the number of its bits: structs.ts. Nothing else has a part of a byte.
  Bits: (fe, _args, _env, node) => {
    fe.report(bitsOutsideStruct(spanOf(node), node.getText()));
    return ERROR;
  },
  Enum: (fe, args, env) => {
    const type = args[1] ? resolveType(fe, args[1], env) : U32;
    return type.kind === 'int' ? { ...type, enumName: literalText(args[0]) } : type;
  },
  Opaque: (_fe, args) =>
    /\bchar \*$/.test(literalText(args[0])) ? { kind: 'opaque', text: true } : { kind: 'opaque' },
  Ptr: kernelPointer('untrusted', true),
  Walk: kernelPointer('untrusted', false),
  TrustedPtr: kernelPointer('trusted', false),
  RcuPtr: kernelPointer('rcu', false),
  Kptr: (fe, args, env) => {
    const to = first(fe, args, env);
    return { ...pointerTo(to, 'kernel', { nullable: true, trust: 'rcu', kptr: true }) };
  },
  ArenaPtr: (fe, args, env) => pointerTo(first(fe, args, env), 'arena', { nullable: true }),
  Owned: (fe, args, env) => asValue(first(fe, args, env)),
};

function resolveBuiltin(
  fe: Frontend,
  node: ts.TypeReferenceNode,
  symbol: ts.Symbol,
  declaration: ts.Declaration,
  env: TypeEnv,
): CType {
  const name = symbol.name;
  const int = INT_TYPES[name];
  if (int) return int;
  const resolver = BUILTIN_TYPES[name];
  if (resolver) return resolver(fe, node.typeArguments ?? [], env, node);
  const builtin = BUILTIN_STRUCTS[name];
  if (builtin) return { kind: 'struct', struct: builtin };
  if (ts.isInterfaceDeclaration(declaration)) {
    return { kind: 'struct', struct: kernelStruct(fe, symbol, declaration) };
  }
  if (ts.isTypeAliasDeclaration(declaration)) {
    return resolveType(fe, declaration.type, argumentEnv(fe, declaration, node, env));
  }
  if (ts.isEnumDeclaration(declaration)) return U64;
  fe.report(unsupportedType(spanOf(node), node.getText()));
  return ERROR;
}
