import { ENUM_DOCS, INTERNAL_ENUMS } from '../docs/enums.js';
import { UPSTREAM } from '../upstream.js';
import { kernelsNote } from './declarations.js';
import type { Surface } from './surface.js';

/** Enums whose values mean something to user space. */
const OFFERED = /^scx_/;

/** Writes native/runtime/kernel-numbers.ts: the numbers of the kernel that are the same on all kernels that have them. */
export function runtimeNumbers(surface: Surface): string {
  const lines = Object.entries(surface.enums).flatMap(
    ([name, { enumName, kernels, value, values }]) => {
      const isInternal = ENUM_DOCS[name] === undefined && INTERNAL_ENUMS[enumName] !== undefined;
      if (values || !OFFERED.test(enumName) || isInternal) return [];
      const notes = [
        ENUM_DOCS[name],
        kernelsNote(kernels, surface.kernels, UPSTREAM[name]),
        `enum ${enumName}.`,
      ];
      const number = BigInt(value);
      const text = number > 9n ? `0x${number.toString(16)}n` : `${number}n`;
      return [`/** ${notes.filter(Boolean).join(' ')} */\nexport const ${name} = ${text};`];
    },
  );
  return `// Generated from codegen/kernel by \`npm run kernel-table\`. Do not edit.\n\n${lines.join('\n')}\n`;
}
