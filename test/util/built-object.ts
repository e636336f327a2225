// Objects that many tests need, built once: kept under .cache by a hash of all that they are made of.
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { buildFile, formatDiagnostic } from '../../codegen/index.js';
import { writeWhole } from '../../native/runtime/write-whole.js';

export const root = join(import.meta.dirname, '../..');
const CACHE = join(root, '.cache', 'objects');
/** What an object depends on, besides its own source: compiler, language, components, what examples and tests share. */
const PARTS = ['codegen', 'dsl', 'components', 'examples', 'package-lock.json'];
const READ = /\.(ts|hbs|json|h|c)$/;

function add(hash: ReturnType<typeof createHash>, path: string): void {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const file = join(path, entry.name);
    if (entry.isDirectory()) add(hash, file);
    else if (READ.test(entry.name) && !entry.name.endsWith('.skel.ts'))
      hash.update(file.slice(root.length)).update(readFileSync(file));
  }
}

let common: string | undefined;
function madeOf(): string {
  if (common !== undefined) return common;
  const hash = createHash('sha256');
  for (const part of PARTS) {
    const path = join(root, part);
    if (READ.test(part)) hash.update(readFileSync(path));
    else add(hash, path);
  }
  return (common = hash.digest('hex'));
}

/** What may be imported from beside a source. */
const folders = new Map<string, string>();
function besideOf(folder: string): string {
  let found = folders.get(folder);
  if (found === undefined) {
    const hash = createHash('sha256');
    add(hash, folder);
    folders.set(folder, (found = hash.digest('hex')));
  }
  return found;
}

/** The path of the object that a scheduler's source builds to, C and skeleton beside it; throws with its diagnostics, warnings too. */
export async function builtObject(
  source: string,
  options: { minKernel?: string } = {},
): Promise<string> {
  const key = createHash('sha256')
    .update(madeOf())
    .update(besideOf(dirname(source)));
  key.update(source).update(readFileSync(source)).update(JSON.stringify(options));
  const name = `${basename(source, '.ts')}.bpf.o`;
  const folder = join(CACHE, key.digest('hex').slice(0, 24));
  const path = join(folder, name);
  if (existsSync(path)) return path;
  mkdirSync(CACHE, { recursive: true });
  const outDir = mkdtempSync(join(CACHE, 'making-'));
  const { ok, diagnostics, read } = await buildFile(source, { ...options, outDir });
  if (!ok || diagnostics.length > 0) {
    rmSync(outDir, { recursive: true, force: true });
    throw new Error(diagnostics.map((d) => formatDiagnostic(d, read)).join('\n\n'));
  }
  try {
    renameSync(outDir, folder);
  } catch (error) {
    // Another worker was faster.
    if (!existsSync(path)) throw error;
  }
  return path;
}

/** Writes a file whole, and only if it is new: a machine may be booting with it. */
export function put(path: string, content: string | Uint8Array): void {
  if (existsSync(path) && readFileSync(path).equals(Buffer.from(content))) return;
  mkdirSync(dirname(path), { recursive: true });
  writeWhole(path, content);
}

/** Puts the object of a source beside it, and the skeleton: `scxts load` builds again where one is missing. */
export async function builtBeside(source: string): Promise<void> {
  const object = await builtObject(source);
  const skeleton = object.replace(/\.bpf\.o$/, '.skel.ts');
  put(source.replace(/\.ts$/, '.skel.ts'), readFileSync(skeleton));
  put(source.replace(/\.ts$/, '.bpf.o'), readFileSync(object));
}

/** The object of an example. */
export function exampleObject(name: string): Promise<string> {
  return builtObject(join(root, 'examples', `${name}.ts`));
}
