import { readFileSync } from 'node:fs';
import { shellQuote } from '../../vm/initramfs/quote.js';
import { packagesScript } from '../../vm/root.js';

/** What a check needs to be installed, by what it is for. */
export type Need = 'clang' | 'llvm' | 'libbpf' | 'compiler' | 'qemu' | 'busybox' | 'kernel';
type Packaged = Exclude<Need, 'kernel'>;

interface Distribution {
  name: string;
  install: string;
  packages: Record<Packaged, string>;
}

const APT = 'apt-get install';
const FAMILIES: Record<string, Distribution> = {
  debian: {
    name: 'Debian',
    install: APT,
    packages: {
      clang: 'clang',
      llvm: 'llvm',
      libbpf: 'libbpf-dev',
      compiler: 'g++ cmake make pkg-config libelf-dev zlib1g-dev',
      qemu: '--no-install-recommends qemu-system-x86',
      busybox: 'busybox-static',
    },
  },
  fedora: {
    name: 'Fedora',
    install: 'dnf install',
    packages: {
      clang: 'clang',
      llvm: 'llvm',
      libbpf: 'libbpf-devel',
      compiler: 'gcc-c++ cmake make pkgconf elfutils-libelf-devel zlib-devel',
      qemu: 'qemu-system-x86-core',
      busybox: 'busybox',
    },
  },
  arch: {
    name: 'Arch Linux',
    install: 'pacman -S',
    packages: {
      clang: 'clang',
      llvm: 'llvm',
      libbpf: 'libbpf',
      compiler: 'base-devel cmake',
      qemu: 'qemu-system-x86',
      busybox: 'busybox',
    },
  },
  suse: {
    name: 'openSUSE',
    install: 'zypper install',
    packages: {
      clang: 'clang',
      llvm: 'llvm',
      libbpf: 'libbpf-devel',
      compiler: 'gcc-c++ cmake make pkgconf libelf-devel zlib-devel',
      qemu: 'qemu-x86',
      busybox: 'busybox-static',
    },
  },
};

export interface Release {
  id: string;
  version: string;
  like: string[];
  pretty: string;
}

/** /etc/os-release as fields. */
export function parseRelease(text: string): Release {
  const field = (name: string): string =>
    new RegExp(`^${name}=["']?(.*?)["']?$`, 'm').exec(text)?.[1] ?? '';
  return {
    id: field('ID'),
    version: field('VERSION_ID'),
    like: field('ID_LIKE').split(/\s+/).filter(Boolean),
    pretty: field('PRETTY_NAME') || 'an unknown distribution',
  };
}

export function currentRelease(): Release {
  for (const path of ['/etc/os-release', '/usr/lib/os-release']) {
    try {
      return parseRelease(readFileSync(path, 'utf8'));
    } catch {
      continue;
    }
  }
  return parseRelease('');
}

/** Ids of a release and of what it is made from, in order. */
const lineage = (release: Release): string[] =>
  [release.id, ...release.like].map((id) => (id.includes('suse') ? 'suse' : id));

/** Debian 12 and Ubuntu 24.04 and what is made from them have a libbpf before 1.4.2, and Debian 12 a clang before 16. */
const isDebian12 = (release: Release): boolean =>
  release.id === 'debian' && release.version === '12';
const isUbuntu2404 = (release: Release): boolean =>
  release.id === 'ubuntu' && release.version === '24.04';

/** Whether .ci/packages knows this distribution: one command for all that is missing. */
export function hasScript(release: Release): boolean {
  const oldest: Record<string, number> = { debian: 12, ubuntu: 24.04 };
  const from = oldest[release.id];
  // Debian testing has no number.
  return from !== undefined && !(Number(release.version || Infinity) < from);
}

/** The command that installs all of it, on Debian and Ubuntu. */
export const scriptCommand = (): string => `bash ${shellQuote(packagesScript())}`;

/** Kernels with sched_ext, by distribution: not every kernel of 6.12 or later was built with it. */
function kernelFix(release: Release): string {
  const ids = lineage(release);
  const own = 'a kernel of 6.12 or later with CONFIG_SCHED_CLASS_EXT=y';
  if (release.id === 'debian')
    // Debian's own 6.12, in trixie and in bookworm-backports, leaves sched_ext off.
    return hasScript(release)
      ? `${scriptCommand()} (adds trixie-backports at low priority), then ${APT} linux-image-amd64/trixie-backports, and reboot`
      : `upgrade to Debian 12 or later, whose backports have ${own}`;
  if (release.id === 'ubuntu') {
    if (release.version === '24.04') return `${APT} linux-generic-hwe-24.04, and reboot`;
    return hasScript(release)
      ? `${APT} linux-generic, and reboot`
      : `upgrade to Ubuntu 24.04 or later, which have ${own}`;
  }
  if (release.id === 'fedora') return 'dnf upgrade kernel, and reboot';
  if (ids.includes('arch')) return 'pacman -Syu linux, and reboot';
  if (release.id === 'opensuse-tumbleweed') return 'zypper install kernel-default, and reboot';
  return `install ${own}, which this distribution's own is not known to be`;
}

/** How to install what is needed, in the words of the distribution. */
export function fix(release: Release, need: Need): string {
  if (need === 'kernel') return kernelFix(release);
  const family = lineage(release)
    .map((id) => FAMILIES[{ ubuntu: 'debian', rhel: 'fedora', centos: 'fedora' }[id] ?? id])
    .find((f) => f !== undefined);
  if (!family) return `install ${FAMILIES['debian']!.packages[need]} (as Debian calls it)`;
  if (need === 'libbpf' && (isDebian12(release) || isUbuntu2404(release)))
    return `${scriptCommand()} (adds bookworm-backports at low priority and takes libbpf-dev from it)`;
  if (need === 'clang' && isDebian12(release)) return `${APT} clang-19`;
  if (need === 'llvm' && isDebian12(release)) return `${APT} llvm-19`;
  return `${family.install} ${family.packages[need]}`;
}
