/** A function that is compiled into what calls it. */
export function inline(returns: string, name: string, params: string, body: string): string {
  const gap = returns.endsWith('*') ? '' : ' ';
  return `static __always_inline ${returns}${gap}${name}(${params || 'void'})\n{\n${body
    .split('\n')
    .map((l) => (l ? `\t${l}` : l))
    .join('\n')}\n}`;
}
