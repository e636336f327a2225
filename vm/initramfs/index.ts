import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  readSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { randomUUID } from 'node:crypto';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { VmError } from '../errors.js';
import type { KernelImage } from '../kernels/image.js';
import { projectRoot } from '../root.js';
import { addonPath, baseArchive, type Base } from './base.js';
import { CpioWriter } from './cpio.js';
import { shellQuote } from './quote.js';
import { addFollowed, addTree } from './tree.js';

export interface GuestContent {
  kernel: KernelImage;
  /** The folder of the caller: copied, and where commands start. */
  cwd: string;
  /** More files and folders of the host, at the same path in the guest. */
  files: string[];
  /** Marks the end of a command's output in its streams. */
  nonce: string;
}

const PROJECT_PARTS = [
  'dist',
  'dsl',
  'templates',
  'package.json',
  'codegen/kernel/surface.json',
  'native/CMakeLists.txt',
];
const SKIPPED = new Set(['node_modules', '.git', '.cache', 'coverage', 'CMakeFiles']);
const LIMIT_MB = 256;

export interface Initramfs extends Omit<Base, 'fd'> {
  /** A descriptor, of a file that has no name any more: nothing is left even by a SIGKILL. */
  fd: number;
}

/** The initramfs of one run: the cached base, then the project, the caller's folder and the init script. */
export async function buildInitramfs(guest: GuestContent): Promise<Initramfs> {
  const base = await baseArchive();
  const path = join(tmpdir(), `scxts-initramfs-${randomUUID()}`);
  let fd: number | undefined;
  try {
    fd = openSync(path, 'wx+', 0o600);
    unlinkSync(path);
    copyInto(fd, base.fd);
    writeRun(new CpioWriter(fd), guest);
    return { ...base, fd };
  } catch (error) {
    if (fd !== undefined) closeSync(fd);
    throw error;
  } finally {
    closeSync(base.fd);
  }
}

function copyInto(fd: number, input: number): void {
  const buffer = Buffer.allocUnsafe(4 << 20);
  for (;;) {
    const length = readSync(input, buffer, 0, buffer.length, null);
    if (length === 0) return;
    for (let at = 0; at < length;) at += writeSync(fd, buffer, at, length - at);
  }
}

function writeRun(archive: CpioWriter, guest: GuestContent): void {
  const root = projectRoot();
  archive.text('/init', readFileSync(join(root, 'vm', 'guest', 'init.sh'), 'utf8'), 0o755);
  // libbpf reads the kernel's configuration there (kconfig<T>()); not every package has one.
  const config = join(dirname(guest.kernel.path), `config-${guest.kernel.release}`);
  if (existsSync(config)) addFollowed(archive, config, `/boot/config-${guest.kernel.release}`);
  archive.text('/scxts-nonce', `${guest.nonce}\n`);
  const cli = join(root, 'dist', 'cli', 'bin.js');
  archive.text('/usr/local/bin/scxts', `#!/bin/sh\nexec node ${shellQuote(cli)} "$@"\n`, 0o755);
  for (const part of PROJECT_PARTS) {
    addTree(archive, join(root, part), {
      skip: (name, path) => name.endsWith('.map') || isBundle(path),
    });
  }
  if (existsSync(addonPath())) addFollowed(archive, addonPath());
  for (const file of guest.files) {
    const path = resolve(guest.cwd, file);
    if (!existsSync(path))
      throw new VmError(`there is no '${file}' to copy into the virtual machine`);
    addTree(archive, path, { limit: limit(path) });
  }
  addCallersFolder(archive, resolve(guest.cwd));
  archive.end();
}

/** The compiler as one file, which nothing in a guest needs, and the commands, of which a checkout may have newer ones beside it. */
function isBundle(path: string): boolean {
  const dist = join(projectRoot(), 'dist');
  return path === join(dist, 'bundle') || path === join(dist, 'cli/main.bundle.js');
}

function addCallersFolder(archive: CpioWriter, cwd: string): void {
  const root = projectRoot();
  // All of a home or a root folder is never what is meant.
  if (!['/', '/tmp', homedir()].includes(cwd)) {
    addTree(archive, cwd, {
      skip: (name, path) =>
        SKIPPED.has(name) || path === join(root, 'native', 'build') || isBundle(path),
      limit: limit(cwd),
    });
  }
  archive.folder(cwd);
  // A script in a user's own project finds scxts in its node_modules, as on the host.
  for (let dir = cwd; dir !== dirname(dir) && dir !== root; dir = dirname(dir)) {
    const link = join(dir, 'node_modules', 'scxts');
    if (existsSync(link) && !archive.has(link)) {
      archive.symlink(link, root);
      return;
    }
  }
}

function limit(path: string): { bytes: number; onTooBig: () => never } {
  return {
    bytes: LIMIT_MB << 20,
    onTooBig: () => {
      throw new VmError(
        `'${path}' holds more than ${LIMIT_MB} MB (node_modules and .git not counted), and all of it would be copied into the virtual machine`,
        'run this from a smaller folder, and name what else is needed with --file',
      );
    },
  };
}
