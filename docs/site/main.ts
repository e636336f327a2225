// `npm run site`: the documents, the reference, the examples and traces as pages, with search. Writes .cache/site/out.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { apiPages } from './api.js';
import { deadLinks } from './check.js';
import { configText } from './config.js';
import { out, root, source, work } from './files.js';
import { documentFiles, documentPages } from './pages.js';
import { sourcePages } from './sources.js';
import { tracePages } from './traces.js';

/** VitePress has a lock of its own, and is installed only for this. */
async function install(): Promise<void> {
  const lock = readFileSync(join(root, 'docs/site/package-lock.json'), 'utf8');
  const stamp = join(work, 'node_modules', '.installed-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  for (const file of ['package.json', 'package-lock.json'])
    cpSync(join(root, 'docs/site', file), join(work, file));
  await execa('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    ...{ cwd: work, stdio: 'inherit' },
  });
  writeFileSync(stamp, lock);
}

mkdirSync(work, { recursive: true });
await install();
rmSync(source, { recursive: true, force: true });
mkdirSync(source, { recursive: true });
const { pages: examples, shown } = sourcePages();
const pages = [...documentPages(shown), ...examples, ...apiPages(), ...(await tracePages())];
for (const { path, text } of pages) {
  mkdirSync(dirname(join(source, path)), { recursive: true });
  writeFileSync(join(source, path), text);
}
for (const file of documentFiles()) cpSync(join(root, 'docs', file), join(source, file));
mkdirSync(join(source, 'public'), { recursive: true });
cpSync(join(root, 'docs/site/icon.svg'), join(source, 'public', 'icon.svg'));
mkdirSync(join(source, '.vitepress'));
writeFileSync(join(source, '.vitepress', 'config.mjs'), configText(pages));
await execa(join(work, 'node_modules/.bin/vitepress'), ['build', source], {
  ...{ cwd: work, stdio: 'inherit' },
});

const { dead, links } = deadLinks(out);
if (dead.length > 0) {
  console.error(`error: ${dead.length} dead links\n${dead.join('\n')}`);
  process.exit(1);
}
console.log(`${pages.length} pages, ${links} links, none of them dead: ${join(out, 'index.html')}`);
