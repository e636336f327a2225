import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename } from 'node:path';
import { freshObject } from '../../codegen/files/fresh.js';
import { scratchFolder } from '../../native/runtime/scratch-folder.js';
import { SimError } from '../errors.js';
import type { ObjectBytes } from '../run/run.js';

/** A source that could not be built: its diagnostics, as text. */
export class BuildFailed extends SimError {
  constructor(
    file: string,
    readonly diagnostics: string,
  ) {
    super('SIM_BUILD', `${file} cannot be built:\n${diagnostics}`);
  }
}

/** An object's file; where it was built for this, it goes with it. */
export interface ObjectPath extends Disposable {
  path: string;
}

const kept = (path: string): ObjectPath => ({ path, [Symbol.dispose]: () => undefined });

/**
 * The object of a scheduler: FILE.bpf.o as it is, or what FILE.ts builds to; nothing is left beside the source. An object
 * beside it that is as new as all its sources is taken.
 */
export async function objectPathOf(file: string): Promise<ObjectPath> {
  if (!existsSync(file)) throw new SimError('SIM_NO_FILE', `there is no file '${file}'`);
  if (/\.o$/.test(file)) return kept(file);
  if (!/\.[mc]?ts$/.test(file))
    throw new SimError(
      'SIM_NO_OBJECT',
      `'${file}' is neither a scheduler's source nor an object`,
      'give FILE.ts or FILE.bpf.o',
    );
  const made = freshObject(file);
  return made ? kept(made) : build(file);
}

/** The same, read. */
export async function objectOf(file: string): Promise<ObjectBytes> {
  using object = await objectPathOf(file);
  return { name: basename(object.path), bytes: readFileSync(object.path) };
}

async function build(file: string): Promise<ObjectPath> {
  const { compiler } = await import('../../codegen/compiled.js');
  const { buildFile, formatDiagnostic } = await compiler();
  const scratch = scratchFolder(tmpdir(), 'scxts-sim-');
  const remove = (): void => scratch[Symbol.dispose]();
  try {
    const { ok, objectPath, diagnostics, read } = await buildFile(file, { outDir: scratch.path });
    if (ok) return { path: objectPath, [Symbol.dispose]: remove };
    const errors = diagnostics.filter((d) => d.severity === 'error');
    throw new BuildFailed(file, errors.map((d) => formatDiagnostic(d, read)).join('\n\n'));
  } catch (error) {
    remove();
    throw error;
  }
}
