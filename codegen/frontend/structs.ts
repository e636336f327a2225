import { ts } from 'ts-morph';
import {
  ERROR,
  isKptrType,
  sameType,
  type CType,
  type Field,
  type StructDef,
} from '../ir/types.js';
import type { Frontend, TypeEnv } from './context.js';
import { spanOf } from './program.js';
import { checkMemberName, checkTypeName, checkUnion } from './struct-checks.js';
import { alignment, argumentEnv, asValue, resolveType, typeArgumentNumber } from './types.js';
import { mapShape } from '../diagnostics/catalogue/state.js';
import { insteadOf } from './declarations/map-rules.js';
import { emptyStruct } from '../diagnostics/catalogue/meaning.js';
import { collectionInStruct, unsupportedType } from '../diagnostics/catalogue/types.js';

function builtinStruct(name: string): StructDef {
  return {
    name,
    keyword: 'struct',
    kernel: false,
    builtin: true,
    field: () => undefined,
    fields: () => [],
  };
}

/** Types of the language that are structs of the kernel's BPF interface, by their DSL name. */
export const BUILTIN_STRUCTS: Record<string, StructDef> = {
  Timer: builtinStruct('bpf_timer'),
  SpinLock: builtinStruct('bpf_spin_lock'),
  List: builtinStruct('bpf_list_head'),
  ListNode: builtinStruct('bpf_list_node'),
  RbTree: builtinStruct('bpf_rb_root'),
  RbNode: builtinStruct('bpf_rb_node'),
  Refcount: builtinStruct('bpf_refcount'),
  ArenaSpinLock: builtinStruct('scxts_arena_lock'),
};

export function tag(node: ts.Node, name: string): string | undefined {
  const found = ts.getJSDocTags(node).find((t) => t.tagName.text === name);
  return typeof found?.comment === 'string' ? found.comment.trim() : undefined;
}

export function isKptr(fe: Frontend, node: ts.TypeNode): boolean {
  if (ts.isUnionTypeNode(node)) return node.types.some((t) => isKptr(fe, t));
  return ts.isTypeReferenceNode(node) && fe.builtinName(fe.symbolOf(node.typeName)) === 'Kptr';
}

function isReadonly(node: ts.PropertySignature): boolean {
  return node.modifiers?.some((m) => m.kind === ts.SyntaxKind.ReadonlyKeyword) ?? false;
}

function makeField(fe: Frontend, node: ts.PropertySignature, env: TypeEnv): Field | undefined {
  if (!node.type || !(ts.isIdentifier(node.name) || ts.isStringLiteral(node.name)))
    return undefined;
  const since = tag(node, 'since');
  const until = tag(node, 'until');
  const aligned = alignedOf(fe, node.type);
  const stated = aligned?.of ?? node.type;
  const width = bitsOf(fe, stated);
  const type = resolveType(fe, width?.of ?? stated, env);
  const bits = width && checkWidth(fe, node.type, type, width.bits);
  const contains = containedIn(fe, stated, type, env);
  if (contains === 'reported') return { name: node.name.text, type: ERROR, readonly: false };
  return {
    name: node.name.text,
    type,
    readonly: isReadonly(node),
    ...(bits ? { bits } : {}),
    ...(aligned ? { align: aligned.bytes } : {}),
    ...(since ? { since } : {}),
    ...(until ? { until } : {}),
    ...(holdsKptr(type) ? { kptr: true } : {}),
    ...(contains ? { contains } : {}),
  };
}

/** `List<Item>`, `RbTree<Item>`: what is in it, and by which field of that. */
function containedIn(
  fe: Frontend,
  node: ts.TypeNode,
  type: CType,
  env: TypeEnv,
): Field['contains'] | 'reported' {
  const { List, RbTree } = BUILTIN_STRUCTS;
  if (type.kind !== 'struct' || (type.struct !== List && type.struct !== RbTree)) return undefined;
  const argument = ts.isTypeReferenceNode(node) ? node.typeArguments?.[0] : undefined;
  const of = argument && resolveType(fe, argument, env);
  if (of?.kind !== 'struct' || of.struct.kernel || of.struct.builtin) {
    if (of?.kind !== 'error') fe.report(collectionInStruct(spanOf(node), node.getText()));
    return 'reported';
  }
  fe.allocated.add(of.struct);
  return {
    struct: of.struct,
    node: linkField(of.struct, type.struct === List ? 'ListNode' : 'RbNode'),
  };
}

