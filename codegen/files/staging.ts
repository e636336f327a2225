import { constants, copyFileSync, lstatSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../../native/runtime/make-folder.js';
import { scratchFolder, type ScratchFolder } from '../../native/runtime/scratch-folder.js';

/**
 * A new folder inside another one, for files that are renamed out of it when all of them are done. Nobody else can have put anything
 * there: nothing is written through somebody's link.
 */
export class Staging {
  private readonly scratch: ScratchFolder;

  /** Makes `folder` too. */
  constructor(private readonly folder: string) {
    makeFolder(folder);
    this.scratch = scratchFolder(folder, '.scxts-');
  }

  /** Where to write what is to become `folder`/NAME. */
  at(name: string): string {
    return join(this.scratch.path, name);
  }

  /** Renames all of them into place, or, if one cannot be, none: what was there before is there again then. */
  place(names: readonly string[]): string[] {
    const done: { to: string; before: string | undefined }[] = [];
    try {
      for (const name of names) {
        const to = join(this.folder, name);
        done.push({ to, before: this.keep(to, name) });
        renameSync(this.at(name), to);
      }
    } catch (error) {
      for (const { to, before } of done) this.restore(to, before);
      throw error;
    }
    return done.map(({ to }) => to);
  }

  /** A copy of the file that is there; undefined if none is. Links, pipes... are replaced, and not looked into. */
  private keep(to: string, name: string): string | undefined {
    const there = lstatSync(to, { throwIfNoEntry: false });
    if (!there?.isFile() && !there?.isDirectory()) return undefined;
    const before = this.at(`${name}.before`);
    // Of a folder this is the error EISDIR.
    copyFileSync(to, before, constants.COPYFILE_EXCL);
    return before;
  }

  private restore(to: string, before: string | undefined): void {
    if (before !== undefined) renameSync(before, to);
    else rmSync(to, { force: true });
  }

  [Symbol.dispose](): void {
    this.scratch[Symbol.dispose]();
  }
}
