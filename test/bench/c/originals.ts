// The C originals: what the build of a checkout of sched-ext/scx has left in it.
import { accessSync, constants, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A checkout is deep, and its vmlinux and cargo folders are large. */
const SKIPPED = new Set(['.git', 'node_modules', 'target']);

/** How to get what SCX_C_DIR is to name. */
export const HINT = `\
SCX_C_DIR names a checkout of sched-ext/scx, built, that still has the C schedulers (scheds/c). They were removed
from the repository in 2026 ("sched: remove C schedulers"): check out the parent of that commit, or a release of
before, and build it as its README says, with the clang that scxts uses. What is needed of it are the objects
scx_NAME.bpf.o, and of pair and userland the programs scx_NAME, wherever its build puts them below that folder.`;

export interface Original {
  /** The path of its object file. */
  object: string;
  /** The path of its userspace half, where that was built too. */
  program: string | undefined;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Files below a folder whose names begin as the originals' do: name and path. */
function* candidates(dir: string): Generator<{ name: string; path: string }> {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory() && !SKIPPED.has(entry.name)) yield* candidates(path);
    if (entry.isFile() && entry.name.startsWith('scx_')) yield { name: entry.name, path };
  }
}

/** The originals below a folder, by the name of the scheduler. */
export function findOriginals(dir: string): Map<string, Original> {
  const objects = new Map<string, string>();
  const programs = new Map<string, string>();
  for (const { name, path } of candidates(dir)) {
    const [, scheduler, object] = /^scx_(\w+)(\.bpf\.o)?$/.exec(name) ?? [];
    if (scheduler === undefined) continue;
    if (object !== undefined) objects.set(scheduler, path);
    else if (isExecutable(path)) programs.set(scheduler, path);
  }
  return new Map(
    [...objects].map(([name, object]) => [name, { object, program: programs.get(name) }]),
  );
}

/** The compiler's version as an object's debug information tells it; undefined once that is stripped. */
export function compilerOf(object: string): string | undefined {
  return /clang version ([\d.]+)/.exec(readFileSync(object, 'latin1'))?.[1];
}
