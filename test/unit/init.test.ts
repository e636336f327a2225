import { execa, execaNode } from 'execa';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { originOf } from '../../cli/init/origin.js';

const root = join(import.meta.dirname, '..', '..');
const bin = join(root, 'dist', 'cli', 'bin.js');
const dir = mkdtempSync(join(tmpdir(), 'scxts-init-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const scxts = (args: string[], cwd = dir) => execaNode(bin, args, { reject: false, cwd });
/** As `npm install` would, with this checkout. */
function install(folder: string): void {
  mkdirSync(join(folder, 'node_modules', '@types'), { recursive: true });
  symlinkSync(root, join(folder, 'node_modules', 'scxts'));
  symlinkSync(join(root, 'node_modules/@types/node'), join(folder, 'node_modules/@types/node'));
}
const tsc = (folder: string, ...args: string[]) =>
  execa(join(root, 'node_modules/.bin/tsc'), args, { cwd: folder, reject: false });

describe('where a new project gets scxts from', () => {
  const put = (path: string, content: unknown): string => {
    const full = join(dir, 'origin', path);
    mkdirSync(join(full, '..'), { recursive: true });
    writeFileSync(full, typeof content === 'string' ? content : JSON.stringify(content));
    return full;
  };
  /** A project with scxts in its node_modules, as a package manager leaves it. */
  function installed(project: string, resolved?: string, written = '^0.1.0'): string {
    put(`${project}/node_modules/scxts/package.json`, { name: 'scxts', version: '0.1.7' });
    put(`${project}/package.json`, { dependencies: { scxts: written } });
    if (resolved !== undefined)
      put(`${project}/node_modules/.package-lock.json`, {
        packages: { 'node_modules/scxts': { version: '0.1.7', resolved } },
      });
    return join(dir, 'origin', project, 'node_modules/scxts');
  }
  const from = (root: string, folder: string) =>
    originOf('scxts', root, join(dir, 'origin', folder));

  it('is the registry where it came from there', () => {
    const spec = { version: '0.1.7', spec: '^0.1.7', allow: 'scxts' };
    const tarball = 'https://registry.npmjs.org/scxts/-/scxts-0.1.7.tgz';
    expect(from(installed('a', tarball), 'new')).toEqual(spec);
    // Some npm leave it out, and others write no such file.
    expect(from(installed('b', undefined), 'new')).toEqual(spec);
  });

  it('is the tarball that it was installed from, while that is there', () => {
    const tarball = put('packed/scxts-0.1.7.tgz', '');
    const spec = { version: '0.1.7', spec: 'file:../packed/scxts-0.1.7.tgz' };
    const allow = `file:${tarball}`;
    const npm = installed('c', 'file:../packed/scxts-0.1.7.tgz', 'file:../packed/scxts-0.1.7.tgz');
    expect(from(npm, 'new')).toEqual({ ...spec, allow });
    // npx writes an absolute path, other package managers in package.json alone.
    expect(from(installed('d', undefined, `file:${tarball}`), 'new')).toEqual({ ...spec, allow });
    expect(from(installed('d', undefined, '../packed/scxts-0.1.7.tgz'), 'new')).toEqual({
      ...spec,
      allow,
    });
    put('e/node_modules/.pnpm/scxts@file+x/node_modules/scxts/package.json', { version: '0.1.7' });
    put('e/package.json', { devDependencies: { scxts: 'file:../packed/scxts-0.1.7.tgz' } });
    const pnpm = join(dir, 'origin/e/node_modules/.pnpm/scxts@file+x/node_modules/scxts');
    expect(from(pnpm, 'new')).toEqual({ ...spec, allow });
    rmSync(tarball);
    expect(from(npm, 'new').spec).toBe('^0.1.7');
  });

  it('is the folder where it is in no node_modules', () => {
    put('checkout/package.json', { version: '0.1.7' });
    const root = join(dir, 'origin/checkout');
    expect(from(root, 'new')).toMatchObject({ spec: 'file:../checkout', allow: `file:${root}` });
    expect(from(root, 'checkout/deep/new').spec).toBe('file:../..');
    expect(from(root, 'a/b/c/d/e').spec).toBe(`file:${root}`);
  });
});

describe('scxts init', () => {
  it('writes a scheduler that checks, builds and type-checks', async () => {
    const made = await scxts(['init', 'my-first']);
    expect(made.stderr).toBe('');
    expect(made.stdout).toMatch(/my-first\/package\.json[^]*next: cd my-first && npm install/);
    const folder = join(dir, 'my-first');
    install(folder);
    expect((await scxts(['check', 'my-first.ts'], folder)).stdout).toMatch(/no errors/);
    expect((await scxts(['build', 'my-first.ts'], folder)).exitCode).toBe(0);
    expect((await tsc(folder)).stdout).toBe('');
    expect(readFileSync(join(folder, '.gitignore'), 'utf8')).toContain('*.bpf.o');
    const { dependencies, allowScripts } = JSON.parse(
      readFileSync(join(folder, 'package.json'), 'utf8'),
    ) as { dependencies: { scxts: string }; allowScripts: Record<string, boolean> };
    expect(resolve(folder, dependencies.scxts.replace('file:', ''))).toBe(root);
    expect(allowScripts).toEqual({ [`file:${root}`]: true });
  }, 60_000);

  it('writes a component with both halves, and a scheduler to try it', async () => {
    expect((await scxts(['init', 'fair-share', '--component'])).exitCode).toBe(0);
    const folder = join(dir, 'fair-share');
    install(folder);
    expect((await tsc(folder, '-p', 'tsconfig.build.json')).stdout).toBe('');
    expect(existsSync(join(folder, 'dist/userspace.d.ts'))).toBe(true);
    // Both halves and the example are the project's, so that an editor shows what is wrong with them.
    expect((await tsc(folder, '--listFilesOnly')).stdout).toMatch(
      /fair-share\.bpf\.ts[^]*example\/scheduler\.ts/,
    );
    expect((await tsc(folder)).stdout).toBe('');
    const built = await scxts(['build', 'example/scheduler.ts'], folder);
    expect(built.stderr).toBe('');
    expect(readFileSync(join(folder, 'example/scheduler.skel.ts'), 'utf8')).toContain(
      "import fair_share_half from '../dist/userspace.js';",
    );
    const packed = await execa('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: folder,
    });
    const [{ files }] = JSON.parse(packed.stdout) as [{ files: { path: string }[] }];
    expect(files.map((f) => f.path).sort()).toEqual([
      'README.md',
      'dist/userspace.d.ts',
      'dist/userspace.js',
      'package.json',
      'src/fair-share.bpf.ts',
    ]);
  }, 60_000);

  it.each([
    ['a scheduler', []],
    ['a component', ['--component']],
  ])(
    'starts %s as root, under a sudo that keeps no PATH',
    async (_, more) => {
      const folder = join(dir, `started${more.length}`);
      await scxts(['init', folder, ...more]);
      install(folder);
      mkdirSync(join(folder, 'node_modules/.bin'));
      symlinkSync(bin, join(folder, 'node_modules/.bin/scxts'));
      symlinkSync(join(root, 'node_modules/.bin/tsc'), join(folder, 'node_modules/.bin/tsc'));
      // What runs is told, not run: whether this kernel takes a scheduler is another matter.
      const tools = join(dir, `tools${more.length}`);
      mkdirSync(tools);
      const told = join(tools, 'told');
      const script = (name: string, text: string): void =>
        writeFileSync(join(tools, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
      script('id', 'echo 1000');
      script('sudo', `printf '%s\\n' "$@" >'${told}'`);
      const started = await execa('npm', ['start', '--silent', '--', '--slice-ms', '5'], {
        cwd: folder,
        reject: false,
        env: { PATH: `${tools}:${process.env['PATH']}` },
      });
      expect(started.stderr).toBe('');
      const [node, script2, ...args] = readFileSync(told, 'utf8').trimEnd().split('\n');
      expect([node, script2].map((p) => existsSync(resolve(folder, p!)))).toEqual([true, true]);
      expect(node).toMatch(/^\/.*node$/);
      const object = more.length > 0 ? 'example/scheduler.bpf.o' : 'started0.bpf.o';
      expect(args).toEqual(['load', object, '--slice-ms', '5']);
      expect(existsSync(join(folder, object))).toBe(true);
    },
    60_000,
  );

  it('writes into the folder it is called in, under a name of choice', async () => {
    const folder = join(dir, '2nd');
    mkdirSync(folder);
    const refused = await scxts(['init'], folder);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatch(/'2nd' gives no name[^]*--name/);
    expect((await scxts(['init', '--name', 'second'], folder)).stdout).toMatch(/^\.gitignore/m);
    expect(existsSync(join(folder, 'second.ts'))).toBe(true);
  });

  it('overwrites nothing', async () => {
    const folder = join(dir, 'there');
    mkdirSync(folder);
    writeFileSync(join(folder, 'README.md'), 'mine');
    const refused = await scxts(['init', 'there']);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatch(/there\/README\.md is there already; nothing was written/);
    expect(readFileSync(join(folder, 'README.md'), 'utf8')).toBe('mine');
    expect(existsSync(join(folder, 'package.json'))).toBe(false);
  });
});
