import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { VmError } from '../errors.js';
import { BUILT_FROM_SOURCE, buildsOf, findCached, VERSION, VM_KERNELS } from './catalogue.js';
import {
  availableKernels,
  downloadKernel,
  newestOf,
  packageHint,
  type DebianKernel,
} from './debian.js';
import { readImage, type KernelImage } from './image.js';
import { buildFromSource } from './source.js';

export interface ResolveOptions {
  /** Told what takes long, and what was chosen where nothing was asked for. */
  note?: ((text: string) => void) | undefined;
  signal?: AbortSignal | undefined;
}

const CHOICES = `versions: ${VM_KERNELS.join(', ')}, newest; or the path of a bzImage`;

/** Finds, downloads or builds the kernel that a `--kernel` value names; the newest if there is none. */
export async function resolveKernel(
  wanted: string | undefined,
  options: ResolveOptions = {},
): Promise<KernelImage> {
  const note = options.note ?? ((): void => undefined);
  if (!wanted) return newest(note, options.signal);
  if (wanted === 'newest') return newest(() => undefined, options.signal, note);
  if (wanted.includes('/') || (existsSync(wanted) && !VERSION.test(wanted)))
    return fromPath(wanted);
  if (!VERSION.test(wanted)) throw new VmError(`there is no kernel '${wanted}'`, CHOICES);
  const found = await locate(wanted, availableKernels);
  if (found === 'source') return buildFromSource(note, options.signal);
  if (found && 'package' in found) {
    note(`downloading ${found.package}, once...`);
    return downloadKernel(found, options.signal);
  }
  if (found) return found;
  const known = (VM_KERNELS as readonly string[]).includes(wanted);
  throw new VmError(
    `apt knows no Debian package of Linux ${wanted}`,
    known ? packageHint() : CHOICES,
  );
}

/** The best build that a version stands for: its image here, its package, or where it has to be built from source. */
async function locate(
  version: string,
  packages: () => Promise<DebianKernel[]>,
): Promise<KernelImage | DebianKernel | 'source' | undefined> {
  let known: DebianKernel[] | undefined;
  for (const build of buildsOf(version)) {
    const cached = findCached(build);
    if (cached) return cached;
    if (build === BUILT_FROM_SOURCE) return 'source';
    known ??= await packages();
    const found = newestOf(build, known);
    if (found) return found;
  }
  return undefined;
}

function fromPath(wanted: string): KernelImage {
  const path = resolve(wanted);
  if (!existsSync(path)) throw new VmError(`there is no file '${wanted}' to boot`, CHOICES);
  const image = readImage(path);
  if (!image)
    throw new VmError(
      `'${wanted}' is not a complete kernel image for x86-64`,
      `give a bzImage (vmlinuz); ${CHOICES}`,
    );
  return image;
}

/** The newest supported kernel that is here or can be downloaded; what is here wins where apt fails. */
async function newest(
  explain: (text: string) => void,
  signal: AbortSignal | undefined,
  note = explain,
): Promise<KernelImage> {
  const versions = [...VM_KERNELS].reverse();
  const top = findCached(versions[0]!);
  if (top) {
    explain(
      `kernel: Linux ${top.release}, the newest scxts is tested on (--kernel takes another, --list shows them)`,
    );
    return top;
  }
  const packages = await availableKernels();
  let problem: unknown;
  for (const version of versions) {
    const cached = findCached(version);
    if (cached) {
      explain(`kernel: Linux ${cached.release}, the newest on this machine (--list shows all)`);
      return cached;
    }
    const found = version === BUILT_FROM_SOURCE ? undefined : newestOf(version, packages);
    if (!found || problem) continue;
    note(`downloading ${found.package}, the newest kernel that apt has here, once...`);
    try {
      return await downloadKernel(found, signal);
    } catch (error) {
      if (signal?.aborted) throw error;
      problem = error;
    }
  }
  if (problem) throw problem as Error;
  throw new VmError('apt knows no Debian package of a kernel with sched_ext', packageHint());
}

export interface ListedKernel {
  version: string;
  state: 'ready' | 'download' | 'build' | 'unavailable';
  /** Its release and path, its package, or what to do to get it. */
  detail: string;
}

/** Every kernel that `--kernel` knows by version, and what it takes to boot it here. */
export async function listKernels(): Promise<ListedKernel[]> {
  const packages = await availableKernels();
  return Promise.all(VM_KERNELS.map((version) => listed(version, packages)));
}

async function listed(version: string, packages: DebianKernel[]): Promise<ListedKernel> {
  const found = await locate(version, () => Promise.resolve(packages));
  if (!found) return { version, state: 'unavailable', detail: packageHint() };
  if (found === 'source')
    return {
      version,
      state: 'build',
      detail: "built from Debian's linux-source-6.12 when first used, about 10 minutes",
    };
  return 'package' in found
    ? { version, state: 'download', detail: `${found.package}, downloaded when first used` }
    : { version, state: 'ready', detail: `${found.release} (${found.path})` };
}
