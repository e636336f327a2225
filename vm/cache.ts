import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where scxts keeps what is costly to get again: kernels, the base of the initramfs, the KVM probe. */
export function cacheRoot(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'scxts');
}

/** Where kernels are kept: KERNEL_VERSION/vmlinuz. */
export function cacheDir(): string {
  return join(cacheRoot(), 'kernels');
}

const STALE_MS = 3_600_000;

/**
 * A fresh folder inside the cache, so that what is finished in it can be renamed into place. Folders
 * that a killed process left are removed on the way.
 */
export function workFolder(): string {
  const root = cacheRoot();
  mkdirSync(root, { recursive: true });
  for (const name of readdirSync(root)) {
    const path = join(root, name);
    if (name.startsWith('tmp-') && Date.now() - statSync(path).mtimeMs > STALE_MS) {
      rmSync(path, { recursive: true, force: true });
    }
  }
  return mkdtempSync(join(root, 'tmp-'));
}
