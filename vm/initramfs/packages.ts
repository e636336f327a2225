import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Folders of npm packages and of all that they depend on, found as Node finds them. */
export function packageFolders(names: string[], from: string): string[] {
  const found = new Set<string>();
  const visit = (name: string, start: string): void => {
    for (let dir = start; ; dir = dirname(dir)) {
      const at = join(dir, 'node_modules', name);
      if (existsSync(join(at, 'package.json'))) {
        if (found.has(at)) return;
        found.add(at);
        const { dependencies } = JSON.parse(readFileSync(join(at, 'package.json'), 'utf8')) as {
          dependencies?: Record<string, string>;
        };
        Object.keys(dependencies ?? {}).forEach((d) => visit(d, at));
        return;
      }
      if (dir === dirname(dir)) return;
    }
  };
  names.forEach((name) => visit(name, from));
  return [...found];
}
