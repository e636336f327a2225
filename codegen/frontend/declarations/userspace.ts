import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { ts } from 'ts-morph';
import { noUserspaceHalf } from '../../diagnostics/catalogue/components.js';
import type { UserspaceModule } from '../../ir/module.js';
import type { Frontend } from '../context.js';
import { spanOf } from '../program.js';

/** Folder and name of the npm package that a file belongs to, if any. */
function packageOf(file: string): { folder: string; name: string; exports?: unknown } | undefined {
  for (let dir = dirname(file); dir !== dirname(dir); dir = dirname(dir)) {
    const path = join(dir, 'package.json');
    if (!existsSync(path)) continue;
    const { name, exports } = JSON.parse(readFileSync(path, 'utf8')) as {
      name?: string;
      exports?: unknown;
    };
    return name ? { folder: dir, name, exports } : undefined;
  }
  return undefined;
}

/** Every file that an entry of `exports` may stand for, whatever the condition. */
function targets(entry: unknown): string[] {
  if (typeof entry === 'string') return [entry];
  return entry && typeof entry === 'object' ? Object.values(entry).flatMap(targets) : [];
}

/** The name under which a package exports one of its files: `pkg/sub`. */
function exportedAs(pkg: { name: string; exports?: unknown }, path: string): string | undefined {
  const { exports, name } = pkg;
  if (exports === undefined) return `${name}/${path}`;
  const entries =
    typeof exports === 'object' &&
    exports !== null &&
    Object.keys(exports).every((k) => k.startsWith('.'))
      ? Object.entries(exports)
      : [['.', exports] as [string, unknown]];
  for (const [subpath, entry] of entries) {
    for (const target of targets(entry)) {
      const [head, tail] = target.replace(/^\.\//, '').split('*') as [string, string?];
      const as = `${name}${subpath.slice(1)}`;
      if (tail === undefined ? head === path : false) return as;
      if (tail !== undefined && path.startsWith(head) && path.endsWith(tail))
        return as.replace('*', path.slice(head.length, path.length - tail.length));
    }
  }
  return undefined;
}

/**
 * The module that `userspace: './x.js'` names. A path is relative to the component's file; from a
 * package other than the scheduler's it becomes the name under which that package exports it.
 */
export function userspaceHalf(
  fe: Frontend,
  component: string,
  node: ts.StringLiteralLike,
): UserspaceModule | undefined {
  const specifier = node.text;
  if (!/^\.{1,2}\//.test(specifier)) return { specifier };
  const from = node.getSourceFile().fileName;
  const path = resolve(dirname(from), specifier);
  const source = path.replace(/\.([mc]?)js$/, '.$1ts');
  const refuse = (why: string): undefined => {
    fe.report(noUserspaceHalf(spanOf(node), component, specifier, why));
    return undefined;
  };
  if (!existsSync(path) && !existsSync(source))
    return refuse(`there is no ${relative('', path) || path}`);
  const pkg = packageOf(from);
  const foreign = pkg && from.split(sep).includes('node_modules');
  if (!foreign || pkg.folder === packageOf(fe.loaded.entry.fileName)?.folder) return { path };
  const as = exportedAs(pkg, relative(pkg.folder, path).split(sep).join('/'));
  return as
    ? { specifier: as }
    : refuse(`package '${pkg.name}' must have it among the "exports" of its package.json`);
}
