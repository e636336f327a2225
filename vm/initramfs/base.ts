import { execa } from 'execa';
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { cacheRoot, modified, workFolder } from '../cache.js';
import { VmError } from '../errors.js';
import { projectRoot } from '../root.js';
import { CpioWriter } from './cpio.js';
import { libraries, nodeNeeds } from './needs.js';
import { packageFolders } from './packages.js';
import { addFollowed, addTree } from './tree.js';

/** Packages that the command line needs when it runs. */
const RUNTIME_PACKAGES = ['ts-morph', 'execa', 'commander', 'handlebars', 'prom-client'];
/** Programs of the host that are worth having inside, where the host has them. */
const EXTRA_PROGRAMS = ['/usr/bin/chrt', '/bin/bash', '/usr/sbin/bpftool'];
/** Bump when what is in the base changes without any of its files changing. */
const LAYOUT = 4;
const BASES_KEPT = 3;

/** The addon: the one built here, or else the package's prebuilt one. It need not be there. */
export function addonPath(): string {
  const local = join(projectRoot(), 'native', 'build', 'Release', 'scxts_native.node');
  const prebuilt = `prebuilds/linux-${process.arch}-glibc/scxts_native.node`;
  return existsSync(local) ? local : join(projectRoot(), prebuilt);
}

export function findBusybox(): string {
  for (const path of ['/bin/busybox', '/usr/bin/busybox']) if (existsSync(path)) return path;
  throw new VmError(
    'busybox is missing: the virtual machine needs it as its shell',
    'apt-get install busybox-static',
  );
}

/** The part that seldom changes: node with all that it needs, a shell and the packages. Kept in the cache. */
export interface Base {
  /** Its archive, opened: another process may remove the file at any time. */
  fd: number;
  /** Whether node is known to run in a machine that was made with it. */
  tried: boolean;
  /** Remembers that node runs. */
  nodeRuns: () => void;
}

export async function baseArchive(): Promise<Base> {
  const busybox = findBusybox();
  const node = realpathSync(process.execPath);
  const programs = EXTRA_PROGRAMS.filter((p) => existsSync(p));
  const binaries = [busybox, ...programs, ...(existsSync(addonPath()) ? [addonPath()] : [])];
  const folders = packageFolders(RUNTIME_PACKAGES, projectRoot());
  const stamp = createHash('sha256').update(`layout ${LAYOUT}\n`);
  for (const path of [node, ...binaries, ...folders.map((f) => join(f, 'package.json'))]) {
    const { size, mtimeMs } = statSync(path);
    stamp.update(`${path}:${size}:${mtimeMs}\n`);
  }
  const file = join(cacheRoot(), `base-${stamp.digest('hex').slice(0, 16)}.cpio`);
  const tried = `${file}.tried`;
  const base = (fd: number): Base => ({
    fd,
    tried: existsSync(tried),
    nodeRuns: () => writeFileSync(tried, ''),
  });
  const known = openKnown(file);
  if (known !== undefined) return base(known);
  const work = workFolder();
  try {
    const pending = join(work, 'base.cpio');
    await writeBase(pending, { busybox, node, programs, binaries, folders });
    rmSync(tried, { force: true });
    renameSync(pending, file);
    return base(openSync(file, 'r'));
  } finally {
    rmSync(work, { recursive: true, force: true });
    forgetOldBases();
  }
}

function openKnown(file: string): number | undefined {
  try {
    const fd = openSync(file, 'r');
    utimesSync(file, new Date(), new Date());
    return fd;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return undefined;
  }
}

interface Content {
  busybox: string;
  node: string;
  programs: string[];
  binaries: string[];
  folders: string[];
}

async function writeBase(path: string, content: Content): Promise<void> {
  const fd = openSync(path, 'w');
  try {
    const archive = new CpioWriter(fd);
    // Where it is on the host: libraries may be found by their place beside it.
    addFollowed(archive, content.node);
    archive.symlink('/usr/local/bin/node', content.node);
    addFollowed(archive, content.busybox, '/bin/busybox');
    for (const program of content.programs) addFollowed(archive, program);
    const needed = await Promise.all([nodeNeeds(content.node), ...content.binaries.map(libraries)]);
    for (const path of new Set(needed.flat())) addFollowed(archive, path);
    // As links made here, busybox's commands cost the guest nothing at boot.
    const { stdout } = await execa(content.busybox, ['--list-full']);
    for (const name of stdout.split('\n')) if (name) archive.symlink(`/${name}`, '/bin/busybox');
    archive.text(
      '/etc/passwd',
      'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n',
    );
    archive.text('/etc/group', 'root:x:0:\nnogroup:x:65534:\n');
    archive.text('/etc/hosts', '127.0.0.1 localhost\n::1 localhost\n');
    for (const folder of content.folders) {
      // Packages below are listed on their own, as far as they are needed.
      addTree(archive, folder, {
        skip: (name) => name === 'node_modules' || name.endsWith('.map'),
      });
    }
    archive.end();
  } finally {
    closeSync(fd);
  }
}

/** Other projects and other versions of node have bases too; the ones used last stay. */
function forgetOldBases(): void {
  const bases = readdirSync(cacheRoot())
    .filter((name) => /^base-.*\.cpio$/.test(name))
    .map((name) => join(cacheRoot(), name))
    .map((path) => ({ path, used: modified(path) }))
    .sort((a, b) => b.used - a.used);
  for (const { path } of bases.slice(BASES_KEPT))
    for (const file of [path, `${path}.tried`]) rmSync(file, { force: true });
}
