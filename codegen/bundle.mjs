// `npm run build:bundle`: what is started often, each in one file: the compiler with TypeScript and all else that it needs, and the command
// line, of which only the commands and what reads their flags: all other modules are shared with what programs import. Beside each the
// licences of what is in it. Needs dist.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

async function bundle(input, file, { external, ...output }) {
  const made = await rolldown({
    ...{ input: join(root, input), cwd: root, platform: 'node', logLevel: 'warn' },
    ...(external && { external }),
  });
  const { output: written } = await made.write({
    ...{ file: join(root, file), codeSplitting: false, minify: true, ...output },
  });
  if (written.length !== 1) throw new Error(`${file}: ${written.length} files instead of one`);
  const texts = licences(Object.keys(written[0].modules));
  writeFileSync(join(root, `${file}.LICENSES.txt`), texts.join('\n\n'));
}

/** Of each package that modules come from. */
function licences(modules) {
  const folders = new Set(
    modules.flatMap((path) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []),
  );
  return [...folders].sort().map((folder) => {
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const files = readdirSync(folder).filter((f) => /^(licen[cs]e|notice)/i.test(f));
    const own = files.map((f) => join(folder, f));
    // ts-morph carries TypeScript with it, and not its notices.
    if (manifest.name === '@ts-morph/common')
      for (const f of ['LICENSE.txt', 'ThirdPartyNoticeText.txt'])
        own.push(join(root, 'node_modules/typescript', f));
    if (own.length === 0 && !manifest.license) throw new Error(`${folder} has no licence`);
    const text = own.map((f) => readFileSync(f, 'utf8')).join('\n\n');
    return `== ${manifest.name} ${manifest.version} (${manifest.license})\n\n${text}`;
  });
}

const commandLine = /^dist\/cli\/(main\.js$|commands\/)|^node_modules\/commander\//;
await bundle('dist/codegen/index.js', 'dist/bundle/compiler.cjs', { format: 'cjs' });
await bundle('dist/cli/main.js', 'dist/cli/main.bundle.js', {
  format: 'esm',
  external: (id, importer, isResolved) =>
    isResolved
      ? id.startsWith('/') && !commandLine.test(relative(root, id))
      : !/^[./]/.test(id) && id !== 'commander' && importer !== undefined,
});
