import { spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { workFolder } from '../../vm/cache.js';
import { CpioWriter } from '../../vm/initramfs/cpio.js';
import { namedFiles, nodeNeeds } from '../../vm/initramfs/needs.js';
import { packageFolders } from '../../vm/initramfs/packages.js';
import { addTree } from '../../vm/initramfs/tree.js';

const dir = mkdtempSync(join(tmpdir(), 'vm-initramfs-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

interface Entry {
  name: string;
  mode: number;
  data: string;
}

function parse(path: string): Entry[] {
  const bytes = readFileSync(path);
  const entries: Entry[] = [];
  const padded = (n: number): number => (n + 3) & ~3;
  for (let at = 0; at < bytes.length;) {
    expect(bytes.toString('latin1', at, at + 6)).toBe('070701');
    const field = (i: number): number =>
      parseInt(bytes.toString('latin1', at + 6 + i * 8, at + 14 + i * 8), 16);
    const [mode, size, nameSize] = [field(1), field(6), field(11)];
    const name = bytes.toString('utf8', at + 110, at + 110 + nameSize - 1);
    if (name === 'TRAILER!!!') break;
    const start = at + padded(110 + nameSize);
    entries.push({ name, mode, data: bytes.toString('utf8', start, start + size) });
    at = start + padded(size);
  }
  return entries;
}

function write(name: string, fill: (archive: CpioWriter) => void): Entry[] {
  const path = join(dir, name);
  const fd = openSync(path, 'w');
  const archive = new CpioWriter(fd);
  fill(archive);
  archive.end();
  closeSync(fd);
  expect(readFileSync(path).length % 512).toBe(0);
  return parse(path);
}

describe('CpioWriter', () => {
  it('writes folders before what is in them, and each path once', () => {
    const entries = write('a', (archive) => {
      archive.text('/etc/deep/é', 'hi', 0o600);
      archive.text('/etc/deep/é', 'again');
      archive.symlink('/bin/sh', '/bin/busybox');
      archive.folder('/etc');
    });
    expect(entries.map((e) => e.name)).toEqual(['etc', 'etc/deep', 'etc/deep/é', 'bin', 'bin/sh']);
    expect(entries[2]).toMatchObject({ mode: 0o100600, data: 'hi' });
    expect(entries[4]).toMatchObject({ mode: 0o120777, data: '/bin/busybox' });
  });

  it('keeps to the size it announced when a file shrinks meanwhile', () => {
    const file = join(dir, 'shrunk');
    writeFileSync(file, 'abc');
    const entries = write('b', (archive) => {
      archive.file('/x', file, 10, 0o644);
      archive.text('/y', 'after');
    });
    expect(entries[0]!.data).toBe('abc' + '\0'.repeat(7));
    expect(entries[1]!.data).toBe('after');
  });
});

describe('addTree', () => {
  it('copies files and links, leaves out what is skipped, stops at the limit', () => {
    const tree = join(dir, 'tree');
    mkdirSync(join(tree, 'node_modules'), { recursive: true });
    mkdirSync(join(tree, 'src'));
    writeFileSync(join(tree, 'src', 'a.ts'), 'x'.repeat(100));
    writeFileSync(join(tree, 'node_modules', 'b'), '');
    symlinkSync('src/a.ts', join(tree, 'link'));
    const names = write('c', (archive) =>
      addTree(archive, tree, { skip: (name) => name === 'node_modules' }),
    ).map((e) => e.name);
    const root = tree.slice(1);
    expect(names.filter((n) => n.startsWith(root)).sort()).toEqual([
      root,
      `${root}/link`,
      `${root}/src`,
      `${root}/src/a.ts`,
    ]);
    const tooBig = (): never => {
      throw new Error('too big');
    };
    expect(() =>
      write('d', (archive) => addTree(archive, tree, { limit: { bytes: 50, onTooBig: tooBig } })),
    ).toThrow('too big');
  });
});

describe('packageFolders', () => {
  it('follows dependencies the way Node does', () => {
    const put = (path: string, dependencies: Record<string, string>): void => {
      mkdirSync(join(dir, path), { recursive: true });
      writeFileSync(join(dir, path, 'package.json'), JSON.stringify({ dependencies }));
    };
    put('p/node_modules/a', { b: '1', c: '1' });
    put('p/node_modules/b', {});
    put('p/node_modules/a/node_modules/b', { a: '1' });
    const at = (path: string): string => join(dir, 'p', 'node_modules', path);
    expect(packageFolders(['a', 'missing'], join(dir, 'p'))).toEqual([
      at('a'),
      at('a/node_modules/b'),
    ]);
  });
});

describe('what node needs', () => {
  it('has every library that the running node has in memory', async () => {
    const needed = (await nodeNeeds(realpathSync(process.execPath))).map((p) => realpathSync(p));
    const report = process.report.getReport() as unknown as { sharedObjects: string[] };
    const loaded = report.sharedObjects.filter((p) => existsSync(p) && !p.endsWith('.node'));
    expect(loaded.length).toBeGreaterThan(3);
    expect(needed).toEqual(expect.arrayContaining(loaded.map((p) => realpathSync(p))));
  });

  it('finds modules that a binary keeps outside of itself, where they are', () => {
    // As in the node of Debian: texts of the read-only data, each ended by a zero byte.
    const module = join(dir, 'lexer.js');
    const data = join(dir, 'icudt72l.dat');
    for (const file of [module, data, join(dir, 'text.txt')]) writeFileSync(file, '');
    const texts = [
      ...['\x7fELF', module, 'internal/deps/cjs-module-lexer/lexer', data],
      ...[join(dir, 'missing.js'), join(dir, 'text.txt'), `see ${module}`, '/usr/x.js y', dir],
    ];
    const binary = join(dir, 'node');
    writeFileSync(binary, Buffer.from(texts.map((t) => `${t}\0`).join('') + module));
    expect(namedFiles(binary)).toEqual([module, data]);
  });
});

describe('two at once', () => {
  it('leave folders of others that are at work alone, and take away what a dead one left', () => {
    const cache = join(dir, 'cache');
    const saved = process.env['XDG_CACHE_HOME'];
    process.env['XDG_CACHE_HOME'] = cache;
    const old = new Date(Date.now() - 7_200_000);
    const put = (pid: number): string => {
      const path = join(cache, 'scxts', `tmp-${pid}-x`);
      mkdirSync(path, { recursive: true });
      utimesSync(path, old, old);
      return path;
    };
    const other = spawn('sleep', ['60']);
    try {
      const [mine, alive, dead] = [put(process.pid), put(other.pid!), put(2 ** 22 + 1)];
      const fresh = workFolder();
      expect([mine, alive, dead, fresh].map((p) => existsSync(p))).toEqual([
        true,
        true,
        false,
        true,
      ]);
    } finally {
      other.kill();
      if (saved === undefined) delete process.env['XDG_CACHE_HOME'];
      else process.env['XDG_CACHE_HOME'] = saved;
    }
  });

  it('copy a folder in which another one makes and removes files all the time', async () => {
    const tree = join(dir, 'busy');
    mkdirSync(tree);
    writeFileSync(join(tree, 'stays'), '');
    const script =
      'i=0; while :; do i=$((i+1)); mkdir -p d$i/e; ln -s x d$i/l; echo hi >d$i/e/f; rm -r d$i; echo $i >../turns; done';
    const other = spawn('sh', ['-c', script], { cwd: tree, stdio: 'ignore' });
    try {
      while (!existsSync(join(dir, 'turns'))) await new Promise((done) => setTimeout(done, 10));
      for (let i = 0; i < 300; i++) {
        const fd = openSync(join(dir, 'e'), 'w');
        addTree(new CpioWriter(fd), tree);
        closeSync(fd);
      }
    } finally {
      other.kill('SIGKILL');
    }
    expect(readdirSync(tree)).toContain('stays');
    expect(Number(readFileSync(join(dir, 'turns'), 'utf8'))).toBeGreaterThan(10);
  });
});
