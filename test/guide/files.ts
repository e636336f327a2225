import { join } from 'node:path';

export const root = join(import.meta.dirname, '..', '..');
export const pages = join(root, 'docs', 'guide');
export const pictures = join(pages, 'pictures');
