import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compareVersions, findCached, matchesVersion } from '../../vm/kernels/catalogue.js';
import { newestOf, parsePackages } from '../../vm/kernels/debian.js';
import { readImage } from '../../vm/kernels/image.js';
import { resolveKernel } from '../../vm/kernels/index.js';
import { fragmentPath, missingOptions } from '../../vm/kernels/options.js';
import { hasPvhEntry } from '../../vm/kernels/unpacked.js';

let dir: string;
const saved = { ...process.env };
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vm-kernels-'));
  process.env['XDG_CACHE_HOME'] = dir;
  process.env['SCXTS_KERNEL_DIR'] = join(dir, 'given');
});
afterEach(() => {
  process.env['XDG_CACHE_HOME'] = saved['XDG_CACHE_HOME'];
  process.env['SCXTS_KERNEL_DIR'] = saved['SCXTS_KERNEL_DIR'];
  if (saved['XDG_CACHE_HOME'] === undefined) delete process.env['XDG_CACHE_HOME'];
  if (saved['SCXTS_KERNEL_DIR'] === undefined) delete process.env['SCXTS_KERNEL_DIR'];
  rmSync(dir, { recursive: true, force: true });
});

/** A bzImage as far as its header goes. */
function image(release: string, paragraphs = 64): Buffer {
  const bytes = Buffer.alloc(5 * 512 + paragraphs * 16);
  bytes.writeUInt8(4, 0x1f1);
  bytes.writeUInt32LE(paragraphs, 0x1f4);
  bytes.write('HdrS', 0x202, 'latin1');
  bytes.writeUInt16LE(0x300 - 0x200, 0x20e);
  bytes.write(`${release} (builder) #1\0`, 0x300, 'latin1');
  return bytes;
}

function put(path: string, data: Buffer): string {
  const full = join(dir, path);
  mkdirSync(join(full, '..'), { recursive: true });
  writeFileSync(full, data);
  return full;
}

describe('readImage', () => {
  it('reads the release', () => {
    expect(readImage(put('k', image('6.18.15+deb13')))?.release).toBe('6.18.15+deb13');
  });
  it('refuses what is cut off, empty, something else or missing', () => {
    expect(readImage(put('cut', image('6.12').subarray(0, 3000)))).toBeUndefined();
    expect(readImage(put('empty', Buffer.alloc(0)))).toBeUndefined();
    expect(readImage(put('text', Buffer.alloc(9000, 'x')))).toBeUndefined();
    expect(readImage(join(dir, 'missing'))).toBeUndefined();
    expect(readImage(dir)).toBeUndefined();
  });
  it('finds no PVH entry in other files', () => {
    expect(hasPvhEntry(put('k', image('6.12')))).toBe(false);
    expect(hasPvhEntry(process.execPath)).toBe(false);
  });
});

describe('versions', () => {
  it('compares numbers, not text', () => {
    expect(['6.9', '6.12', '6.12.3', '7.0', '6.2'].sort(compareVersions)).toEqual([
      '6.2',
      '6.9',
      '6.12',
      '6.12.3',
      '7.0',
    ]);
    expect(matchesVersion('6.1', '6.18.15')).toBe(false);
    expect(matchesVersion('6.18', '6.18.15')).toBe(true);
    expect(matchesVersion('6.18', '6.18.15-rt')).toBe(false);
    expect(matchesVersion('6.18-rt', '6.18.15-rt')).toBe(true);
    expect(matchesVersion('7.1.13-rt', '7.1.13-rt')).toBe(true);
    expect(['7.1.3-rt', '7.1.13', '7.1.3'].sort(compareVersions)).toEqual([
      '7.1.3',
      '7.1.3-rt',
      '7.1.13',
    ]);
  });
});

