import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';

/** Where a new project gets this scxts from. */
export interface Origin {
  version: string;
  /** For `dependencies`: a range of versions of the registry, or a path that begins with `file:`. */
  spec: string;
  /** For npm's `allowScripts`: what may build the native addon when it is installed. */
  allow: string;
}

interface Manifest {
  version: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

function json<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T;
  } catch {
    return undefined;
  }
}

/** The file or folder of a `file:` address, relative to where it is written. */
function target(spec: string | undefined, from: string): string | undefined {
  const path = /^(?:file:|link:|portal:)?((?:\.{0,2}\/).*)$/.exec(spec ?? '')?.[1];
  const absolute = path === undefined ? undefined : resolve(from, path);
  return absolute !== undefined && existsSync(absolute) ? absolute : undefined;
}

/** What the project that scxts was installed into says of it: npm in its lock file, others in package.json alone. */
function installedFrom(name: string, root: string): { path?: string | undefined } {
  let folder = dirname(root);
  while (basename(folder) !== 'node_modules' && folder !== dirname(folder))
    folder = dirname(folder);
  // pnpm's own folder of all packages is in the project's node_modules.
  for (let at = folder; at !== dirname(at); at = dirname(at)) {
    if (basename(at) !== 'node_modules') continue;
    const project = dirname(at);
    const lock = json<{ packages?: Record<string, { resolved?: string }> }>(
      join(at, '.package-lock.json'),
    );
    const manifest = json<Manifest>(join(project, 'package.json'));
    const written = manifest?.dependencies?.[name] ?? manifest?.devDependencies?.[name];
    const path =
      target(lock?.packages?.[`node_modules/${name}`]?.resolved, project) ??
      target(written, project);
    if (path !== undefined) return { path };
  }
  return {};
}

/**
 * Where the scxts in `root` came from, so that a project in `folder` gets the same one: the registry, a tarball that is
 * still there, or a folder (a checkout, or a package that is in no node_modules).
 */
export function originOf(name: string, root: string, folder: string): Origin {
  const { version } = json<Manifest>(join(root, 'package.json'))!;
  const path = root.includes('/node_modules/') ? installedFrom(name, root).path : root;
  if (path === undefined) return { version, spec: `^${version}`, allow: name };
  const near = relative(folder, path);
  // Relative, so that both may be moved together; not to the root and back, which only looks so.
  const spec = near.split('/').filter((part) => part === '..').length > 3 ? path : near;
  return { version, spec: `file:${spec}`, allow: `file:${path}` };
}
