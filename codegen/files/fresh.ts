import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

const RELATIVE_IMPORT = /\b(?:from|import)\s*\(?\s*(['"])(\.{1,2}\/[^'"\n]+)\1/g;

/** Whether a file is there and as new as what it is made of, as far as that is here. */
export function isFresh(made: string, ...sources: string[]): boolean {
  const at = mtimeOf(made);
  return at !== undefined && sources.every((source) => at >= (mtimeOf(source) ?? 0));
}

/** The object of a scheduler, if it is there with its skeleton and as new as its source and all that this imports. */
export function freshObject(source: string): string | undefined {
  const stem = source.replace(/\.[mc]?ts$/, '');
  const object = `${stem}.bpf.o`;
  if (!existsSync(source) || !existsSync(`${stem}.skel.ts`)) return undefined;
  return isFresh(object, ...sourcesOf(source)) ? object : undefined;
}

/** A source and what it imports by relative paths, at any depth. Found by a pattern: it has to be quick, and one too many does no harm. */
export function sourcesOf(source: string): string[] {
  const found = new Set<string>();
  const visit = (file: string): void => {
    if (found.has(file)) return;
    found.add(file);
    for (const [, , specifier] of readFileSync(file, 'utf8').matchAll(RELATIVE_IMPORT)) {
      const imported = resolved(join(dirname(file), decoded(specifier!)));
      if (imported) visit(imported);
    }
  };
  if (existsSync(source)) visit(source);
  return [...found];
}

/** './x.js' is x.ts where that is what is there. */
function resolved(path: string): string | undefined {
  const stem = path.replace(/\.([mc]?)js$/, '');
  const endings = ['.ts', '.mts', '.cts', ''];
  return [...endings.map((ending) => stem + ending), path].find(
    (file) => statSync(file, { throwIfNoEntry: false })?.isFile() === true,
  );
}

function decoded(specifier: string): string {
  try {
    return JSON.parse(`"${specifier}"`) as string;
  } catch {
    return specifier;
  }
}

function mtimeOf(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs;
}

/** When the last of the files of these endings below a folder was written, in ms; 0 if there is none. */
export function newestIn(folder: string, endings: RegExp): number {
  const times = readdirSync(folder, { withFileTypes: true }).map((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return newestIn(path, endings);
    return endings.test(entry.name) ? statSync(path).mtimeMs : 0;
  });
  return Math.max(0, ...times);
}
