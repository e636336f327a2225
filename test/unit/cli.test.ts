import { execaNode, execa } from 'execa';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const bin = join(root, 'dist', 'cli', 'bin.js');
const dir = mkdtempSync(join(tmpdir(), 'scxts-cli-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const scxts = (...args: string[]) => execaNode(bin, args, { reject: false, cwd: root });

describe('scxts', () => {
  it('builds beside the source or elsewhere, and says what it wrote', async () => {
    const result = await scxts('build', 'examples/simple.ts', '--out-dir', dir);
    expect(result.exitCode).toBe(0);
    expect(result.stdout).toMatch(
      /simple\.bpf\.c +[\d.]+ KB\n.*simple\.bpf\.o +[\d.]+ KB\n.*simple\.skel\.ts +\d+ B\nbuilt in [\d.]+ s \(clang [\d.]+ s\)/,
    );
    expect(readdirSync(dir).sort()).toEqual(['simple.bpf.c', 'simple.bpf.o', 'simple.skel.ts']);
  });

  it('shows diagnostics with a code frame, or as JSON', async () => {
    const file = join(dir, 'wrong.ts');
    writeFileSync(
      file,
      "import { scheduler } from 'scxts';\nexport default scheduler({ name: 'x', enqueue() { throw 1; } });\n",
    );
    const text = await scxts('check', file);
    expect(text.exitCode).toBe(1);
    expect(text.stderr).toMatch(/wrong\.ts:2:51 - error SCX1004: throw is not in the language/);
    expect(text.stderr).toContain('> 2 | export default scheduler');
    const json = await scxts('check', file, '--format', 'json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'SCX1004', location: { line: 2, column: 51 } }],
    });
  });

  it('explains a file that is not there', async () => {
    const result = await scxts('build', 'nowhere.ts');
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toMatch(/SCX0001: there is no file 'nowhere\.ts'/);
  });

  it('lists the flags of a scheduler', async () => {
    const result = await scxts('load', 'examples/simple.ts', '--help');
    expect(result.stdout).toMatch(/--fifo +FIFO instead of weighted vtime \(default: false\)/);
  });

  it('says what loading needs when it is not root', async () => {
    const result = await execa(
      'setpriv',
      ['--reuid=65534', process.execPath, bin, 'load', 'examples/simple.ts'],
      { reject: false, cwd: root },
    );
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toMatch(
      /loading a scheduler needs root[^]*use sudo, or run it in a virtual machine[^]*scxts vm -- scxts load/,
    );
  });
});