function holdsKptr(type: CType): boolean {
  return type.kind === 'array' ? holdsKptr(type.of) : isKptrType(type);
}

/** `Aligned<u64, 64>` of a member: what starts at a multiple of that many bytes. */
function alignedOf(
  fe: Frontend,
  node: ts.TypeNode,
): { of: ts.TypeNode; bytes: number } | undefined {
  if (!ts.isTypeReferenceNode(node) || fe.builtinName(fe.symbolOf(node.typeName)) !== 'Aligned')
    return undefined;
  const [of, bytes] = node.typeArguments ?? [];
  const align = alignment(fe, bytes);
  return of && align ? { of, bytes: align } : undefined;
}

/** `Bits<u32, 3>`: what it is made of, and how many bits it has. */
function bitsOf(
  fe: Frontend,
  node: ts.TypeNode,
): { of: ts.TypeNode; bits: number | undefined } | undefined {
  if (!ts.isTypeReferenceNode(node) || fe.builtinName(fe.symbolOf(node.typeName)) !== 'Bits')
    return undefined;
  const of = node.typeArguments?.[0];
  return of && { of, bits: typeArgumentNumber(fe, node.typeArguments?.[1]) };
}

function checkWidth(
  fe: Frontend,
  node: ts.TypeNode,
  type: CType,
  bits: number | undefined,
): number | undefined {
  const most = type.kind === 'int' ? type.bits : type.kind === 'bool' ? 1 : 0;
  if (bits !== undefined && Number.isInteger(bits) && bits > 0 && bits <= most) return bits;
  fe.report(unsupportedType(spanOf(node), node.getText()));
  return undefined;
}

interface Declared {
  struct: StructDef;
  members: Map<string, ts.PropertySignature>;
}
const declared = new WeakMap<Frontend, Map<string, Declared>>();

/** A struct of the kernel: its fields are resolved one at a time, when the program touches them. */
export function kernelStruct(
  fe: Frontend,
  symbol: ts.Symbol,
  declaration: ts.InterfaceDeclaration,
): StructDef {
  const known = fe.structs.get(symbol);
  if (known) return known;
  // A file of `scxts types` and scxts/vmlinux can declare the same struct: it is one, with the fields of both.
  const table = declared.get(fe) ?? new Map<string, Declared>();
  declared.set(fe, table);
  const members = table.get(symbol.name)?.members ?? new Map<string, ts.PropertySignature>();
  for (const member of declaration.members) {
    if (
      ts.isPropertySignature(member) &&
      (ts.isIdentifier(member.name) || ts.isStringLiteral(member.name)) &&
      !members.has(member.name.text)
    ) {
      members.set(member.name.text, member);
    }
  }
  const same = table.get(symbol.name)?.struct;
  if (same) {
    fe.structs.set(symbol, same);
    return same;
  }
  const cache = new Map<string, Field | undefined>();
  const struct: StructDef = {
    name: symbol.name,
    keyword: ts.getJSDocTags(declaration).some((t) => t.tagName.text === 'union')
      ? 'union'
      : 'struct',
    kernel: true,
    field(name) {
      const member = members.get(name);
      if (member && !cache.has(name)) cache.set(name, makeField(fe, member, new Map()));
      return cache.get(name);
    },
    fields() {
      return [...members.keys()].flatMap((name) => this.field(name) ?? []);
    },
  };
  fe.structs.set(symbol, struct);
  table.set(symbol.name, { struct, members });
  return struct;
}

interface Instance {
  types: TypeEnv;
  struct: StructDef;
}
type Keyword = StructDef['keyword'];
const instances = {
  struct: new WeakMap<Frontend, Map<ts.Node, Instance[]>>(),
  union: new WeakMap<Frontend, Map<ts.Node, Instance[]>>(),
};
const origins = new WeakMap<StructDef, { declaration: ts.Node; types: TypeEnv }>();

