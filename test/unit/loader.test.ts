import { execaNode } from 'execa';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const dir = mkdtempSync(join(tmpdir(), 'scxts-loader-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

it.each(['a#b', 'a?b', 'a%41b', 'a b', '100%', "it's", 'ü'])(
  'scxts run finds modules whose path has the letters of %s, as TypeScript does',
  async (name) => {
    const folder = join(dir, name);
    mkdirSync(join(folder, name), { recursive: true });
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(root, join(folder, 'node_modules/scxts'));
    writeFileSync(join(folder, name, `${name}.ts`), 'export const found: string = "typescript";');
    writeFileSync(join(folder, name, `${name}.mjs`), 'export const found = "javascript";');
    const path = JSON.stringify(`./${name}/${name}`).slice(0, -1);
    const script = join(folder, `${name}-run.ts`);
    writeFileSync(
      script,
      `import { found as a } from ${path}.js";
import { found as b } from ${path}.mjs";
console.log(a, b);\n`,
    );
    const bin = join(root, 'dist/cli/bin.js');
    const { stdout, stderr } = await execaNode(bin, ['run', script], { reject: false });
    expect(stderr).toBe('');
    expect(stdout).toBe('typescript javascript');
  },
);
