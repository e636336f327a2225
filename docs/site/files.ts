import { join } from 'node:path';

export const root = join(import.meta.dirname, '..', '..');
/** Where the site is made: nothing of it is in the repository. */
export const work = join(root, '.cache', 'site');
/** Pages as VitePress reads them. */
export const source = join(work, 'source');
export const out = join(work, 'out');
/** Where what is no page is shown. */
export const REPOSITORY = 'https://github.com/scxts/scxts/blob/main';
/** What is done with the pages. */
export interface Page {
  /** In the site: 'guide/index.md'. */
  path: string;
  title: string;
  text: string;
}
export const titleOf = (text: string): string => /^# (.*)$/m.exec(text)?.[1] ?? 'scxts';
