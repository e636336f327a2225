import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { KERNELS } from '../../codegen/kernel/versions.js';
import { cacheDir } from '../cache.js';
import { projectRoot } from '../root.js';
import { readImage, type KernelImage } from './image.js';
import { outdated } from './options.js';

/** Kernels that scxts is tested on; the newest last. 6.12 is built from source, the others are Debian's. */
export const VM_KERNELS = KERNELS;

/** Debian's own 6.12 packages leave sched_ext out, so this one does not come from a package. */
export const BUILT_FROM_SOURCE = '6.12';

/**
 * Builds of Debian's 7.1 and 7.2 whose BTF lets programs call what schedulers need: each build lost the marks of other
 * functions (docs/kernel-types.md). `7.1` means these where they are to be had, otherwise the newest 7.1.
 */
const PREFERRED: Readonly<Record<string, string>> = { '7.1': '7.1.13-rt', '7.2': '7.2.6' };

/** The builds that a version stands for, best first. */
export function buildsOf(wanted: string): string[] {
  const preferred = PREFERRED[wanted];
  return preferred ? [preferred, wanted] : [wanted];
}

/** What `--kernel` takes as a version: `6.18`, `6.18.15`, or with a flavour of Debian's: `7.1.13-rt`, `7.2-amd64`. */
export const VERSION = /^\d+\.\d+(\.\d+)?(-(rt|amd64))?$/;

function split(version: string): { numbers: string; flavour: string } {
  const [numbers = '', flavour = ''] = version.split('-');
  return { numbers, flavour };
}

/** Compares dotted versions number by number; flavours of one version by name. */
export function compareVersions(a: string, b: string): number {
  const [one, other] = [split(a), split(b)];
  const [x, y] = [one, other].map((v) => v.numbers.split('.').map(Number)) as [number[], number[]];
  for (let i = 0; i < Math.max(x.length, y.length); i++) {
    const difference = (x[i] ?? -1) - (y[i] ?? -1);
    if (difference !== 0) return difference;
  }
  return one.flavour < other.flavour ? -1 : Number(one.flavour > other.flavour);
}

/** `6.18` names every 6.18.x of the cloud flavour; `6.18.15` names itself, `6.18-rt` every 6.18.x-rt. */
export function matchesVersion(wanted: string, version: string): boolean {
  const [want, have] = [split(wanted), split(version)];
  return (
    want.flavour === have.flavour &&
    (have.numbers === want.numbers || have.numbers.startsWith(`${want.numbers}.`))
  );
}

/** Where a ready-made 6.12 may lie: in SCXTS_KERNEL_DIR, else in ../shared/kernels beside the checkout. */
export function givenKernels(): string[] {
  const dir = process.env['SCXTS_KERNEL_DIR'] || join(projectRoot(), '..', 'shared', 'kernels');
  return [join(dir, `linux-${BUILT_FROM_SOURCE}-scx.bzImage`)];
}

/** Where the one that is built here goes. */
export function builtKernel(): string {
  return join(cacheDir(), BUILT_FROM_SOURCE, 'vmlinuz');
}

/**
 * The newest image of a version that is on this machine already. A cut-off file does not count, and neither does an
 * image that was built from source with other options than today's.
 */
export function findCached(version: string): KernelImage | undefined {
  if (version === BUILT_FROM_SOURCE) {
    return [...givenKernels(), builtKernel()]
      .map(readImage)
      .find((image) => image && !outdated(image));
  }
  const dir = cacheDir();
  if (!existsSync(dir)) return undefined;
  const names = readdirSync(dir).filter((name) => matchesVersion(version, name));
  for (const name of names.sort(compareVersions).reverse()) {
    const image = readImage(join(dir, name, 'vmlinuz'));
    if (image) return image;
  }
  return undefined;
}
