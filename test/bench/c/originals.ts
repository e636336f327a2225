// The C originals: object files that the build of a checkout of sched-ext/scx has left in it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A checkout is deep, and its vmlinux and cargo folders are large. */
const SKIPPED = new Set(['.git', 'node_modules', 'target']);

/** How to get what SCX_C_DIR is to name. */
export const HINT = `\
SCX_C_DIR names a checkout of sched-ext/scx, built, that still has the C schedulers (scheds/c). They were removed
from the repository in 2026 ("sched: remove C schedulers"): check out the parent of that commit, or a release of
before, and build it as its README says, with the clang that scxts uses. What is needed of it are the objects
scx_NAME.bpf.o, wherever its build puts them below that folder.`;

/** Paths of the objects below a folder, by the name of the scheduler. */
export function findOriginals(dir: string): Map<string, string> {
  const found = new Map<string, string>();
  const pending = [dir];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      const path = join(at, entry.name);
      if (entry.isDirectory() && !SKIPPED.has(entry.name)) pending.push(path);
      const name = /^scx_(\w+)\.bpf\.o$/.exec(entry.name)?.[1];
      if (name !== undefined && entry.isFile()) found.set(name, path);
    }
  }
  return found;
}

/** The compiler's version as an object's debug information tells it; undefined once that is stripped. */
export function compilerOf(object: string): string | undefined {
  return /clang version ([\d.]+)/.exec(readFileSync(object, 'latin1'))?.[1];
}
