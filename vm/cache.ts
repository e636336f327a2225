import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from '../native/runtime/alive.js';

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
 * A fresh folder inside the cache, or a part of it that may be on another disk, so that what is finished in it can be
 * renamed into place. Folders that a killed process left are removed on the way; what other processes do meanwhile is
 * theirs, and no error here.
 */
export function workFolder(root = cacheRoot()): string {
  mkdirSync(root, { recursive: true });
  for (const name of readdirSync(root)) {
    const owner = /^tmp-(\d+)-/.exec(name)?.[1];
    if (owner === undefined || isAlive(Number(owner))) continue;
    const path = join(root, name);
    if (Date.now() - modified(path) > STALE_MS) rmSync(path, { recursive: true, force: true });
  }
  return mkdtempSync(join(root, `tmp-${process.pid}-`));
}

/** When a path was modified last, in ms; the end of time if it has gone. */
export function modified(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
}
