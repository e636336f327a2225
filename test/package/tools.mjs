// What the steps of `npm run test:package` share.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const dir = mkdtempSync(join(tmpdir(), 'scxts-package-'));
/** A kernel with sched_ext whatever this machine runs. */
export const KERNEL = '6.18';

export function run(cwd, command, args, env = {}) {
  const { status, signal, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...env },
    maxBuffer: 1 << 26,
  });
  return { code: status ?? signal ?? error?.code, out: stdout, err: stderr };
}

export function must(...args) {
  const result = run(...args);
  assert.equal(result.code, 0, `${args[1]} ${args[2].join(' ')}\n${result.out}\n${result.err}`);
  return result;
}

const begin = performance.now();
export const step = (what) =>
  console.log(`package: ${((performance.now() - begin) / 1000).toFixed(0).padStart(4)} s  ${what}`);

/** Packs the checkout; its prepack script compiles, unless that has been done. */
export function pack(name, more = []) {
  const packed = join(dir, `${name}-packed`);
  mkdirSync(packed);
  must(root, 'npm', ['pack', '--loglevel=error', ...more, '--pack-destination', packed]);
  const [file] = readdirSync(packed);
  return join(packed, file);
}

export const npmInstall = (folder, ...more) =>
  must(folder, 'npm', [
    ...['install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'],
    ...more,
  ]);

/** Installs tarballs into a new folder without running any script. */
export function install(name, ...tarballs) {
  const folder = join(dir, name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{"name":"mine","private":true,"type":"module"}');
  npmInstall(folder, '--ignore-scripts', ...tarballs);
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  writeFileSync(join(folder, 'fifo.ts'), /```ts\n([^]*?)```/.exec(readme)[1]);
  const bin = join(folder, 'node_modules/.bin/scxts');
  return {
    folder,
    package: join(folder, 'node_modules/scxts'),
    scxts: (...args) => run(folder, bin, args),
    must: (...args) => must(folder, bin, args),
  };
}

/** A PATH on which there is node and nothing else. */
export function barePath() {
  const bin = join(dir, 'bare');
  mkdirSync(bin);
  symlinkSync(process.execPath, join(bin, 'node'));
  return { PATH: bin };
}