/** What a struct of a generic interface was made from. */
export function originOf(struct: StructDef): { declaration: ts.Node; types: TypeEnv } | undefined {
  return origins.get(struct);
}

/** The instances of a generic struct: for the same types there is one. */
function instancesOf(fe: Frontend, declaration: ts.Node, keyword: Keyword): Instance[] {
  const table = instances[keyword].get(fe) ?? new Map<ts.Node, Instance[]>();
  instances[keyword].set(fe, table);
  const list = table.get(declaration) ?? [];
  table.set(declaration, list);
  return list;
}

function sameTypes(a: TypeEnv, b: TypeEnv): boolean {
  return [...a].every(([symbol, type]) => {
    const other = b.get(symbol);
    return other !== undefined && sameType(type, other);
  });
}

/** A struct that the program declares: an interface (with what it extends) or a type literal. */
export function userStruct(
  fe: Frontend,
  declaration: ts.InterfaceDeclaration | ts.TypeLiteralNode,
  name: string,
  env: TypeEnv,
  keyword: Keyword = 'struct',
): StructDef {
  const plain = env.size === 0 && keyword === 'struct';
  const known = plain
    ? fe.structs.get(declaration)
    : instancesOf(fe, declaration, keyword).find((i) => sameTypes(i.types, env))?.struct;
  if (known) return known;
  const twin = plain ? twinOf(fe, declaration) : undefined;
  if (twin) return twin;
  checkTypeName(fe, name, nameNode(declaration));
  const fields: Field[] = [];
  const struct: StructDef = {
    name: fe.names.claim(name),
    source: { name, file: declaration.getSourceFile().fileName },
    keyword,
    kernel: false,
    field: (wanted) => fields.find((f) => f.name === wanted),
    fields: () => fields,
  };
  if (plain) fe.structs.set(declaration, struct);
  else {
    instancesOf(fe, declaration, keyword).push({ types: env, struct });
    origins.set(struct, { declaration, types: env });
  }
  if (ts.isInterfaceDeclaration(declaration)) {
    for (const clause of declaration.heritageClauses ?? []) {
      for (const base of clause.types) {
        const baseDecl = fe.symbolOf(base.expression)?.declarations?.[0];
        if (baseDecl && ts.isInterfaceDeclaration(baseDecl)) {
          const isBare = baseDecl.members.length === 0 && !baseDecl.heritageClauses;
          const baseStruct =
            isBare || fe.isLanguageFile(baseDecl.getSourceFile())
              ? undefined
              : userStruct(fe, baseDecl, baseDecl.name.text, argumentEnv(fe, baseDecl, base, env));
          fields.push(...(baseStruct?.fields() ?? []));
          fields.push(...(baseStruct ? [] : nodeFields(baseDecl.name.text)));
        }
      }
    }
  }
  for (const member of declaration.members) {
    const field = ts.isPropertySignature(member) ? makeField(fe, member, env) : undefined;
    if (field && member.name) checkMemberName(fe, field.name, member.name);
    // Structs of the kernel are never copied: a field of such a type refers to one.
    if (field && member.name && field.type.kind === 'array' && isKernelStruct(field.type.of)) {
      const { of } = field.type;
      const name = of.kind === 'struct' ? of.struct.name : '';
      fe.report(
        mapShape(
          spanOf(member),
          `'${field.name}' cannot have a ${name} for elements`,
          insteadOf(name),
        ),
      );
    }
    if (field)
      fields.push(isKernelStruct(field.type) ? { ...field, type: asValue(field.type) } : field);
    else fe.report(unsupportedType(spanOf(member), member.getText()));
  }
  if (fields.length === 0 && !declaration.members.length)
    fe.report(emptyStruct(spanOf(nameNode(declaration)), name));
  if (keyword === 'union') checkUnion(fe, struct, declaration);
  if (isAnonymous(declaration) && plain) noteLiteral(fe, declaration, struct);
  fe.structOrder.push(struct);
  return struct;
}

