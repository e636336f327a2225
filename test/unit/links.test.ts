import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { anchorsOf, linksOf } from '../util/markdown.js';

const root = join(import.meta.dirname, '../..');
const pages = [
  join(root, 'README.md'),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md') && !file.includes('node_modules'))
    .map((file) => join(root, 'docs', file)),
];

it('no link of a document is dead, nor its anchor', () => {
  const dead: string[] = [];
  let anchors = 0;
  for (const page of pages)
    for (const link of linksOf(readFileSync(page, 'utf8'))) {
      if (/^[a-z]+:/.test(link)) continue;
      const [path, anchor] = link.split('#') as [string, string | undefined];
      const file = path === '' ? page : join(dirname(page), path);
      const where = `${relative(root, page)} links to ${link}`;
      if (!existsSync(file)) dead.push(where);
      else if (anchor !== undefined && file.endsWith('.md')) {
        anchors++;
        if (!anchorsOf(readFileSync(file, 'utf8')).has(anchor))
          dead.push(`${where}: no such heading`);
      }
    }
  expect(dead).toEqual([]);
  expect(anchors).toBeGreaterThan(10);
});

it('every page is reached from where one starts', () => {
  const seen = new Set<string>();
  const walk = (page: string): void => {
    if (seen.has(page) || !page.endsWith('.md') || !existsSync(page)) return;
    seen.add(page);
    for (const link of linksOf(readFileSync(page, 'utf8')))
      if (!/^[a-z]+:/.test(link)) walk(join(dirname(page), link.split('#')[0]!));
  };
  walk(join(root, 'docs/index.md'));
  const left = pages.filter((page) => !seen.has(page) && !page.endsWith('README.md'));
  expect(
    left.map((page) => relative(root, page)),
    'say in docs/index.md what they are about',
  ).toEqual([]);
});
