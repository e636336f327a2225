// What VitePress is told, as text of its configuration file.
import type { Page } from './files.js';

interface Group {
  text: string;
  of: (path: string) => boolean;
  collapsed?: boolean;
}

const isIn = (folder: string) => (path: string) => path.startsWith(`${folder}/`);
const GROUPS: readonly Group[] = [
  { text: 'Guide', of: isIn('guide') },
  { text: 'Concepts', of: isIn('concepts') },
  { text: 'Documents', of: (path) => !path.includes('/') && path !== 'index.md' },
  { text: 'Schedulers', of: isIn('schedulers'), collapsed: true },
  { text: 'Reference', of: isIn('api'), collapsed: true },
  { text: 'Examples', of: (path) => /^examples\/[^/]+$/.test(path), collapsed: true },
];

const linkOf = (path: string): string => `/${path.replace(/(index)?\.md$/, '')}`;

export function configText(pages: readonly Page[]): string {
  const first = (path: string): number => (path.endsWith('index.md') ? 0 : 1);
  const sidebar = GROUPS.map(({ text, of, collapsed }) => ({
    text,
    ...(collapsed && { collapsed }),
    items: pages
      .filter((page) => of(page.path))
      .sort((a, b) => first(a.path) - first(b.path) || (a.path < b.path ? -1 : 1))
      .map((page) => ({ text: page.title.replace(/`/g, ''), link: linkOf(page.path) })),
  }));
  const config = {
    title: 'scxts',
    description: 'Write, test and run Linux CPU schedulers in TypeScript',
    lang: 'en',
    outDir: '../out',
    metaChunk: true,
    head: [['link', { rel: 'icon', type: 'image/svg+xml', href: '/icon.svg' }]],
    themeConfig: {
      nav: [
        { text: 'Guide', link: '/guide/' },
        { text: 'Language', link: '/language' },
        { text: 'Reference', link: '/api/' },
        { text: 'Schedulers', link: '/schedulers/' },
      ],
      sidebar,
      outline: [2, 2],
      search: { provider: 'local' },
    },
  };
  return `const config = ${JSON.stringify(config, null, 2)};
// Anchors as GitHub makes them, so that a link holds in both places.
const slugify = (text) =>
  text.trim().toLowerCase().replace(/[^\\p{L}\\p{N}\\s_-]/gu, '').replace(/ /g, '-');
export default { ...config, markdown: { anchor: { slugify } } };
`;
}
