import type { BtfType } from '../../toolchain/btf/parse.js';

/** Follows typedefs and qualifiers. */
export function strip(types: BtfType[], id: number): BtfType {
  let type = types[id]!;
  while (['typedef', 'const', 'volatile', 'restrict', 'type_tag'].includes(type.kind))
    type = types[type.type]!;
  return type;
}

/** The scalar of the language for an integer, enum or bool; undefined for anything else. */
export function scalarName(types: BtfType[], id: number): string | undefined {
  const type = strip(types, id);
  if (type.kind === 'int') {
    if (type.name === '_Bool') return 'bool';
    if (type.size > 8) return undefined;
    return `${type.signed ? 's' : 'u'}${type.size * 8}`;
  }
  if (type.kind === 'enum' || type.kind === 'enum64')
    return `${type.signed ? 's' : 'u'}${type.size * 8}`;
  return undefined;
}

/** A type as C writes it in a prototype, integers by their width. */
export function cName(types: BtfType[], id: number): string {
  if (id === 0) return 'void';
  const scalar = scalarName(types, id);
  if (scalar) return scalar;
  const type = strip(types, id);
  switch (type.kind) {
    case 'ptr': {
      const to = types[type.type]!;
      const target = strip(types, type.type);
      if (target.kind === 'func_proto') return 'void *';
      if (target.kind === 'int' && target.size === 1 && target.name.includes('char'))
        return 'char *';
      const konst = to.kind === 'const' ? 'const ' : '';
      const name = cName(types, type.type);
      return `${konst}${name}${name.endsWith('*') ? '' : ' '}*`;
    }
    case 'struct':
    case 'union':
      return type.name ? `${type.kind} ${type.name}` : 'void';
    case 'fwd':
      return `struct ${type.name}`;
    default:
      return 'void';
  }
}
