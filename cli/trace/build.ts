import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isCheckout } from '../../codegen/root.js';
import { isFresh } from '../../codegen/files/fresh.js';

const here = dirname(fileURLToPath(import.meta.url));
const object = join(here, 'tracer.bpf.o');
const source = join(here, '..', '..', '..', 'cli', 'trace', 'bpf', 'tracer.ts');

/**
 * The tracer, compiled when it is needed for the first time and when its source has changed. A package has it ready made;
 * times say nothing there, since some package managers give all files a time of their own.
 */
export async function buildTracer(): Promise<string> {
  if (isCheckout() ? isFresh(object, source) : existsSync(object)) return object;
  // Only now: the TypeScript compiler takes a while to load.
  const { compiler } = await import('../../codegen/compiled.js');
  const { buildFile } = await compiler();
  const built = await buildFile(source, { outDir: here });
  if (!built.ok)
    throw new Error(
      `the tracer does not build: ${built.diagnostics.map((d) => `${d.code}: ${d.message}`).join('; ')}`,
    );
  return object;
}
