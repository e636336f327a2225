import type { KernelFunction } from '../../../kernel/types.js';

/** The head of a C function with the parameters of one of the kernel. */
export function declaration(fn: KernelFunction, name: string): string {
  const spaced = (ctype: string): string => `${ctype}${ctype.endsWith('*') ? '' : ' '}`;
  const params = fn.params.map((p) => `${spaced(p.ctype)}${p.name}`).join(', ') || 'void';
  return `${spaced(fn.returns.ctype.replace(/\bconst /, ''))}${name}(${params})`;
}