describe('findCached', () => {
  it('takes the newest complete image', () => {
    put('scxts/kernels/6.18.9/vmlinuz', image('6.18.9'));
    put('scxts/kernels/6.18.15/vmlinuz', image('6.18.15'));
    put('scxts/kernels/6.18.16/vmlinuz', image('6.18.16').subarray(0, 3000));
    expect(findCached('6.18')?.release).toBe('6.18.15');
    expect(findCached('6.18.9')?.release).toBe('6.18.9');
    expect(findCached('6.1')).toBeUndefined();
  });
  describe('of the kernel that is built from source', () => {
    const fragment = readFileSync(fragmentPath(), 'utf8');
    const given = 'given/linux-6.12-scx';
    const built = 'scxts/kernels/6.12';

    it('takes the given one, else the one that was built here', () => {
      put(`${given}.bzImage`, Buffer.alloc(0));
      put(`${built}/vmlinuz`, image('6.12.117'));
      put(`${built}/config-6.12.117`, Buffer.from(fragment));
      expect(findCached('6.12')?.release).toBe('6.12.117');
      put(`${given}.bzImage`, image('6.12.107'));
      expect(findCached('6.12')?.release).toBe('6.12.117');
      put(`${given}.config`, Buffer.from(`# made\n${fragment}CONFIG_MORE=y\n`));
      expect(findCached('6.12')?.release).toBe('6.12.107');
    });

    it('takes none that was built with other options, or of which that is not known', () => {
      put(`${given}.bzImage`, image('6.12.107'));
      put(`${built}/vmlinuz`, image('6.12.117'));
      expect(findCached('6.12')).toBeUndefined();
      const older = fragment.replace('CONFIG_NR_CPUS=64', 'CONFIG_NR_CPUS=2');
      expect(older).not.toBe(fragment);
      put(`${given}.config`, Buffer.from(older));
      put(`${built}/config-6.12.117`, Buffer.from(older));
      expect(findCached('6.12')).toBeUndefined();
      // The configuration of another build is not its own.
      put(`${built}/config-6.12.1`, Buffer.from(fragment));
      expect(findCached('6.12')).toBeUndefined();
    });
  });
});

describe('missingOptions', () => {
  it('compares values, and what must be off', () => {
    const wanted = '# a comment\nCONFIG_A=y\nCONFIG_N=64\n# CONFIG_OFF is not set\n';
    expect(missingOptions('CONFIG_A=y\nCONFIG_N=64\n', wanted)).toEqual([]);
    expect(missingOptions('CONFIG_AA=y\nCONFIG_N=640\nCONFIG_OFF=y\n', wanted)).toEqual([
      'CONFIG_A=y',
      'CONFIG_N=64',
      '# CONFIG_OFF is not set',
    ]);
  });
});

describe('Debian packages', () => {
  const listing = [
    'linux-image-6.18.15+deb13-cloud-amd64 - Linux 6.18 for x86-64 cloud (signed)',
    'linux-image-6.18.9+deb13-cloud-amd64 - Linux 6.18 for x86-64 cloud (signed)',
    'linux-image-6.19.14+deb13-cloud-amd64 - dummy',
    'linux-binary-6.19.14+deb13-cloud-amd64 - Binary for Linux 6.19.14 (signed)',
    'linux-binary-7.1.13+deb13-rt-amd64 - Linux 7.1.13 for 64-bit PCs (kernel image)',
    'linux-binary-7.1.13+deb13-amd64 - Linux 7.1.13 for 64-bit PCs (kernel image)',
    'linux-binary-unsigned-7.3.4+deb13-cloud-amd64 - unsigned',
    'linux-image-cloud-amd64 - Linux for x86-64 cloud (meta-package)',
  ].join('\n');

  it('finds the package that holds the image', () => {
    const kernels = parsePackages(listing);
    expect(kernels.map((k) => k.version)).toEqual([
      '6.18.9',
      '6.18.15',
      '6.19.14',
      '7.1.13-amd64',
      '7.1.13-rt',
    ]);
    expect(newestOf('6.18', kernels)?.package).toBe('linux-image-6.18.15+deb13-cloud-amd64');
    expect(newestOf('6.19', kernels)?.package).toBe('linux-binary-6.19.14+deb13-cloud-amd64');
    expect(newestOf('7.3', kernels)).toBeUndefined();
    expect(newestOf('7.1', kernels)).toBeUndefined();
    expect(newestOf('7.1-rt', kernels)?.package).toBe('linux-binary-7.1.13+deb13-rt-amd64');
    expect(parsePackages('')).toEqual([]);
  });
});

describe('resolveKernel', () => {
  it('takes a build of 7.2 that programs can make queues on, unless another is named', async () => {
    put('scxts/kernels/7.2.12/vmlinuz', image('7.2.12'));
    put('scxts/kernels/7.2.6/vmlinuz', image('7.2.6'));
    expect((await resolveKernel('7.2')).release).toBe('7.2.6');
    expect((await resolveKernel('7.2.12')).release).toBe('7.2.12');
  });
  it('takes a path, and what is cached, and explains its own choice', async () => {
    const path = put('mine', image('6.99'));
    expect(await resolveKernel(path)).toEqual({ path, release: '6.99' });
    put('scxts/kernels/7.3.4/vmlinuz', image('7.3.4'));
    const notes: string[] = [];
    expect((await resolveKernel(undefined, { note: (t) => notes.push(t) })).release).toBe('7.3.4');
    expect(notes.join()).toMatch(/the newest scxts is tested on/);
    expect((await resolveKernel('newest', { note: (t) => notes.push(t) })).release).toBe('7.3.4');
    expect(notes).toHaveLength(1);
  });
});
