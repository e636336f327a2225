// Schedulers that do not work without their own userspace half: the commands that run both sides in the guest.
import { copyFileSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { libraries } from '../../../dist/vm/initramfs/needs.js';
import { buildExample } from '../../vm/examples/build.js';
import type { Original } from './originals.js';
import type { Side } from './table.js';

/** What ours is told, where the original has another default. */
const FLAGS: Record<string, string[]> = { pair: [], userland: ['--batch', '8'] };

/** The command of each side, or why there is none. */
export type Halves = Record<Side, string[]> | { missing: string };

export const hasHalves = (name: string): boolean => name in FLAGS;

/** Copies a program of the host with its libraries, which the guest need not have; gives the command that runs it. */
async function takeAlong(program: string, dir: string): Promise<string[]> {
  const lib = join(dir, 'lib');
  mkdirSync(lib, { recursive: true });
  for (const path of await libraries(program)) copyFileSync(path, join(lib, basename(path)));
  const copy = join(dir, basename(program));
  copyFileSync(program, copy);
  return ['env', `LD_LIBRARY_PATH=${lib}`, copy];
}

/** `dir`: a folder that the guest gets at the same path. */
export async function prepareHalves(
  name: string,
  original: Original,
  dir: string,
): Promise<Halves> {
  if (original.program === undefined)
    return { missing: `there is no program scx_${name}, its userspace half, below SCX_C_DIR` };
  return {
    ts: ['node', await buildExample(name), ...FLAGS[name]!],
    c: await takeAlong(original.program, dir),
  };
}
