import { execa } from 'execa';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { VmError } from './errors.js';
import { projectRoot } from './root.js';

/** Kernels that `--kernel` knows by version; the newest last. 6.12 is built, the others are Debian's. */
export const VM_KERNELS = ['6.12', '6.16', '6.17', '6.18', '6.19', '7.0', '7.1', '7.2', '7.3'] as const;

export function cacheDir(): string {
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'scxts', 'kernels');
}

/** An empty or cut-off file is no kernel: the setup header's magic must be there. */
function isKernelImage(path: string): boolean {
  return existsSync(path) && statSync(path).isFile() && statSync(path).size > 1_000_000;
}

/** Where a version's image is cached, e.g. ~/.cache/scxts/kernels/6.18.15/vmlinuz. */
function cached(version: string): string | undefined {
  const dir = cacheDir();
  if (!existsSync(dir)) return undefined;
  const names = readdirSync(dir).filter((n) => n === version || n.startsWith(`${version}.`));
  return names.map((n) => join(dir, n, 'vmlinuz')).find(isKernelImage);
}

export interface KernelImage {
  path: string;
  version: string;
}

/** Finds, downloads or builds the kernel that a `--kernel` value names. */
export async function resolveKernel(wanted: string | undefined, note: (text: string) => void): Promise<KernelImage> {
  if (wanted && (wanted.includes('/') || existsSync(wanted))) {
    const path = resolve(wanted);
    if (!isKernelImage(path)) throw new VmError(`'${wanted}' is not a kernel image`, 'give a bzImage (vmlinuz), or a version: ' + VM_KERNELS.join(', '));
    return { path, version: wanted };
  }
  const version = !wanted || wanted === 'newest' ? VM_KERNELS[VM_KERNELS.length - 1]! : wanted;
  if (!/^\d+\.\d+(\.\d+)?$/.test(version)) {
    throw new VmError(`there is no kernel '${version}'`, `versions: ${VM_KERNELS.join(', ')}, newest; or the path of a bzImage`);
  }
  const known = cached(version);
  if (known) return { path: known, version };
  if (version === '6.12') return { path: await build612(note), version };
  return { path: await download(version, note), version };
}

/** 6.12 with sched_ext is no Debian package: taken from SCXTS_KERNEL_DIR or ../shared, else built. */
async function build612(note: (text: string) => void): Promise<string> {
  const given = [process.env['SCXTS_KERNEL_DIR'], join(projectRoot(), '..', 'shared', 'kernels')]
    .filter((d): d is string => d !== undefined)
    .map((d) => join(d, 'linux-6.12-scx.bzImage'))
    .find(isKernelImage);
  if (given) return given;
  const target = join(cacheDir(), '6.12', 'vmlinuz');
  note("building Linux 6.12 with sched_ext from Debian's source, once (about 10 minutes)...");
  const result = await execa('bash', [join(projectRoot(), 'vm', 'kernels', 'build-6.12.sh'), target], { reject: false, all: true });
  if (result.exitCode !== 0) {
    throw new VmError(`cannot build Linux 6.12:\n${(result.all ?? '').split('\n').slice(-15).join('\n')}`, 'run vm/kernels/build-6.12.sh to see all of it');
  }
  return target;
}

/** Newest Debian cloud package of a version: from 6.19 on the image is in linux-binary-*. */
async function findPackage(version: string): Promise<string> {
  const result = await execa('apt-cache', ['search', '--names-only', `^linux-(binary|image)-${version.replace(/\./g, '\\.')}[.0-9]*\\+deb[0-9]+-cloud-amd64$`], { reject: false });
  if (result.failed && result.code === 'ENOENT') {
    throw new VmError('there is no apt here to download a kernel with', 'give the path of a bzImage: --kernel ./vmlinuz');
  }
  const names = (result.stdout ?? '').split('\n').flatMap((l) => l.split(' ')[0] || []);
  const release = (name: string): number[] => (/-(\d+(?:\.\d+)*)\+/.exec(name)?.[1] ?? '0').split('.').map(Number);
  const rank = (a: string, b: string): number => {
    const [x, y] = [release(a), release(b)];
    for (let i = 0; i < 3; i++) if ((x[i] ?? 0) !== (y[i] ?? 0)) return (x[i] ?? 0) - (y[i] ?? 0);
    return Number(a.includes('-binary-')) - Number(b.includes('-binary-'));
  };
  const best = names.sort(rank).pop();
  if (!best) {
    throw new VmError(`no Debian package of Linux ${version} is known to apt`, 'run .ci/setup of a scxts checkout: it adds the Debian suites that have newer kernels, at low priority');
  }
  return best;
}

async function download(version: string, note: (text: string) => void): Promise<string> {
  const name = await findPackage(version);
  const release = /-(\d+(?:\.\d+)*)\+/.exec(name)?.[1] ?? version;
  note(`downloading ${name} (once)...`);
  const work = mkdtempSync(join(tmpdir(), 'scxts-kernel-'));
  try {
    // apt checks the package's checksum against the signed index.
    const got = await execa('apt-get', ['download', name], { cwd: work, reject: false, all: true });
    const deb = readdirSync(work).find((f) => f.endsWith('.deb'));
    if (got.exitCode !== 0 || !deb) throw new VmError(`cannot download ${name}:\n${got.all ?? ''}`, 'run apt-get update, then try again');
    await execa('sh', ['-c', `dpkg-deb --fsys-tarfile "$1" | tar -x --wildcards '*vmlinuz*' '*boot/config-*' 2>/dev/null || true`, 'sh', deb], { cwd: work });
    const found = await execa('find', ['.', '-name', 'vmlinuz*', '-type', 'f'], { cwd: work });
    const image = found.stdout.split('\n')[0];
    if (!image) throw new VmError(`${name} holds no kernel image`, 'please report this');
    const dir = join(cacheDir(), release);
    mkdirSync(dir, { recursive: true });
    const target = join(dir, 'vmlinuz');
    await execa('sh', ['-c', 'cp boot/config-* "$1" 2>/dev/null || true', 'sh', dir], { cwd: work });
    await execa('cp', [join(work, image), `${target}.tmp`]);
    renameSync(`${target}.tmp`, target);
    return target;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
