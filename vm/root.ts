import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The scxts package's folder. */
export function projectRoot(): string {
  let dir = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(dir, 'templates')) || !existsSync(join(dir, 'package.json')))
    dir = dirname(dir);
  return dir;
}

/** Installs, on Debian and Ubuntu, all that scxts needs of the distribution. */
export function packagesScript(): string {
  return join(projectRoot(), '.ci', 'packages');
}
