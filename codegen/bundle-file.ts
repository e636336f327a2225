import { statSync } from 'node:fs';
import { join } from 'node:path';
import { newestIn } from './files/fresh.js';
import { isCheckout, packageRoot } from './root.js';

/**
 * A file that was bundled from the modules below a folder, both given from the package's root; undefined if it is not there, or older than
 * one of them, as in a checkout after an edit.
 */
export function bundleFile(file: string, from: string): string | undefined {
  const path = join(packageRoot(), file);
  const made = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  if (made === undefined) return undefined;
  return isCheckout() && newestIn(join(packageRoot(), from), /\.js$/) > made ? undefined : path;
}
