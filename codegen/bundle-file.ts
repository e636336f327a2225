import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isCheckout, packageRoot } from './root.js';

/**
 * A file that was bundled from the modules below a folder, both given from the package's root; undefined if it is not there, or older than
 * one of them, as in a checkout after an edit.
 */
export function bundleFile(file: string, from: string): string | undefined {
  const path = join(packageRoot(), file);
  const made = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  if (made === undefined) return undefined;
  return isCheckout() && newest(join(packageRoot(), from)) > made ? undefined : path;
}

/** When the last of the modules in a folder was written, in ms. */
function newest(folder: string): number {
  const entries = readdirSync(folder, { withFileTypes: true });
  const times = entries.map((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return newest(path);
    return entry.name.endsWith('.js') ? statSync(path).mtimeMs : 0;
  });
  return Math.max(0, ...times);
}
