import type { BtfType } from '../../toolchain/btf/parse.js';
import type { PerCpuVariable } from '../variables.js';

type Table = Record<string, PerCpuVariable & { kernels: string[] }>;

const MODIFIERS = new Set(['typedef', 'const', 'volatile', 'restrict', 'type_tag']);

/** Adds the per-CPU variables of one kernel: BTF lists those of the section .data..percpu only. */
export function addVariables(table: Table, version: string, types: readonly BtfType[]): void {
  for (const section of types) {
    if (section?.kind !== 'datasec') continue;
    for (const { type: id } of section.variables ?? []) {
      const variable = types[id]!;
      const type = describe(types, variable.type);
      const known = (table[variable.name] ??= { type, kernels: [] });
      if (isNarrower(type, known.type)) known.type = type;
      known.kernels.push(version);
    }
  }
}

function describe(types: readonly BtfType[], id: number): string {
  const type = types[id];
  if (!type) return '';
  if (MODIFIERS.has(type.kind)) return describe(types, type.type);
  switch (type.kind) {
    case 'struct':
    case 'union':
      return type.name ? `struct ${type.name}` : '';
    case 'int':
      return type.name === '_Bool' ? 'u8' : `${type.signed ? 's' : 'u'}${type.size * 8}`;
    case 'ptr': {
      const to = describe(types, type.type);
      return to.startsWith('struct ') ? `*${to}` : '';
    }
    default:
      return '';
  }
}

function isNarrower(a: string, b: string): boolean {
  const [x, y] = [/^[us](\d+)$/.exec(a)?.[1], /^[us](\d+)$/.exec(b)?.[1]];
  return x !== undefined && y !== undefined && Number(x) < Number(y);
}
