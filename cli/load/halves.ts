import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openObject, ScxtsError, type Halves } from '../../native/runtime/index.js';
import { importTypeScript } from '../typescript.js';

/** A module, and the file that it is imported from as if it stood there. */
interface Half {
  specifier: string;
  from: string;
}

/** The skeleton that was built with an object. */
function skeletonOf(objectPath: string): string {
  return resolve(objectPath.replace(/(\.bpf)?\.o$/, '.skel.ts'));
}

/** A package, or a file beside whoever names it: no URL, which could hold the program itself, and no path to anywhere. */
function isModuleName(specifier: string): boolean {
  return /^(\.{1,2}\/|@?[\w-])[^:\0]*$/.test(specifier);
}

/** Text of a string literal in quotes of either kind. */
function literal(quoted: string): string {
  return quoted.startsWith('"')
    ? (JSON.parse(quoted) as string)
    : quoted.slice(1, -1).replace(/\\(.)/gs, '$1');
}

/** Halves that the skeleton imports, by component. It is read, not run: this is what a generated one looks like. */
function namedInSkeleton(objectPath: string): Map<string, Half> {
  const skeleton = skeletonOf(objectPath);
  const out = new Map<string, Half>();
  if (!existsSync(skeleton)) return out;
  const imports = /^import (\w+)_half from ('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*");$/gm;
  for (const [, name, quoted] of readFileSync(skeleton, 'utf8').matchAll(imports)) {
    const specifier = literal(quoted!);
    if (isModuleName(specifier)) out.set(name!, { specifier, from: skeleton });
  }
  return out;
}

/** `--half NAME=MODULE`, where MODULE is a package or a file, both as seen from the working directory. */
function namedByUser(options: readonly string[]): Map<string, Half> {
  const from = join(process.cwd(), 'halves.js');
  return new Map(
    options.map((text) => {
      const [, name, specifier] = /^(\w+)=(.+)$/s.exec(text) ?? [];
      if (!name || !specifier || /^\w+:/.test(specifier))
        throw new Error(
          `--half takes COMPONENT=MODULE, not '${text}'\n  hint: MODULE is a file, such as ./half.ts, or a package`,
        );
      const isFile = /^\.{0,2}\//.test(specifier);
      return [
        name,
        { specifier: isFile ? pathToFileURL(resolve(specifier)).href : specifier, from },
      ];
    }),
  );
}

/**
 * The userspace halves of the components of an object: from what the user names, else from the skeleton that was built with the object.
 * The object says which components have one, and never where it is: it is data, and a half is a program that runs as whoever loads it.
 * TypeScript is transpiled, so the compiler is loaded only where there is a half.
 */
export async function halvesOf(objectPath: string, named: readonly string[]): Promise<Halves> {
  const byUser = namedByUser(named);
  using open = openObject(objectPath);
  const components = open.info.components();
  for (const name of byUser.keys())
    if (!components.some((c) => c.name === name))
      throw new Error(
        `the scheduler has no component '${name}'${components.length > 0 ? `; it has ${components.map((c) => c.name).join(', ')}` : ''}`,
      );
  const bySkeleton = namedInSkeleton(objectPath);
  if (components.some((c) => c.half !== '' || byUser.has(c.name))) importTypeScript();
  const halves: Record<string, Halves[string]> = {};
  for (const { name, half } of components) {
    const found = byUser.get(name) ?? (half === '' ? undefined : bySkeleton.get(name));
    if (half !== '' && !found) throw noHalf(name, half, objectPath);
    halves[name] = found ? await importHalf(name, found) : null;
  }
  return halves;
}

function noHalf(component: string, half: string, objectPath: string): ScxtsError {
  return new ScxtsError(
    'ERR_COMPONENT',
    `component '${component}' has a half in user space, and an object alone does not say which program that is`,
    {
      hint: `keep ${basename(skeletonOf(objectPath))} beside the object, as scxts build writes it, or name the module: --half ${component}=${isModuleName(half) ? half : 'MODULE'}`,
    },
  );
}

async function importHalf(component: string, { specifier, from }: Half): Promise<Halves[string]> {
  const parent = pathToFileURL(from).href;
  let module: { default?: Halves[string] };
  try {
    module = (await import(
      `scxts-from:${encodeURIComponent(parent)}:${specifier}`
    )) as typeof module;
  } catch (error) {
    throw new ScxtsError(
      'ERR_COMPONENT',
      `the userspace half of component '${component}' cannot be imported: ${(error as Error).message}`,
      {
        hint: `'${specifier}' is looked for from ${dirname(from)}; install its package there`,
        cause: error,
      },
    );
  }
  if (typeof module.default?.load === 'function') return module.default;
  throw new ScxtsError(
    'ERR_COMPONENT',
    `the userspace half of component '${component}' ('${specifier}') has no userspaceHalf() as its default export`,
    { hint: 'export default userspaceHalf({ open, load, ... }), as docs/components.md shows' },
  );
}
