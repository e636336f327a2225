import { execa } from 'execa';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { endianness } from 'node:os';
import { join, normalize } from 'node:path';

/** Shared libraries that a binary needs, the dynamic loader among them. */
export async function libraries(binary: string): Promise<string[]> {
  const { stdout } = await execa('ldd', [binary], { reject: false });
  return [...(stdout ?? '').matchAll(/(\/\S+)\s+\(0x/g)].map((match) => normalize(match[1]!));
}

/** A path of a file of code or data, alone between two zero bytes, as a compiler leaves a text in a binary. */
const EMBEDDED_PATH = /\0(\/[^\0\s"'`]{3,400}\.(?:js|cjs|mjs|json|wasm|dat))(?=\0)/g;

/**
 * Files that a binary names by absolute path and that are here. Distributions build Node.js with some of its modules
 * outside of it (`--shared-builtin-NAME-path`: Debian's and Ubuntu's are below /usr/share/nodejs), and it does not start
 * where one of them is missing. Where they are is told by nothing but the binary itself.
 */
export function namedFiles(binary: string): string[] {
  const text = readFileSync(binary, 'latin1');
  const paths = new Set([...text.matchAll(EMBEDDED_PATH)].map((match) => match[1]!));
  return [...paths].filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
}

/** The data of ICU, where this node was built to read it from a file. */
function icuData(): string[] {
  const variables = process.config.variables as unknown as Record<string, unknown>;
  const folder = process.env['NODE_ICU_DATA'] ?? variables['icu_default_data'];
  if (typeof folder !== 'string' || folder === '') return [];
  const order = endianness() === 'LE' ? 'l' : 'b';
  const path = join(folder, `icudt${process.versions.icu?.split('.')[0]}${order}.dat`);
  return existsSync(path) ? [path] : [];
}

/** All that the running node needs besides itself, whoever packaged it: libraries, modules and data. */
export async function nodeNeeds(node: string): Promise<string[]> {
  const linked = await libraries(node);
  // A distribution may put nearly all of node into a library.
  const own = [node, ...linked.filter((path) => /\/libnode\.so/.test(path))];
  return [...new Set([...linked, ...own.flatMap(namedFiles), ...icuData()])];
}
