import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeWhole } from '../../native/runtime/write-whole.js';

export class HintError extends Error {
  override readonly name = 'HintError';
}

/** A file that was changed. */
export interface Change {
  /** Below the root. */
  path: string;
  before: string;
  /** What it said after the change; missing if the process died between noting and knowing. */
  after?: string;
}

interface State {
  pid: number;
  /** Field 22 of /proc/PID/stat: tells the process from a later one with its number. */
  started: string;
  /** Changes of another boot are gone with it. */
  boot: string;
  changes: Change[];
}

function processStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

const bootId = (): string => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();

/** Notes what was changed, on disk before it happens, and undoes it. */
export class HintJournal {
  private changes: Change[] = [];

  constructor(
    readonly path: string,
    private readonly root: string,
  ) {}

  private read(): State | undefined {
    let text: string;
    try {
      text = readFileSync(this.path, 'utf8');
    } catch {
      return undefined;
    }
    let state: Partial<State> | null | undefined;
    let cause: unknown;
    try {
      state = JSON.parse(text) as Partial<State> | null;
    } catch (error) {
      cause = error;
    }
    const { pid, started, boot, changes } = state ?? {};
    if (pid === undefined || started === undefined || boot === undefined || !Array.isArray(changes))
      throw new HintError(
        `${this.path} is damaged: what it noted cannot be put back; set the governors as they should be and remove it`,
        { cause },
      );
    return boot === bootId() ? { pid, started, boot, changes } : undefined;
  }

  /** The process that has noted changes and still runs, unless it is this one. */
  holder(): number | undefined {
    const state = this.read();
    if (!state || state.pid === process.pid) return undefined;
    return processStart(state.pid) === state.started ? state.pid : undefined;
  }

  /** Notes a change, or what became of it. */
  note(change: Change): void {
    const i = this.changes.findIndex((c) => c.path === change.path);
    if (i < 0) this.changes.push(change);
    // The first value counts, however often a file is changed.
    else this.changes[i] = { ...change, before: this.changes[i]!.before };
    this.save();
  }

  private save(): void {
    mkdirSync(dirname(this.path), { recursive: true });
    const state: State = {
      pid: process.pid,
      started: processStart(process.pid) ?? '',
      boot: bootId(),
      changes: this.changes,
    };
    // Whole or not at all, whenever the process is killed.
    writeWhole(this.path, JSON.stringify(state), { durable: true });
  }

  /** Puts back what is noted, the last change first, and forgets it. Gives the files that it put back. */
  undo(): string[] {
    const changes = this.changes.length > 0 ? this.changes : (this.read()?.changes ?? []);
    const done: string[] = [];
    for (const { path, before, after } of [...changes].reverse()) {
      const full = join(this.root, path);
      try {
        const now = readFileSync(full, 'utf8').trim();
        if (now === before || (after !== undefined && now !== after)) continue;
        writeFileSync(full, before);
        done.push(path);
      } catch (error) {
        // A CPU or driver that is gone has nothing left to put back.
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
          process.emitWarning(`${full} could not be put back to '${before}': ${String(error)}`);
      }
    }
    this.changes = [];
    rmSync(this.path, { force: true });
    return done;
  }
}
