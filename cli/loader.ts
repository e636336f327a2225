import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * Module hooks of `scxts run`: TypeScript is transpiled when it is imported, `./x.js` finds `./x.ts`,
 * and 'scxts/...' is this package, also where it is not installed in node_modules.
 */
interface Resolved {
  url: string;
  format?: string;
  shortCircuit?: boolean;
}
type NextResolve = (specifier: string, context: { parentURL?: string }) => Promise<Resolved>;
type NextLoad = (url: string, context: object) => Promise<{ format: string; source: unknown }>;

const require = createRequire(import.meta.url);

export async function resolve(
  specifier: string,
  context: { parentURL?: string },
  next: NextResolve,
): Promise<Resolved> {
  // Imported as if from another place: a half that an object names is looked for beside the object.
  const from = /^scxts-from:([^:]+):(.*)$/s.exec(specifier);
  if (from) return resolve(from[2]!, { ...context, parentURL: decodeURIComponent(from[1]!) }, next);
  if (specifier === 'scxts' || specifier.startsWith('scxts/')) {
    return { url: pathToFileURL(require.resolve(specifier)).href, shortCircuit: true };
  }
  if (/^\.{1,2}\//.test(specifier) && context.parentURL?.startsWith('file:')) {
    const url = new URL(specifier, context.parentURL);
    // TypeScript reads it as a path, where `#`, `?` and `%` are letters like any other; Node.js as a URL.
    const path = pathToFileURL(join(dirname(fileURLToPath(context.parentURL)), specifier));
    if (existsSync(path) && path.href !== url.href) return { url: path.href, shortCircuit: true };
    const sources = [path, url].map(({ href }) => new URL(href.replace(/\.([mc]?)js$/, '.$1ts')));
    const source = existsSync(url) ? undefined : sources.find((s) => existsSync(s));
    if (source) return { url: source.href, shortCircuit: true };
  }
  return next(specifier, context);
}

export async function load(
  url: string,
  context: object,
  next: NextLoad,
): Promise<{ format: string; source: unknown; shortCircuit?: boolean }> {
  if (!url.startsWith('file:') || !/\.[mc]?ts$/.test(url)) return next(url, context);
  const fileName = fileURLToPath(url);
  // Only for TypeScript: a virtual machine has no compiler, and needs none for compiled halves.
  const { ts } = await import('ts-morph');
  const { outputText } = ts.transpileModule(readFileSync(fileName, 'utf8'), {
    fileName,
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      inlineSourceMap: true,
      verbatimModuleSyntax: true,
    },
  });
  return { format: 'module', source: outputText, shortCircuit: true };
}