function nameNode(declaration: ts.InterfaceDeclaration | ts.TypeLiteralNode): ts.Node {
  return ts.isInterfaceDeclaration(declaration) ? declaration.name : declaration;
}

const literals = new WeakMap<Frontend, Map<string, StructDef>>();

/** `{ a: u32 }` written twice is one type, as in TypeScript: the struct of the first that has the same text. */
function twinOf(
  fe: Frontend,
  declaration: ts.InterfaceDeclaration | ts.TypeLiteralNode,
): StructDef | undefined {
  if (!isAnonymous(declaration)) return undefined;
  const twin = literals.get(fe)?.get(textOf(fe, declaration));
  if (twin) fe.structs.set(declaration, twin);
  return twin;
}

function noteLiteral(fe: Frontend, declaration: ts.Node, struct: StructDef): void {
  const table = literals.get(fe) ?? new Map<string, StructDef>();
  literals.set(fe, table);
  table.set(textOf(fe, declaration), struct);
}

function isAnonymous(node: ts.Node): boolean {
  return ts.isTypeLiteralNode(node) && !ts.isTypeAliasDeclaration(node.parent);
}

/** The members with their types as TypeScript knows them, whatever the file calls them. */
function textOf(fe: Frontend, node: ts.Node): string {
  const { checker } = fe;
  const type = checker.getTypeAtLocation(node);
  const flags = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.UseFullyQualifiedType;
  return type
    .getProperties()
    .map((p) => {
      const of = checker.getTypeOfSymbolAtLocation(p, node);
      const constant = p.declarations?.some((d) => ts.isPropertySignature(d) && isReadonly(d));
      return `${constant ? 'readonly ' : ''}${p.name}: ${checker.typeToString(of, undefined, flags)}`;
    })
    .join('; ');
}

/** The field that links objects of a struct in a list or tree; added in front where the program has none. */
export function linkField(struct: StructDef, base: 'ListNode' | 'RbNode'): string {
  const builtin = BUILTIN_STRUCTS[base]!;
  const fields = struct.fields();
  const has = (wanted: StructDef): Field | undefined =>
    fields.find((f) => f.type.kind === 'struct' && f.type.struct === wanted);
  const name = has(builtin)?.name ?? (base === 'RbNode' ? 'scxts_rb_node' : 'scxts_list_node');
  if (!has(builtin))
    fields.unshift({ name, type: { kind: 'struct', struct: builtin }, readonly: true });
  // btf_parse_fields() in kernel/bpf/btf.c wants a count where both kinds of node are in one struct.
  const { ListNode, RbNode, Refcount } = BUILTIN_STRUCTS;
  if (has(ListNode!) && has(RbNode!) && !has(Refcount!)) {
    const type: CType = { kind: 'struct', struct: Refcount! };
    fields.push({ name: 'scxts_refcount', type, readonly: true });
  }
  return name;
}

/** `interface Node extends RbNode` puts the kernel's node first. */
function nodeFields(base: string): Field[] {
  const builtin = BUILTIN_STRUCTS[base];
  return builtin
    ? [
        {
          name: base === 'RbNode' ? 'scxts_rb_node' : 'scxts_list_node',
          type: { kind: 'struct', struct: builtin },
          readonly: true,
        },
      ]
    : [];
}

const opaque = new WeakMap<Frontend, Map<string, StructDef>>();

/** A kernel struct that scxts/vmlinux does not describe: programs can only pass pointers to it along. */
export function opaqueStruct(fe: Frontend, name: string): StructDef {
  const table = opaque.get(fe) ?? new Map<string, StructDef>();
  opaque.set(fe, table);
  const known = table.get(name);
  if (known) return known;
  const struct: StructDef = {
    name,
    keyword: 'struct',
    kernel: true,
    field: () => undefined,
    fields: () => [],
  };
  table.set(name, struct);
  return struct;
}

function isKernelStruct(type: CType): boolean {
  return type.kind === 'struct' && type.struct.kernel;
}
