import { execa, execaNode } from 'execa';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fix, hasScript, parseRelease, type Release } from '../../cli/doctor/distribution.js';

const bin = join(import.meta.dirname, '..', '..', 'dist', 'cli', 'bin.js');
const doctor = (...args: string[]) => execaNode(bin, ['doctor', ...args], { reject: false });

const release = (id: string, version = '', like = ''): Release =>
  parseRelease(`ID=${id}\nVERSION_ID="${version}"\nID_LIKE="${like}"\nPRETTY_NAME="x"\n`);

describe('the advice for a distribution', () => {
  const kernel = (...of: Parameters<typeof release>): string => fix(release(...of), 'kernel');

  it('is never a kernel that was built without sched_ext', () => {
    // Debian's 6.12 was, in trixie and in bookworm-backports.
    for (const version of ['12', '13', '14', ''])
      expect(kernel('debian', version)).toMatch(
        /\.ci\/packages .*apt-get install linux-image-amd64\/trixie-backports, and reboot$/,
      );
    expect(kernel('debian', '11')).toMatch(/^upgrade to Debian 12 or later/);
    expect(kernel('ubuntu', '24.04', 'debian')).toMatch(/linux-generic-hwe-24\.04/);
    expect(kernel('ubuntu', '25.10', 'debian')).toMatch(/^apt-get install linux-generic, /);
    expect(kernel('ubuntu', '22.04', 'debian')).toMatch(/^upgrade to Ubuntu 24\.04/);
    expect(kernel('fedora', '42')).toMatch(/^dnf upgrade kernel/);
    expect(kernel('endeavouros', '', 'arch')).toMatch(/^pacman -Syu linux/);
    // What is only like them has kernels of its own.
    for (const [id, like] of [
      ['linuxmint', 'ubuntu debian'],
      ['rocky', 'rhel centos fedora'],
      ['opensuse-leap', 'suse opensuse'],
      ['void', ''],
    ])
      expect(kernel(id!, '22', like)).toMatch(/^install a kernel of 6\.12 or later/);
  });

  it('is a package of it, and a newer libbpf where its own is too old', () => {
    expect(fix(release('debian', '12'), 'clang')).toBe('apt-get install clang-19');
    expect(fix(release('debian', '13'), 'clang')).toBe('apt-get install clang');
    expect(fix(release('debian', '13'), 'libbpf')).toBe('apt-get install libbpf-dev');
    for (const [id, version] of [
      ['debian', '12'],
      ['ubuntu', '24.04'],
    ])
      expect(fix(release(id!, version), 'libbpf')).toMatch(/^bash .*\.ci\/packages /);
    expect(fix(release('rocky', '10', 'rhel centos fedora'), 'qemu')).toMatch(/^dnf install qemu/);
    expect(fix(release('opensuse-leap', '16', 'suse opensuse'), 'busybox')).toMatch(/^zypper /);
    expect(fix(release('void'), 'clang')).toBe('install clang (as Debian calls it)');
  });

  it('names a script that is there, for the distributions that it knows', () => {
    const script = fix(release('debian', '12'), 'libbpf').split(' ')[1]!;
    expect(existsSync(script)).toBe(true);
    const known = [release('debian', '12'), release('debian'), release('ubuntu', '24.10')];
    expect(known.map(hasScript)).toEqual([true, true, true]);
    const others = [release('debian', '11'), release('ubuntu', '22.04'), release('fedora', '42')];
    expect(others.map(hasScript)).toEqual([false, false, false]);
  });
});

describe('scxts doctor', () => {
  it('exits with 1 exactly where something that was asked for cannot be done', async () => {
    const all = await doctor('--json');
    const { can, checks } = JSON.parse(all.stdout) as {
      can: Record<'build' | 'load' | 'vm', boolean>;
      checks: { purpose: string; status: string; fix?: string }[];
    };
    expect(can.build).toBe(true);
    expect(all.exitCode).toBe(can.load || can.vm ? 0 : 1);
    for (const check of checks) expect(check.fix === undefined).toBe(check.status === 'ok');
    // What is missing for one of them makes all of it fail.
    expect((await doctor('build', 'load')).exitCode).toBe(can.load ? 0 : 1);
    // No QEMU on this PATH; execaNode would add Node's own folder to it.
    const bare = await execa(process.execPath, [bin, 'doctor', 'vm'], {
      reject: false,
      env: { PATH: '/nonexistent' },
    });
    expect(bare.exitCode).toBe(1);
    expect(bare.stdout).toMatch(/MISSING\s+QEMU\s+not found\n\s+fix: /);
  }, 60_000);

  it('says what can be asked for', async () => {
    const wrong = await doctor('everything');
    expect(wrong.exitCode).not.toBe(0);
    expect(wrong.stderr).toMatch(/Allowed choices are build, load, vm/);
  });
});
