import { execa } from 'execa';
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, createReadStream, createWriteStream, existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, realpathSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { VmError } from './errors.js';
import { cacheDir } from './kernels.js';
import { projectRoot } from './root.js';

/** Packages that the command line and the compiler need when they run. */
const RUNTIME_PACKAGES = ['ts-morph', 'execa', 'commander', 'handlebars'];

/** Folders of the packages and of all that they depend on. */
function packageFolders(root: string): string[] {
  const out = new Set<string>();
  const visit = (name: string, from: string): void => {
    for (let dir = from; ; dir = dirname(dir)) {
      const at = join(dir, 'node_modules', name);
      if (existsSync(at)) {
        if (out.has(at)) return;
        out.add(at);
        const { dependencies } = JSON.parse(readFileSync(join(at, 'package.json'), 'utf8')) as { dependencies?: Record<string, string> };
        Object.keys(dependencies ?? {}).forEach((d) => visit(d, at));
        return;
      }
      if (dir === dirname(dir)) return;
    }
  };
  RUNTIME_PACKAGES.forEach((p) => visit(p, root));
  return [...out];
}

/** Shared libraries that a binary needs, the loader among them. */
async function libraries(binary: string): Promise<string[]> {
  const { stdout } = await execa('ldd', [binary], { reject: false });
  return [...(stdout ?? '').matchAll(/(\/\S+)\s+\(0x/g)].map((m) => m[1]!);
}

function findBusybox(): string {
  for (const path of ['/bin/busybox', '/usr/bin/busybox']) if (existsSync(path)) return path;
  throw new VmError('busybox is missing: the virtual machine needs it to start', 'apt-get install busybox-static');
}

/** Copies a file to the same path below a staging folder. */
function place(staging: string, path: string, as = path): void {
  const target = join(staging, as);
  if (existsSync(target)) return;
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(path, target);
  chmodSync(target, statSync(path).mode);
}

const SKIPPED = new Set(['node_modules', '.git', '.cache', 'coverage', 'CMakeFiles', 'build']);

/** Copies a folder without what a command does not need there. */
function placeTree(staging: string, dir: string, skip: (path: string) => boolean): void {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (skip(path)) continue;
    if (entry.isDirectory()) placeTree(staging, path, skip);
    else if (entry.isFile()) place(staging, path);
    else if (entry.isSymbolicLink()) {
      mkdirSync(dirname(join(staging, path)), { recursive: true });
      if (!existsSync(join(staging, path))) symlinkSync(readlinkSync(path), join(staging, path));
    }
  }
}

async function pack(staging: string, output: string): Promise<void> {
  await execa('sh', ['-c', 'find . | cpio -o -H newc --quiet > "$1"', 'sh', output], { cwd: staging });
}

/** node, its libraries, the shell and the packages: the part that seldom changes, kept in the cache. */
async function baseArchive(work: string): Promise<string> {
  const root = projectRoot();
  const node = realpathSync(process.execPath);
  const addon = join(root, 'native', 'build', 'Release', 'scxts_native.node');
  const folders = packageFolders(root);
  const stamp = createHash('sha256');
  for (const path of [node, findBusybox(), ...(existsSync(addon) ? [addon] : []), ...folders.map((f) => join(f, 'package.json'))]) {
    const { size, mtimeMs } = statSync(path);
    stamp.update(`${path}:${size}:${mtimeMs}\n`);
  }
  const file = join(dirname(cacheDir()), `base-${stamp.digest('hex').slice(0, 16)}.cpio`);
  if (existsSync(file)) return file;
  const staging = join(work, 'base');
  place(staging, findBusybox(), '/bin/busybox');
  place(staging, node, '/usr/local/bin/node');
  const linked = [...(await libraries(node)), ...(existsSync(addon) ? await libraries(addon) : [])];
  for (const library of linked) place(staging, library);
  for (const folder of folders) placeTree(staging, folder, (p) => p.slice(folder.length).includes(`${sep}node_modules${sep}`) || p.endsWith('.map'));
  mkdirSync(dirname(file), { recursive: true });
  // Older bases are of no use any more.
  for (const old of readdirSync(dirname(file))) if (/^base-.*\.cpio$/.test(old)) rmSync(join(dirname(file), old), { force: true });
  const pending = `${file}.${process.pid}.tmp`;
  await pack(staging, pending);
  renameSync(pending, file);
  return file;
}

function quote(text: string): string {
  return `'${text.replace(/'/g, `'\\''`)}'`;
}

export interface GuestOptions {
  command: string[];
  cwd: string;
  env: Record<string, string>;
}

/** Writes the initramfs of one run: the cached base, then the project, the current folder and the command. */
export async function buildInitramfs(work: string, guest: GuestOptions, kernel: string): Promise<string> {
  const base = await baseArchive(work);
  const staging = join(work, 'run');
  mkdirSync(staging);
  const root = projectRoot();
  for (const part of ['dist', 'dsl', 'templates', 'package.json', 'codegen/kernel/surface.json', 'native/CMakeLists.txt']) {
    const path = join(root, part);
    if (!existsSync(path)) continue;
    if (statSync(path).isDirectory()) placeTree(staging, path, (p) => p.endsWith('.map'));
    else place(staging, path);
  }
  const addon = join(root, 'native', 'build', 'Release', 'scxts_native.node');
  if (existsSync(addon)) place(staging, addon);
  const cwd = resolve(guest.cwd);
  if (cwd !== '/' && cwd !== process.env['HOME']) placeTree(staging, cwd, (p) => SKIPPED.has(p.slice(p.lastIndexOf(sep) + 1)));
  mkdirSync(join(staging, cwd), { recursive: true });
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(staging, path)), { recursive: true });
    writeFileSync(join(staging, path), text, { mode: 0o755 });
  };
  write('/init', readFileSync(join(root, 'vm', 'guest', 'init.sh'), 'utf8'));
  write('/scxts-bin/scxts', `#!/bin/sh\nexec node ${quote(join(root, 'dist', 'cli', 'bin.js'))} "$@"\n`);
  // libbpf looks for the kernel's configuration there (kconfig<T>()); not every package has one.
  for (const name of readdirSync(dirname(kernel)).filter((n) => n.startsWith('config-'))) place(staging, join(dirname(kernel), name), `/boot/${name}`);
  // Scripts that import 'scxts' find it as they would on the host.
  const env = { HOME: '/root', SCXTS_CWD: cwd, ...guest.env };
  write('/scxts-env', Object.entries(env).map(([k, v]) => `export ${k}=${quote(v)}`).join('\n') + '\n');
  write('/scxts-command', `exec ${guest.command.map(quote).join(' ')}\n`);
  const archive = join(work, 'run.cpio');
  await pack(staging, archive);
  const output = join(work, 'initramfs');
  await pipeline(createReadStream(base), createWriteStream(output));
  await pipeline(createReadStream(archive), createWriteStream(output, { flags: 'a' }));
  return output;
}
