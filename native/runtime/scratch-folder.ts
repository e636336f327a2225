import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { onExit } from 'signal-exit';
import { isAlive } from './alive.js';

/** Those that there are: removed however the process ends, short of SIGKILL. */
const live = new Set<string>();

function removeAll(): void {
  for (const path of live) rmSync(path, { recursive: true, force: true });
  live.clear();
}

/** What undoes the watch for the end of the process. */
let forget: (() => void) | undefined;

/** Tells this machine and PID namespace from others that see the same folder: a PID means nothing there. */
function place(): string {
  let namespace = '';
  try {
    namespace = readlinkSync('/proc/self/ns/pid');
  } catch {
    // No /proc: the name of the machine has to do.
  }
  return createHash('sha256').update(`${hostname()} ${namespace}`).digest('hex').slice(0, 8);
}

/** Folders that processes of this machine left which were killed. */
function removeStale(parent: string, prefix: string): void {
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(prefix)) continue;
    const pid = /^(\d+)-\w+$/.exec(name.slice(prefix.length))?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    try {
      rmSync(join(parent, name), { recursive: true, force: true });
    } catch {
      // Somebody else's: it is not in the way.
    }
  }
}

/** A folder for files that are on their way to somewhere else. */
export interface ScratchFolder extends Disposable {
  path: string;
}

/**
 * A new folder in `parent` that nobody else can have put anything in. It goes when it is disposed of, and when the process ends or is
 * ended by a signal; what SIGKILL left the next one removes.
 */
export function scratchFolder(parent: string, name: string): ScratchFolder {
  const prefix = `${name}${place()}-`;
  // Making it comes first: its error is the one that tells what is wrong with the parent.
  const path = mkdtempSync(join(parent, `${prefix}${process.pid}-`));
  forget ??= onExit(removeAll);
  live.add(path);
  removeStale(parent, prefix);
  return {
    path,
    [Symbol.dispose]: () => {
      rmSync(path, { recursive: true, force: true });
      live.delete(path);
      if (live.size > 0) return;
      forget?.();
      forget = undefined;
    },
  };
}
