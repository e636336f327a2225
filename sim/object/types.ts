import type { BtfType } from '../../codegen/toolchain/btf/parse.js';

const MODIFIERS = new Set(['typedef', 'const', 'volatile', 'restrict', 'type_tag']);

export type Types = readonly BtfType[];

/** Follows typedefs and qualifiers. */
export function strip(types: Types, id: number): BtfType {
  let type = types[id]!;
  while (MODIFIERS.has(type.kind)) type = types[type.type]!;
  return type;
}

export const isComposite = (type: BtfType): boolean =>
  type.kind === 'struct' || type.kind === 'union';
export const isEnum = (type: BtfType): boolean => type.kind === 'enum' || type.kind === 'enum64';

/** Bytes of a type; 0 for void, functions and forward declarations. */
export function sizeOf(types: Types, id: number): number {
  const type = strip(types, id);
  switch (type.kind) {
    case 'ptr':
      return 8;
    case 'array':
      return type.count! * sizeOf(types, type.type);
    case 'int':
    case 'float':
    case 'struct':
    case 'union':
    case 'enum':
    case 'enum64':
    case 'datasec':
      return type.size;
    case 'var':
      return sizeOf(types, type.type);
    default:
      return 0;
  }
}

/** The alignment that C gives a type, in bytes. */
export function alignOf(types: Types, id: number): number {
  const type = strip(types, id);
  if (type.kind === 'array') return alignOf(types, type.type);
  if (isComposite(type)) return Math.max(1, ...type.members!.map((m) => alignOf(types, m.type)));
  return Math.max(1, Math.min(8, sizeOf(types, id)));
}

/** A name without its flavour: `task_struct___new` is `task_struct`. */
export function essentialName(name: string): string {
  const match = /^(.*[^_])___[^_]/s.exec(name);
  return match ? match[1]! : name;
}

/** Whether a type holds signed numbers. */
export function isSigned(types: Types, id: number): boolean {
  return strip(types, id).signed ?? false;
}

/** Types by kind and essential name, and by plain name: what a search in a kernel's BTF needs. */
export class TypeIndex {
  private readonly byName = new Map<string, BtfType[]>();

  constructor(readonly types: Types) {
    for (const type of types) {
      if (!type.name || type.kind === 'decl_tag') continue;
      const name = essentialName(type.name);
      const list = this.byName.get(name);
      if (list) list.push(type);
      else this.byName.set(name, [type]);
    }
  }
  /** All with the essential name, whatever their kind. */
  named(name: string): readonly BtfType[] {
    return this.byName.get(name) ?? [];
  }
  find(name: string, ...kinds: BtfType['kind'][]): BtfType | undefined {
    return this.named(essentialName(name)).find((t) => t.name === name && kinds.includes(t.kind));
  }
}
