// What the guest compares: objects of both sides in one folder.
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { buildFile } from '../../../dist/codegen/index.js';
import { findTool } from '../../../dist/codegen/toolchain/clang.js';
import { hasHalves, prepareHalves, type Halves } from './halves.js';
import { compilerOf, type Original } from './originals.js';

export interface Compilers {
  ours: string;
  /** By scheduler; undefined where an object does not say. */
  originals: Map<string, string | undefined>;
}

async function build(source: string, outDir: string): Promise<void> {
  const built = await buildFile(source, { outDir });
  if (!built.ok)
    throw new Error(
      `${source} does not build: ${built.diagnostics.map((d) => d.message).join('\n')}`,
    );
}

/** What makes the machine busy, and what looks at it. */
async function buildLoad(dir: string): Promise<void> {
  await build(join(import.meta.dirname, 'latency.ts'), dir);
  const flags = ['-O2', '-Wall', '-Wextra', '-Werror', '-static'];
  execFileSync('gcc', [...flags, join(import.meta.dirname, 'load.c'), '-o', join(dir, 'load')]);
}

/** Puts `c/NAME.bpf.o`, `ts/NAME.bpf.o` and `halves.json` into `dir`; tells what compiled the objects. */
export async function prepare(
  root: string,
  dir: string,
  names: string[],
  originals: ReadonlyMap<string, Original>,
): Promise<Compilers> {
  mkdirSync(join(dir, 'c'));
  const halves: Record<string, Halves> = {};
  for (const name of names) {
    const original = originals.get(name)!;
    await build(join(root, 'examples', `${name}.ts`), join(dir, 'ts'));
    copyFileSync(original.object, join(dir, 'c', `${name}.bpf.o`));
    if (hasHalves(name)) halves[name] = await prepareHalves(name, original, join(dir, 'c'));
  }
  writeFileSync(join(dir, 'halves.json'), JSON.stringify(halves));
  await buildLoad(dir);
  const version = execFileSync(findTool('clang') ?? 'clang', ['--version'], { encoding: 'utf8' });
  return {
    ours: /clang version ([\d.]+)/.exec(version)?.[1] ?? version,
    originals: new Map(names.map((name) => [name, compilerOf(originals.get(name)!.object)])),
  };
}
