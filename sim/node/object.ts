import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
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

/**
 * The object of a scheduler: FILE.bpf.o as it is, or what FILE.ts builds to; nothing is left beside the source. An object
 * beside it that is as new is taken.
 */
export async function objectOf(file: string): Promise<ObjectBytes> {
  if (!existsSync(file)) throw new SimError('SIM_NO_FILE', `there is no file '${file}'`);
  if (/\.o$/.test(file)) return { name: basename(file), bytes: readFileSync(file) };
  if (!/\.[mc]?ts$/.test(file))
    throw new SimError(
      'SIM_NO_OBJECT',
      `'${file}' is neither a scheduler's source nor an object`,
      'give FILE.ts or FILE.bpf.o',
    );
  const made = file.replace(/\.[mc]?ts$/, '.bpf.o');
  if (existsSync(made) && statSync(made).mtimeMs >= statSync(file).mtimeMs)
    return { name: basename(made), bytes: readFileSync(made) };
  return build(file);
}

async function build(file: string): Promise<ObjectBytes> {
  const { buildFile, formatDiagnostic } = await import('../../codegen/index.js');
  const outDir = mkdtempSync(join(tmpdir(), 'scxts-sim-'));
  try {
    const { ok, objectPath, diagnostics, read } = await buildFile(file, { outDir });
    if (!ok)
      throw new BuildFailed(
        file,
        diagnostics
          .filter((d) => d.severity === 'error')
          .map((d) => formatDiagnostic(d, read))
          .join('\n\n'),
      );
    return { name: basename(objectPath), bytes: readFileSync(objectPath) };
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
}
