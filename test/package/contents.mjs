// What is in the package: all that its manifest and its documents name.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { must, run } from './tools.mjs';

/** Links of a document to files that are not in the package. */
function brokenLinks(root, file) {
  return [...readFileSync(file, 'utf8').matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link]) => link.split('#')[0])
    .filter((link) => link !== '' && !/^[a-z]+:/.test(link))
    .filter((link) => !existsSync(join(dirname(file), link)))
    .map((link) => `${relative(root, file)}: ${link}`);
}

/** Every path that `exports` leads to; of a pattern, the folder of what it stands for. */
const targets = (entry) =>
  typeof entry === 'string' ? [entry.replace(/\*.*/, '')] : Object.values(entry).flatMap(targets);

export function checkContents({ folder, package: root }) {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  for (const field of ['repository', 'homepage', 'keywords', 'engines', 'license', 'description'])
    assert.ok(manifest[field], field);
  for (const path of [...Object.values(manifest.bin), ...targets(manifest.exports)])
    assert.ok(existsSync(join(root, path)), path);

  const documents = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.md') && !file.includes('node_modules'),
  );
  assert.ok(documents.length > 20);
  assert.deepEqual(
    documents.flatMap((file) => brokenLinks(root, join(root, file))),
    [],
  );

  // Not ours to publish: what somebody built in the checkout, tests, what git ignores.
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' });
  const strays = files.filter((file) => /^(coverage|native\/(build|fuzz))(\/|$)/.test(file));
  assert.deepEqual(strays, []);
  const built = files.filter((file) => /^examples\/.*(\.bpf\.[co]|\.skel\.ts)$/.test(file));
  assert.deepEqual(built, []);

  // A program may import each of them but the language, which says that it is none for programs.
  const names = Object.keys(manifest.exports)
    .filter((name) => name !== '.' && !name.includes('*') && !name.endsWith('.json'))
    .map((name) => manifest.name + name.slice(1));
  assert.ok(names.length >= 2);
  const script = `for (const name of ${JSON.stringify(names)}) await import(name);`;
  must(folder, process.execPath, ['--input-type=module', '-e', script]);
  const language = ['--input-type=module', '-e', `await import('${manifest.name}')`];
  assert.match(run(folder, process.execPath, language).err, /is the language of the BPF half/);
}
