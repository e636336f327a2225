// What the guest compares: objects of both sides in one folder.
import { copyFileSync, mkdirSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { buildFile } from '../../../dist/codegen/index.js';
import { findTool } from '../../../dist/codegen/toolchain/clang.js';
import { compilerOf } from './originals.js';

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

/** Puts `c/NAME.bpf.o` and `ts/NAME.bpf.o` into `dir`; tells what compiled them. */
export async function prepare(
  root: string,
  dir: string,
  names: string[],
  originals: ReadonlyMap<string, string>,
): Promise<Compilers> {
  mkdirSync(join(dir, 'c'));
  for (const name of names) {
    await build(join(root, 'examples', `${name}.ts`), join(dir, 'ts'));
    copyFileSync(originals.get(name)!, join(dir, 'c', `${name}.bpf.o`));
  }
  await buildLoad(dir);
  const version = execFileSync(findTool('clang') ?? 'clang', ['--version'], { encoding: 'utf8' });
  return {
    ours: /clang version ([\d.]+)/.exec(version)?.[1] ?? version,
    originals: new Map(names.map((name) => [name, compilerOf(originals.get(name)!)])),
  };
}
