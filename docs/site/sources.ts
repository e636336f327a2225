// Examples as pages: what a file begins with says what it is, and its source.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY, root, type Page } from './files.js';

const EXAMPLES = 'examples';

/** Sources with a page of their own: by path in the repository. */
export function sourcePages(): { pages: Page[]; shown: Map<string, string> } {
  const files = readdirSync(join(root, EXAMPLES), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.ts$/.test(file) && !/\.skel\.ts$|node_modules|vitest\.config/.test(file))
    .sort();
  const shown = new Map<string, string>();
  const pages: Page[] = [];
  const list: string[] = [];
  for (const file of files) {
    const path = `examples/${file.replace(/\.ts$/, '.md')}`;
    const text = readFileSync(join(root, EXAMPLES, file), 'utf8');
    shown.set(`${EXAMPLES}/${file}`, path);
    pages.push({
      ...{ path, title: file },
      text: `# ${file}\n\n[In the repository](${REPOSITORY}/${EXAMPLES}/${file})\n\n\`\`\`ts\n${text}\`\`\`\n`,
    });
    list.push(`- [${file}](${file.replace(/\.ts$/, '.md')})`);
  }
  shown.set(EXAMPLES, 'examples/index.md');
  shown.set(`${EXAMPLES}/guide`, 'examples/index.md');
  const schedulers =
    '[The schedulers](../schedulers/index.md) among them have pages that tell about them.';
  pages.push({
    path: 'examples/index.md',
    title: 'Examples',
    text: `# Examples\n\n${schedulers}\n\n${list.join('\n')}\n`,
  });
  return { pages, shown };
}
