import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isCheckout, packageRoot } from '../../codegen/root.js';
import { writeWhole } from '../../native/runtime/write-whole.js';

/** Pages, by their entry below cli/view/browser. */
export const PAGES = ['trace'] as const;
export type PageName = (typeof PAGES)[number];

/** What pages are made of: a change there makes their bundles old. */
const SOURCES = ['cli/view/browser', 'sim', 'codegen/kernel', 'codegen/toolchain/btf'];

function newest(folder: string): number {
  let time = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!/\.(ts|css)$/.test(entry.name)) continue;
    time = Math.max(time, statSync(join(entry.parentPath, entry.name)).mtimeMs);
  }
  return time;
}

const out = join(packageRoot(), 'dist', 'cli', 'view', 'pages');
const pathOf = (page: PageName, ending: 'js' | 'css'): string => join(out, `${page}.${ending}`);

function isFresh(page: PageName): boolean {
  const made = pathOf(page, 'js');
  if (!existsSync(made)) return false;
  if (!isCheckout()) return true;
  const { mtimeMs } = statSync(made);
  return SOURCES.every((folder) => newest(join(packageRoot(), folder)) <= mtimeMs);
}

/** Makes the script and style of a page out of its TypeScript; the npm package has them ready made. */
async function make(page: PageName): Promise<void> {
  const { build } = await import('esbuild');
  const here = dirname(fileURLToPath(import.meta.url));
  const { outputFiles } = await build({
    entryPoints: [join(packageRoot(), 'cli', 'view', 'browser', page, 'main.ts')],
    ...{ bundle: true, format: 'iife', target: 'es2022', minify: true, legalComments: 'none' },
    ...{ platform: 'browser', write: false, outdir: out, absWorkingDir: here, logLevel: 'silent' },
  });
  mkdirSync(out, { recursive: true });
  for (const { path, text } of outputFiles)
    writeWhole(pathOf(page, path.endsWith('.css') ? 'css' : 'js'), text);
}

/** The script and the style of a page, made when they are needed for the first time and when their sources changed. */
export async function bundleOf(page: PageName): Promise<{ script: string; style: string }> {
  if (!isFresh(page)) await make(page);
  const style = pathOf(page, 'css');
  return {
    script: readFileSync(pathOf(page, 'js'), 'utf8'),
    style: existsSync(style) ? readFileSync(style, 'utf8') : '',
  };
}
