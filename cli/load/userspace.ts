import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { UserspaceContext } from '../../native/runtime/index.js';
import { importTypeScript } from '../typescript.js';

type Userspace = (context: UserspaceContext) => void | Promise<void>;

/** The user-space half of a scheduler (`--with FILE`): the function that its module exports. */
export async function userspaceOf(file: string): Promise<Userspace> {
  if (!existsSync(file)) throw new Error(`there is no file '${file}'`);
  importTypeScript();
  const module = (await import(pathToFileURL(resolve(file)).href)) as { default?: unknown };
  if (typeof module.default !== 'function')
    throw new Error(
      `${file} exports no function as its default\n  hint: export default async function ({ scheduler, link, signal }) { ... }`,
    );
  return module.default as Userspace;
}
