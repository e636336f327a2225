// The documents as pages of the site: README.md of a folder is its index, and a link to a source leads to its page or to the repository.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, posix, relative } from 'node:path';
import { REPOSITORY, root, titleOf, type Page } from './files.js';

const placeOf = (path: string): string => path.replace(/(^|\/)README\.md$/, '$1index.md');

/** `shown` are the sources that have a page of their own, by their path in the repository. */
export function documentPages(shown: ReadonlyMap<string, string>): Page[] {
  const docs = join(root, 'docs');
  return readdirSync(docs, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md') && !file.startsWith('site/'))
    .map((file) => {
      const text = readFileSync(join(docs, file), 'utf8');
      const path = placeOf(file);
      return { path, title: titleOf(text), text: withLinks(text, file, path, shown) };
    });
}

/** Pictures and other files of the documents that pages show. */
export function documentFiles(): string[] {
  return readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.(svg|png|html)$/.test(file),
  );
}

/** Links out of docs/ lead elsewhere on the site. */
function withLinks(
  text: string,
  file: string,
  path: string,
  shown: ReadonlyMap<string, string>,
): string {
  return text.replace(/\]\(([^)\s]+)((?: "[^"]*")?)\)/g, (all, link: string, title: string) => {
    if (/^([a-z]+:|#)/.test(link)) return all;
    const [target, anchor] = link.split('#');
    const inRepository = posix.normalize(posix.join('docs', dirname(file), target!));
    const hash = anchor === undefined ? '' : `#${anchor}`;
    if (inRepository.startsWith('docs/'))
      return `](${posix.join(dirname(target!), basename(placeOf(target!)))}${hash}${title})`;
    const page = shown.get(inRepository.replace(/\/$/, ''));
    const to = page ? relative(dirname(path), page) : `${REPOSITORY}/${inRepository}`;
    return `](${to}${page ? hash : ''}${title})`;
  });
}
