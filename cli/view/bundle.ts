import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { newestIn } from '../../codegen/files/fresh.js';
import { isCheckout, packageRoot } from '../../codegen/root.js';
import { writeWhole } from '../../native/runtime/write-whole.js';

/** What is bundled, by its entry. */
const ENTRIES = {
  trace: 'cli/view/browser/trace/main.ts',
  play: 'cli/view/browser/play/main.ts',
  top: 'cli/view/browser/top/main.ts',
  model: 'cli/view/browser/play/worker.ts',
  editor: 'node_modules/monaco-editor/esm/vs/editor/editor.worker.js',
} as const;
export type BundleName = keyof typeof ENTRIES;
export const BUNDLES = Object.keys(ENTRIES) as BundleName[];

/** What they are made of: a change there makes bundles old. */
const SOURCES = ['cli/view/browser', 'cli/top', 'sim', 'codegen/kernel', 'codegen/toolchain/btf'];

const out = join(packageRoot(), 'dist', 'cli', 'view', 'pages');
const pathOf = (name: BundleName, ending: 'js' | 'css'): string => join(out, `${name}.${ending}`);

function isFresh(name: BundleName): boolean {
  const made = pathOf(name, 'js');
  if (!existsSync(made)) return false;
  if (!isCheckout()) return true;
  const { mtimeMs } = statSync(made);
  return SOURCES.every((folder) => newestIn(join(packageRoot(), folder), /\.(ts|css)$/) <= mtimeMs);
}

/** Makes the script and style of a page out of its TypeScript; the npm package has them ready made. */
async function make(name: BundleName): Promise<void> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [join(packageRoot(), ENTRIES[name])],
    ...{ bundle: true, format: 'iife', target: 'es2022', minify: true, legalComments: 'none' },
    ...{ platform: 'browser', write: false, outdir: out, logLevel: 'silent' },
    // Reading from this package's folder is never asked for in a browser.
    ...{ external: ['node:*'], loader: { '.ttf': 'dataurl' } },
  });
  mkdirSync(out, { recursive: true });
  for (const { path, text } of outputFiles)
    writeWhole(pathOf(name, path.endsWith('.css') ? 'css' : 'js'), text);
}

/** The script and the style of a page, made when they are needed for the first time and when their sources changed. */
export async function bundleOf(name: BundleName): Promise<{ script: string; style: string }> {
  if (!isFresh(name)) await make(name);
  const style = pathOf(name, 'css');
  return {
    script: readFileSync(pathOf(name, 'js'), 'utf8'),
    style: existsSync(style) ? readFileSync(style, 'utf8') : '',
  };
}
