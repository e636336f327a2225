import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** A new folder for the files of a test file or of a `describe()`, gone after its tests. */
export function scratch(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `scxts-${name}-`));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
