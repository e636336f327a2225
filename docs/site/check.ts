// Every link within the built site leads to a page that there is, and to a place on it.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';

/** The file of a page's address, undefined if there is none. */
function fileOf(folder: string, path: string): string | undefined {
  const candidates = [path, `${path}.html`, posix.join(path, 'index.html')];
  return candidates
    .map((candidate) => join(folder, candidate))
    .find((file) => existsSync(file) && statSync(file).isFile());
}

export function deadLinks(folder: string): { dead: string[]; links: number } {
  const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.html') && !file.startsWith('traces/'),
  );
  const ids = new Map<string, Set<string>>();
  const idsOf = (file: string): Set<string> => {
    let found = ids.get(file);
    if (!found) {
      const text = readFileSync(file, 'utf8');
      found = new Set([...text.matchAll(/ (?:id|name)="([^"]+)"/g)].map((m) => m[1]!));
      ids.set(file, found);
    }
    return found;
  };
  const dead: string[] = [];
  let links = 0;
  for (const page of pages) {
    const text = readFileSync(join(folder, page), 'utf8');
    for (const [, raw] of text.matchAll(/ (?:href|src)="([^"]+)"/g)) {
      const link = raw!.replace(/&amp;/g, '&');
      if (/^([a-z]+:|\/\/)/.test(link)) continue;
      links++;
      const [path, anchor] = link.split('#') as [string, string | undefined];
      const to = path === '' ? page : path.startsWith('/') ? path : posix.join(dirname(page), path);
      const file = fileOf(folder, decodeURIComponent(to));
      if (!file) dead.push(`${page} links to ${link}`);
      else if (anchor && file.endsWith('.html') && !idsOf(file).has(decodeURIComponent(anchor)))
        dead.push(`${page} links to ${link}: no such place`);
    }
  }
  return { dead: [...new Set(dead)], links };
}
