import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Project } from 'ts-morph';
import { checkProgram } from '../check-program.js';
import { createProject } from '../frontend/program.js';
import type { CheckResult } from '../index.js';

/** Checks programs again and again; what did not change is kept from one time to the next. */
export class CheckSession {
  private readonly project: Project = createProject();
  private readonly times = new Map<string, number>();

  /** `text` is what an editor holds of the file, where that is not what is on disk. */
  check(file: string, text?: string, options: { minKernel?: string } = {}): CheckResult {
    const path = resolve(file);
    this.refresh();
    if (text !== undefined) {
      const known = this.project.getSourceFile(path);
      if (!known) this.project.createSourceFile(path, text, { overwrite: true });
      else if (known.getFullText() !== text) known.replaceWithText(text);
      this.times.delete(path);
    }
    const { diagnostics, sources } = checkProgram(path, { ...options, project: this.project });
    for (const source of sources.keys()) this.note(source);
    return { diagnostics, read: (name) => sources.get(name) };
  }

  /** Files of the last check: what a watcher watches. */
  get files(): string[] {
    return [...this.times.keys()];
  }

  private note(path: string): void {
    if (!this.times.has(path) && existsSync(path)) this.times.set(path, statSync(path).mtimeMs);
  }

  /** Reads again what has changed on disk since. */
  private refresh(): void {
    for (const [path, time] of this.times) {
      const now = existsSync(path) ? statSync(path).mtimeMs : -1;
      if (now === time) continue;
      this.times.delete(path);
      const source = this.project.getSourceFile(path);
      if (!source) continue;
      if (now < 0) this.project.removeSourceFile(source);
      else source.refreshFromFileSystemSync();
    }
  }
}
