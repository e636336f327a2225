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
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

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
  }, 60_000);

  it('writes a component with both halves, and a scheduler to try it', async () => {
    expect((await scxts(['init', 'fair-share', '--component'])).exitCode).toBe(0);
    const folder = join(dir, 'fair-share');
    install(folder);
    expect((await tsc(folder)).stdout).toBe('');
    expect(existsSync(join(folder, 'dist/userspace.d.ts'))).toBe(true);
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
