import type { ConstantIr } from '../../ir/module.js';
import { isIdentifier, member, quoted } from './text.js';

function number(value: bigint, wide: boolean): string {
  return wide || BigInt.asIntN(54, value) !== value ? `${value}n` : `${value}`;
}

function literal({ value, wide }: ConstantIr): string {
  if (typeof value === 'bigint') return number(value, wide);
  const lines = [...value].map(([key, v]) => `  ${member(key)}: ${number(v, wide)},\n`);
  return `{\n${lines.join('')}} as const`;
}

/** Numbers that both halves share, but for those whose name the skeleton needs itself. */
export function constantsText(exported: readonly ConstantIr[], taken: ReadonlySet<string>): string {
  return exported
    .filter(({ name }) => !taken.has(name))
    .map((constant, i) => {
      const { name } = constant;
      if (isIdentifier(name)) return `export const ${name} = ${literal(constant)};\n`;
      // `export { x as 'odd name' }`, or a word that TypeScript has.
      return `const exported_${i} = ${literal(constant)};\nexport { exported_${i} as ${quoted(name)} };\n`;
    })
    .join('');
}
