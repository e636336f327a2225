import type { CType } from '../../ir/types.js';

/**
 * A struct's name in C. The scheduler itself is a sched_ext_ops of the members that it has; another's is read as a
 * flavour of its own, which libbpf takes for the same kernel struct.
 */
export function structName(name: string): string {
  return name === 'sched_ext_ops' ? 'sched_ext_ops___kernel' : name;
}

/** Declares `name` with a C type: arrays need the name in the middle. An empty name gives the type alone. */
export function declareC(type: CType, name: string): string {
  const space = name === '' ? '' : ' ';
  switch (type.kind) {
    case 'int':
      return `${type.signed ? 's' : 'u'}${type.bits}${space}${name}`;
    case 'bool':
      return `bool${space}${name}`;
    case 'untyped':
      return `s64${space}${name}`;
    case 'struct':
      return `${type.struct.keyword} ${structName(type.struct.name)}${space}${name}`;
    case 'array':
      return declareC(type.of, `${name}[${type.length}]`);
    case 'chars':
      return `char ${name}[${type.length}]`;
    case 'string':
      return `const char *${name}`;
    case 'ptr': {
      const inner =
        type.to.kind === 'array' || type.to.kind === 'chars' ? `(*${name})` : `*${name}`;
      return declareC(type.to, inner);
    }
    case 'opaque':
      return `${type.text ? 'char' : 'void'} *${name}`;
    default:
      return `void${space}${name}`;
  }
}

export function typeName(type: CType): string {
  return declareC(type, '').trim();
}

/** A pointer that the kernel owns: the tag belongs to what it points to. */
export function declareKptr(type: CType, name: string): string {
  if (type.kind === 'array') return declareKptr(type.of, `${name}[${type.length}]`);
  return type.kind === 'ptr' ? `${typeName(type.to)} __kptr *${name}` : declareC(type, name);
}
