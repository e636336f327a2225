import { execa } from 'execa';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir, workFolder } from '../cache.js';
import { VmError } from '../errors.js';
import { shellQuote } from '../initramfs/quote.js';
import { packagesScript } from '../root.js';
import { compareVersions, matchesVersion } from './catalogue.js';
import { readImage, type KernelImage } from './image.js';

export interface DebianKernel {
  package: string;
  /** Such as `6.18.15`, of the cloud flavour; `7.1.13-rt` and `7.1.13-amd64` for the others. */
  version: string;
}

// From 6.19 on the image is in linux-binary-*; there, linux-image-* is only a dependency on it.
const NAME = /^linux-(binary|image)-(\d+\.\d+\.\d+)\+deb\d+(?:\.\d+)?-(?:(cloud|rt)-)?amd64$/;

function versionOf(numbers: string, flavour: string | undefined): string {
  return flavour === 'cloud' ? numbers : `${numbers}-${flavour ?? 'amd64'}`;
}

/** Picks the kernels out of `apt-cache search` output, the newest last. */
export function parsePackages(text: string): DebianKernel[] {
  const found = new Map<string, { kernel: DebianKernel; binary: boolean }>();
  for (const line of text.split('\n')) {
    const name = line.split(' ')[0] ?? '';
    const [, kind, numbers, flavour] = NAME.exec(name) ?? [];
    if (!numbers) continue;
    const version = versionOf(numbers, flavour);
    const binary = kind === 'binary';
    const known = found.get(version);
    if (!known || (binary && !known.binary))
      found.set(version, { kernel: { package: name, version }, binary });
  }
  return [...found.values()]
    .map((f) => f.kernel)
    .sort((a, b) => compareVersions(a.version, b.version));
}

/** Debian's kernels that apt knows here; none where there is no apt. */
export async function availableKernels(): Promise<DebianKernel[]> {
  const result = await execa(
    'apt-cache',
    ['search', '--names-only', '^linux-(binary|image)-[0-9.]*\\+deb[0-9.]*-(cloud-|rt-|)amd64$'],
    { reject: false },
  );
  return parsePackages(result.stdout ?? '');
}

/** What to do where apt knows no package of a kernel. */
export function packageHint(): string {
  const system = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  if (!/^ID(_LIKE)?=.*(debian|ubuntu)/m.test(system)) {
    return 'kernels are downloaded with apt, which this system has not; give the path of a bzImage: --kernel ./vmlinuz';
  }
  return `run this: it adds, at the lowest priority, the Debian suites that have these kernels: bash ${shellQuote(packagesScript())}`;
}

/** Downloads and unpacks a kernel into the cache. apt checks the package against the signed index. */
export async function downloadKernel(
  kernel: DebianKernel,
  signal?: AbortSignal,
): Promise<KernelImage> {
  const work = workFolder(cacheDir());
  const run = {
    cwd: work,
    reject: false,
    all: true,
    ...(signal ? { cancelSignal: signal } : {}),
  } as const;
  try {
    const got = await execa('apt-get', ['download', kernel.package], run);
    const deb = readdirSync(work).find((f) => f.endsWith('.deb'));
    if (got.failed || !deb) {
      throw new VmError(
        `cannot download ${kernel.package}:\n${got.all ?? got.message}`,
        'run apt-get update (as root), then try again',
      );
    }
    const tar = await execa(
      'sh',
      [
        '-c',
        `dpkg-deb --fsys-tarfile "$1" | tar -x --wildcards './boot/vmlinuz*' './boot/config-*' './usr/lib/modules/*/vmlinuz' 2>/dev/null`,
        'sh',
        deb,
      ],
      run,
    );
    const path = findImage(work);
    if (!path)
      throw new VmError(
        `${kernel.package} holds no kernel image\n${tar.all ?? ''}`,
        'give the path of a bzImage: --kernel ./vmlinuz',
      );
    const target = join(cacheDir(), kernel.version, 'vmlinuz');
    mkdirSync(join(cacheDir(), kernel.version), { recursive: true });
    // libbpf wants the configuration for kconfig<T>(); packages from 6.19 on have none.
    const boot = join(work, 'boot');
    for (const name of existsSync(boot) ? readdirSync(boot) : []) {
      if (name.startsWith('config-'))
        renameSync(join(boot, name), join(cacheDir(), kernel.version, name));
    }
    renameSync(path, target);
    return readImage(target)!;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function findImage(work: string): string | undefined {
  const names = readdirSync(work, { recursive: true, encoding: 'utf8' });
  return names
    .filter((n) => /(^|\/)vmlinuz[^/]*$/.test(n))
    .map((n) => join(work, n))
    .find((p) => readImage(p));
}

/** The newest package of a version that apt knows. */
export function newestOf(version: string, kernels: DebianKernel[]): DebianKernel | undefined {
  return kernels.filter((k) => matchesVersion(version, k.version)).at(-1);
}
