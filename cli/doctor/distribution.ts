import { readFileSync } from 'node:fs';

/** What a check needs to be installed, by what it is for. */
export type Need = 'clang' | 'llvm' | 'libbpf' | 'compiler' | 'qemu' | 'busybox' | 'kernel';

interface Distribution {
  name: string;
  install: string;
  packages: Record<Need, string>;
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
      kernel: 'linux-image-amd64/trixie-backports',
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
      kernel: 'kernel',
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
      kernel: 'linux',
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
      kernel: 'kernel-default',
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

/** How to install what is needed, in the words of the distribution. */
export function fix(release: Release, need: Need): string {
  const ids = [release.id, ...release.like].map((id) =>
    id === 'ubuntu' ? 'debian' : id.includes('suse') ? 'suse' : id === 'rhel' ? 'fedora' : id,
  );
  const family = ids.map((id) => FAMILIES[id]).find((f) => f !== undefined);
  if (!family) return `install ${FAMILIES['debian']!.packages[need]} (as Debian calls it)`;
  const isDebian12 = release.id === 'debian' && release.version === '12';
  const isUbuntu = release.id === 'ubuntu';
  if (need === 'libbpf' && isDebian12) return `${APT} -t bookworm-backports libbpf-dev`;
  if (need === 'clang' && isDebian12) return `${APT} clang-19`;
  if (need === 'llvm' && isDebian12) return `${APT} llvm-19`;
  if (need === 'kernel' && isDebian12)
    return `${APT} -t bookworm-backports linux-image-amd64, and reboot`;
  if (need === 'kernel' && isUbuntu) return `${APT} linux-generic-hwe-24.04, and reboot`;
  if (need === 'kernel') return `${family.install} ${family.packages.kernel}, and reboot`;
  return `${family.install} ${family.packages[need]}`;
}
