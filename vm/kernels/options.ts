import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectRoot } from '../root.js';
import type { KernelImage } from './image.js';

/** Options that the kernel scxts builds itself must have: what its source is configured with. */
export function fragmentPath(): string {
  return join(projectRoot(), 'vm', 'kernels', 'linux-6.12.config');
}

/** The lines of a fragment that a kernel's configuration does not have. */
export function missingOptions(config: string, fragment: string): string[] {
  const lines = new Set(config.split('\n').map((line) => line.trim()));
  return fragment
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => {
      const off = /^# (CONFIG_\w+) is not set$/.exec(line)?.[1];
      // An option that depends on one that is off is not mentioned at all.
      if (off) return [...lines].some((other) => other.startsWith(`${off}=`));
      return line.startsWith('CONFIG_') && !lines.has(line);
    });
}

/** Where the configuration of an image may be: as kernels install it, or beside an image of the same name. */
function configBeside({ path, release }: KernelImage): string | undefined {
  for (const file of [
    join(dirname(path), `config-${release}`),
    path.replace(/\.bzImage$/, '') + '.config',
  ]) {
    try {
      return readFileSync(file, 'utf8');
    } catch {
      continue;
    }
  }
  return undefined;
}

/** Why an image is not what scxts would build today; undefined where it is. */
export function outdated(image: KernelImage): string | undefined {
  const config = configBeside(image);
  if (config === undefined) return 'its configuration is not beside it';
  const missing = missingOptions(config, readFileSync(fragmentPath(), 'utf8'));
  return missing.length > 0 ? `it was built without ${missing.join(', ')}` : undefined;
}
