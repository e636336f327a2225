import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import ts from 'typescript';
import { builtObject, put } from '../../util/built-object.js';

export const root = join(import.meta.dirname, '..', '..', '..');
/** Where the guest finds the examples as JavaScript: an emulated CPU takes 20 s to load a TypeScript compiler. */
export const OUT = join(root, 'dist', 'examples');

/** Schedulers of examples/ that have a userspace half to run, by name. */
export function exampleNames(): string[] {
  return readdirSync(join(root, 'examples'))
    .filter((f) => f.endsWith('-run.ts'))
    .map((f) => f.replace(/-run\.ts$/, ''));
}

function schedulers(): string[] {
  const folder = join(root, 'examples');
  return readdirSync(folder)
    .filter((f) => f.endsWith('.ts') && !f.endsWith('.skel.ts'))
    .map((f) => join(folder, f))
    .filter((file) => /^export default scheduler\(/m.test(readFileSync(file, 'utf8')));
}

function transpile(source: string, out: string): void {
  const { outputText } = ts.transpileModule(readFileSync(source, 'utf8'), {
    fileName: source,
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
    },
  });
  put(out, outputText);
}

/** Builds one scheduler into OUT, with its skeleton as JavaScript; throws with its diagnostics. */
export async function buildScheduler(source: string): Promise<void> {
  mkdirSync(OUT, { recursive: true });
  const object = await builtObject(source);
  const name = basename(source, '.ts');
  const skeleton = object.replace(/\.bpf\.o$/, '.skel.ts');
  put(join(OUT, `${name}.bpf.o`), readFileSync(object));
  put(join(OUT, `${name}.skel.ts`), readFileSync(skeleton));
  transpile(skeleton, join(OUT, `${name}.skel.js`));
}

/** The userspace half of one example; it needs the skeleton of its scheduler, and the library. */
function buildHalf(name: string): void {
  transpile(join(root, 'examples', `${name}-run.ts`), join(OUT, `${name}-run.js`));
}

function buildLibrary(): void {
  const lib = join(root, 'examples', 'lib');
  for (const file of readdirSync(lib).filter((f) => f.endsWith('.ts')))
    transpile(join(lib, file), join(OUT, 'lib', file.replace(/\.ts$/, '.js')));
}

/** Builds one example with its userspace half; gives the half's path. */
export async function buildExample(name: string): Promise<string> {
  await buildScheduler(join(root, 'examples', `${name}.ts`));
  buildHalf(name);
  buildLibrary();
  return join(OUT, `${name}-run.js`);
}

/** Builds all examples and their userspace halves once; the guests of all kernels use the same files. */
export async function buildExamples(names = exampleNames()): Promise<void> {
  for (const source of schedulers()) await buildScheduler(source);
  names.forEach(buildHalf);
  await buildScheduler(join(root, 'test', 'vm', 'schedulers', 'witness.ts'));
  buildLibrary();
}
