import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The package's own folder: holds dsl/ and templates/ in a checkout and in an installed package alike. */
export function packageRoot(): string {
  let dir = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(dir, 'templates')) || !existsSync(join(dir, 'package.json'))) {
    const parent = dirname(dir);
    if (parent === dir)
      throw new Error('scxts is installed without its templates/ folder; reinstall it');
    dir = parent;
  }
  return dir;
}

/** Whether this is a checkout, whose sources may change, and not an installed package. */
export function isCheckout(): boolean {
  return existsSync(join(packageRoot(), 'tsconfig.json'));
}
